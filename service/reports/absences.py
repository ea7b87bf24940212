"""Who was expected and has not come since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.ladder import MORE_THAN_28, Absence, Limits, absence, is_interrupted
from service.domain.people import ClientState
from service.domain.tasks import FollowUpOutcome, TaskState
from service.store.models.care import Task, Visit, VisitEvent
from service.store.models.people import Client, Infant, Site
from service.store.transaction import Reading

GONE: Final = (ClientState.TRANSFERRED, ClientState.ENDED, ClientState.DIED)
"""Who is looked for no more."""

_NOT_COME: Final = (VisitState.MISSED, VisitState.PLANNED, VisitState.NOT_KNOWN)


@dataclass(frozen=True)
class Absent:
    """Somebody who has not come, to one kind of visit.

    ``client`` is her code; ``whose`` says whether it is for her or for a child of hers. ``expected_on`` is
    the first day that she missed since she last came, also if another was agreed on meanwhile, and ``days``
    how long ago that is. ``outcome`` is the last that a follow-up had.
    """

    client: str
    site: str
    whose: str
    kind: VisitKind
    expected_on: date
    days: int
    absence: Absence | None
    interrupted: bool
    outcome: FollowUpOutcome | None


COLUMNS: Final = (
    "client",
    "site",
    "whose",
    "kind",
    "expected_on",
    "days",
    "absence",
    "interrupted",
    "outcome",
)
"""The names of the columns, in the order of the fields."""


@dataclass(frozen=True)
class _Visit:
    """One of the visits at which somebody was missed, now or before it was moved."""

    id: UUID
    subject_id: UUID
    kind: VisitKind
    client: str
    site: str
    whose: str

    @property
    def slot(self) -> tuple[UUID, VisitKind]:
        return self.subject_id, self.kind


def absences(reading: Reading, on: date, limits: Limits = MORE_THAN_28) -> tuple[Absent, ...]:
    """Everybody who was missed before a local day and has not come since, the longest away first.

    Whoever has died, left or was transferred is looked for no more, and so is not in it.
    """
    history, came = _history(reading), _last_came(reading)
    first: dict[tuple[UUID, VisitKind], tuple[date, _Visit]] = {}
    for visit in _visits(reading):
        for day in days_missed(history[visit.id]):
            earliest = first[visit.slot][0] if visit.slot in first else on
            if came.get(visit.slot, date.min) < day < earliest:
                first[visit.slot] = day, visit
    outcomes = _outcomes(reading)
    found = (_absent(visit, day, on, limits, outcomes.get(visit.id)) for day, visit in first.values())
    return tuple(sorted(found, key=lambda one: (-one.days, one.client, one.kind, one.whose)))


def _absent(visit: _Visit, day: date, on: date, limits: Limits, outcome: FollowUpOutcome | None) -> Absent:
    days = (on - day).days
    return Absent(
        client=visit.client,
        site=visit.site,
        whose=visit.whose,
        kind=visit.kind,
        expected_on=day,
        days=days,
        absence=absence(days, limits),
        interrupted=is_interrupted(days, limits),
        outcome=outcome,
    )


def _missed_once() -> Select[UUID]:
    """The visits that were missed, and dated anew since or not, at which she has not come yet."""
    missed = select(VisitEvent.visit_id).where(VisitEvent.fact == VisitFact.MISSED)
    return (
        select(Visit.id)
        .join(Client, Client.id == Visit.client_id)
        .outerjoin(Infant, Infant.id == Visit.subject_id)
        .where(
            Visit.id.in_(missed),
            Visit.state.in_(_NOT_COME),
            Client.state.not_in(GONE),
            or_(Infant.id.is_(None), Infant.state.not_in(GONE)),
        )
    )


def _visits(reading: Reading) -> list[_Visit]:
    rows = reading.connection.execute(
        _missed_once()
        .join(Site, Site.id == Client.site_id)
        .add_columns(Visit.subject_id, Visit.kind, Client.code, Site.name, Visit.client_id)
    )
    return [
        _Visit(row.id, row.subject_id, row.kind, row.code, row.name, _whose(row.subject_id, row.client_id))
        for row in rows
    ]


def _whose(subject_id: UUID, client_id: UUID) -> str:
    return "self" if subject_id == client_id else "child"


VisitStory = list[tuple[VisitFact, date | None]]
"""What happened to a visit, in the order in which it was recorded, each with the day that it speaks of."""


def _history(reading: Reading) -> Mapping[UUID, VisitStory]:
    events = (
        select(VisitEvent.visit_id, VisitEvent.fact, VisitEvent.day)
        .where(VisitEvent.visit_id.in_(_missed_once()))
        .order_by(VisitEvent.recorded_at, VisitEvent.id)
    )
    found: dict[UUID, VisitStory] = defaultdict(list)
    for visit_id, fact, day in reading.connection.execute(events):
        found[visit_id].append((fact, day))
    return found


def days_missed(history: Iterable[tuple[VisitFact, date | None]]) -> set[date]:
    """The days of a visit on which she did not come, less those that were corrected since."""
    missed: set[date] = set()
    day: date | None = None
    for fact, about in history:
        if fact in (VisitFact.PLANNED, VisitFact.MOVED):
            day = about
        elif fact is VisitFact.MISSED and day:
            missed.add(day)
        elif fact in (VisitFact.ATTENDED, VisitFact.CANCELLED) and day:
            missed.discard(day)
    return missed


def _last_came(reading: Reading) -> Mapping[tuple[UUID, VisitKind], date]:
    subjects = select(Visit.subject_id).where(Visit.id.in_(_missed_once()))
    attended = (
        select(Visit.subject_id, Visit.kind, func.max(Visit.day))
        .where(Visit.subject_id.in_(subjects), Visit.state == VisitState.ATTENDED)
        .group_by(Visit.subject_id, Visit.kind)
    )
    return {(subject, kind): day for subject, kind, day in reading.connection.execute(attended)}


def _outcomes(reading: Reading) -> Mapping[UUID, FollowUpOutcome]:
    closed = (
        select(Task.visit_id, Task.outcome)
        .where(Task.visit_id.in_(_missed_once()), Task.state == TaskState.CLOSED, Task.outcome.is_not(None))
        .order_by(Task.closed_at, Task.id)
    )
    rows = reading.connection.execute(closed)
    return {visit_id: outcome for visit_id, outcome in rows if visit_id and outcome}
