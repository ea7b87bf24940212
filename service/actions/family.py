"""A client with everything on which her plans depend."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final, NamedTuple
from uuid import UUID

from service.actions.site_rules import SiteRules
from service.domain.care import Done, VisitKind, VisitState
from service.domain.cascade import Sample
from service.domain.ledger import LedgerKind, LedgerState
from service.domain.people import Choice, ClientKind, ClientState, InfantRisk, SafeTimes
from service.reminders.subject import Known, Question, Subject
from service.reminders.vocabulary import Anchor, Whose

SETTLED_AFTER: Final = timedelta(days=60)
"""After so long nothing is still to come that counts from the day of a visit, whatever becomes known."""


@dataclass(frozen=True)
class ClientDates:
    id: UUID
    site_id: UUID
    state: ClientState
    kind: ClientKind
    enrolled: Known
    edd: Known | None
    delivered_on: date | None
    art_start: Known | None
    safe: SafeTimes
    look_again_on: date | None


@dataclass(frozen=True)
class InfantDates:
    id: UUID
    state: ClientState
    risk: InfantRisk | None
    born: Known | None
    weaned: Known | None
    in_care: bool


@dataclass(frozen=True)
class SampleDates:
    """``recorded_at`` and ``result_at`` are when the service learnt of the sample and of its result."""

    id: UUID
    infant_id: UUID
    sample: Sample
    recorded_at: datetime
    result_at: datetime | None


Earning = tuple[str, UUID, int]
"""The step that asked for a visit, the subject from whose date it counts, and which time."""


@dataclass(frozen=True)
class VisitDates:
    """``came`` is the day on which she attended; ``earned`` names what a plan asked it for, if one did."""

    id: UUID
    subject_id: UUID
    kind: VisitKind
    day: date
    state: VisitState
    known_at: datetime
    interval_days: int | None
    days_supplied: int | None
    confirmed: bool
    dated_by_person: bool
    earned: Earning | None
    came: Known | None
    missed_at: datetime | None
    done: frozenset[Done]
    referral_done: bool
    event_id: UUID | None

    @property
    def is_plans_own(self) -> bool:
        """Whether nobody has recorded, moved or cancelled what a plan asked for."""
        return not self.dated_by_person and self.state is VisitState.PLANNED

    @property
    def earned_by(self) -> str | None:
        return self.earned[0] if self.earned else None

    @property
    def leads_on(self) -> bool:
        """Whether what was done at it asks for something later, perhaps much later."""
        return self.came is not None and bool(self.done or self.days_supplied)


class Row(NamedTuple):
    """A row of the ledger as it stands. There are many, and a tuple is made five times as fast."""

    id: UUID
    kind: LedgerKind
    plan: str
    step: str
    subject_id: UUID
    occurrence: int
    state: LedgerState
    reason: str | None
    due_at: datetime
    latest: datetime
    speaks_of: date
    timing_version: str
    message_id: UUID | None
    task_id: UUID | None
    held_at: datetime | None

    @property
    def key(self) -> Earning:
        return self.step, self.subject_id, self.occurrence


@dataclass(frozen=True)
class Chosen:
    """``at`` is the local hour that she chose, if she did."""

    choice: Choice
    at: time | None
    since: datetime


@dataclass(frozen=True)
class Family:
    """``heard`` is when she was last heard from; ``asked`` when questions of her plans went out to her."""

    client: ClientDates
    rules: SiteRules
    infants: tuple[InfantDates, ...]
    samples: tuple[SampleDates, ...]
    visits: tuple[VisitDates, ...]
    chosen: tuple[Chosen, ...]
    rows: tuple[Row, ...]
    asked: Mapping[Question, datetime]
    heard: datetime | None

    @cached_property
    def rows_of(self) -> Mapping[UUID, Sequence[Row]]:
        """The rows of each subject."""
        found: dict[UUID, list[Row]] = defaultdict(list)
        for row in self.rows:
            found[row.subject_id].append(row)
        return found

    def subject(self, subject_id: UUID, whose: Whose, anchors: Mapping[Anchor, Known | None]) -> Subject:
        """Somebody or something of this family, under the rules of its site."""
        return Subject(
            id=subject_id,
            whose=whose,
            anchors={anchor: known for anchor, known in anchors.items() if known},
            switched=self.rules.switched,
            since=self.rules.since,
        )
