"""What really happened, kept by the test itself: dates that people gave, what they recorded, what left."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from service.domain.care import VisitKind, VisitState
from service.domain.phone import Phone
from tests.year.people import Known


@dataclass
class KeptVisit:
    """A visit as people gave it. ``days`` and ``outcomes`` are what was said, in the order of saying."""

    id: UUID
    whose: Known
    kind: VisitKind
    days: list[tuple[datetime, date]]
    outcomes: list[tuple[datetime, VisitState]] = field(default_factory=list)

    @property
    def day(self) -> date:
        return self.days[-1][1]

    @property
    def state(self) -> VisitState:
        """As people recorded it since it was last dated; nothing yet is ``planned``."""
        dated_at = self.days[-1][0]
        said = [state for at, state in self.outcomes if at >= dated_at]
        return said[-1] if said else VisitState.PLANNED

    @property
    def is_high_risk(self) -> bool:
        return self.kind is VisitKind.INFANT_TEST

    def times_on(self, day: date) -> int:
        """How often it was given that day."""
        return sum(given == day for _, given in self.days)


@dataclass(frozen=True)
class Left:
    """A text that was handed to the gateway."""

    at: datetime
    to: Phone
    text: str


@dataclass
class Book:
    """``wrote`` is when somebody last sent us a text."""

    people: dict[Phone, Known] = field(default_factory=dict)
    visits: dict[UUID, KeptVisit] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    wrote: dict[Phone, datetime] = field(default_factory=dict)
    _of: defaultdict[UUID, list[KeptVisit]] = field(default_factory=lambda: defaultdict(list))

    def meet(self, known: Known) -> None:
        self.people[known.woman.phone] = known

    def dated(self, at: datetime, visit_id: UUID, whose: Known, kind: VisitKind, day: date) -> KeptVisit:
        kept = KeptVisit(visit_id, whose, kind, [(at, day)])
        self.visits[visit_id] = kept
        self._of[whose.client_id].append(kept)
        return kept

    def visits_of(self, known: Known) -> list[KeptVisit]:
        return self._of[known.client_id]

    def missed_at_risk(self) -> Iterator[KeptVisit]:
        """The visits that cannot wait of which people recorded a miss."""
        for visit in self.visits.values():
            if visit.is_high_risk and any(state is VisitState.MISSED for _, state in visit.outcomes):
                yield visit
