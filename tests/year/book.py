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
    """A visit as people or plans gave it: what was said of it in the order of saying.

    ``subject_id`` is the woman or an infant of hers. ``before`` counts the outcomes of earlier days.
    """

    id: UUID
    whose: Known
    subject_id: UUID
    kind: VisitKind
    days: list[tuple[datetime, date]] = field(default_factory=list)
    outcomes: list[tuple[datetime, VisitState]] = field(default_factory=list)
    before: int = 0

    def give(self, at: datetime, day: date) -> None:
        self.days.append((at, day))
        self.before = len(self.outcomes)

    @property
    def day(self) -> date:
        return self.days[-1][1]

    @property
    def state(self) -> VisitState:
        """As people recorded it since it was last dated; nothing yet is ``planned``."""
        return self.outcomes[-1][1] if len(self.outcomes) > self.before else VisitState.PLANNED

    def stands(self, day: date | None = None) -> bool:
        """Whether she is expected, on that day if one is named."""
        return self.state is VisitState.PLANNED and day in (None, self.day)

    @property
    def is_high_risk(self) -> bool:
        return self.kind is VisitKind.INFANT_TEST

    @property
    def times_back(self) -> int:
        """How often it was given a day that it had had before."""
        days = [day for _, day in self.days]
        return sum(day in days[:number] and day != days[number - 1] for number, day in enumerate(days))

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
class Gathering:
    """A day on which the service comes to a place; of the ``days`` that were given, and when, it is the last.

    ``asked`` were invited to that day, ``coming`` said yes or have a visit there, ``staying`` said no.
    ``knew`` may have heard of a day that is off; ``brought`` are those whose visit was put on one.
    """

    id: UUID
    place_id: UUID
    days: list[tuple[datetime, date]]
    off_at: datetime | None = None
    asked: set[Phone] = field(default_factory=set)
    coming: set[Phone] = field(default_factory=set)
    staying: set[Phone] = field(default_factory=set)
    knew: set[tuple[Phone, date]] = field(default_factory=set)
    invitations: int = 0
    brought: set[tuple[Phone, date]] = field(default_factory=set)
    came: int | None = None

    @property
    def day(self) -> date:
        return self.days[-1][1]

    @property
    def is_off(self) -> bool:
        return self.off_at is not None

    def spans(self) -> Iterator[tuple[date, datetime, datetime | None]]:
        """Each day that was given, with when it was, and when it was another one or off."""
        ends = [at for at, _ in self.days[1:]]
        for (since, day), until in zip(self.days, (*ends, self.off_at), strict=True):
            yield day, since, until

    def stands(self, day: date | None = None) -> bool:
        """Whether it is to take place, on that day if one is named."""
        return not self.is_off and self.came is None and day in (None, self.day)

    def invite(self, phone: Phone) -> None:
        self.asked.add(phone)
        self.invitations += 1

    def bring(self, phone: Phone) -> None:
        self.brought.add((phone, self.day))
        self.coming.add(phone)

    def call_off(self, at: datetime) -> None:
        self.off_at = at
        self.knew |= {(phone, self.day) for phone in self.asked | self.coming}

    def put(self, at: datetime, day: date) -> None:
        self.knew |= {(phone, self.day) for phone in self.asked | self.coming}
        self.days.append((at, day))
        for those in (self.asked, self.coming, self.staying):
            those.clear()


_NOTHING = UUID(int=0)


@dataclass
class Book:
    """``wrote`` is when somebody last sent us a text, ``read_to`` the last entry of the diary in here."""

    people: dict[Phone, Known] = field(default_factory=dict)
    women: dict[UUID, Known] = field(default_factory=dict)
    visits: dict[UUID, KeptVisit] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    wrote: dict[Phone, datetime] = field(default_factory=dict)
    gatherings: dict[UUID, Gathering] = field(default_factory=dict)
    read_to: UUID = _NOTHING
    _of: defaultdict[UUID, list[KeptVisit]] = field(default_factory=lambda: defaultdict(list))

    def meet(self, known: Known) -> None:
        self.people[known.woman.phone] = known
        self.women[known.client_id] = known

    def add(self, kept: KeptVisit) -> KeptVisit:
        self.visits[kept.id] = kept
        self._of[kept.whose.client_id].append(kept)
        return kept

    def of_place(self, place_id: UUID) -> list[Known]:
        return [known for known in self.women.values() if known.place_id == place_id]

    def gatherings_of(self, known: Known) -> list[Gathering]:
        return [one for one in self.gatherings.values() if one.place_id == known.place_id]

    def visits_of(self, known: Known) -> list[KeptVisit]:
        return self._of[known.client_id]

    def unrecorded(self, before: date) -> int:
        """Of how many visits before a day nobody recorded whether they took place."""
        return sum(visit.stands() and visit.day < before for visit in self.visits.values())

    def missed_at_risk(self) -> Iterator[KeptVisit]:
        """The visits that cannot wait of which people recorded a miss."""
        for visit in self.visits.values():
            if visit.is_high_risk and any(state is VisitState.MISSED for _, state in visit.outcomes):
                yield visit
