"""What happened to the people of the demonstration before it begins, and what is still to come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from service.actions import enrol, hear, reply, sites, visits
from service.domain.care import VisitState
from service.domain.hours import at_local, first_open_day, is_open, last_open_day
from service.domain.ids import new_id
from service.domain.people import ConsentChannel
from service.ports import TextReceived
from service.programme import Programme
from service.seeding.cast import CLIENTS, DESKS, PLACES, Made, phone
from service.seeding.past import Event
from service.seeding.team import add_desk, add_mentor
from service.store.records import client
from service.store.transaction import Transaction

BEGAN: Final = -70
"""The day, counted from today, on which the made-up programme began: long before anybody's first visit."""

MORNING: Final = time(9, 40)
"""When the demonstration begins: twenty minutes before the reminders of the day."""

LOOKED, OPENED, ENROLLED, WROTE, RECORDED = time(7), time(8), time(8, 30), time(10, 30), time(15, 30)
"""The hours of a made-up day, in their order."""

ENROLLED_BEFORE: Final = 10
"""Days from her enrolment to her first visit, so that every reminder of it can go."""


def first_morning(now: datetime, programme: Programme) -> datetime:
    """The next morning worth seeing: on that day, on the next and in a week the sites are open."""
    day = programme.today(now)
    while not all(is_open(day + timedelta(ahead), programme.calendar) for ahead in (0, 1, 7)):
        day += timedelta(1)
    return at_local(day, MORNING, programme.calendar.zone)


@dataclass
class Story:
    """The events of the past, in the words of the actions. ``today`` is local."""

    programme: Programme
    gateway: str
    today: date
    _sites: dict[str, UUID] = field(default_factory=dict)
    _mentors: dict[str, UUID] = field(default_factory=dict)
    _clients: dict[str, UUID] = field(default_factory=dict)
    _subjects: dict[str, UUID] = field(default_factory=dict)

    def events(self) -> Iterator[Event]:
        yield self._event(BEGAN, OPENED, self._open_sites)
        yield self._event(0, LOOKED, lambda tx: visits.note_unrecorded(tx, self.today))
        for made in CLIENTS:
            yield from self._life(made)

    def _life(self, made: Made) -> Iterator[Event]:
        first = made.visits[0]
        yield self._event(min(first - ENROLLED_BEFORE, -1), ENROLLED, lambda tx: self._enrol(tx, made))
        for visit, following in zip(made.visits, (*made.visits[1:], None), strict=True):
            if visit < 0 and visit not in made.silent:
                yield self._visit_day(made, visit, following)
        for day, words in made.says:
            yield self._event(day, WROTE, self._saying(made, words))

    def _event(self, days: int, clock: time, happens: Callable[[Transaction], object]) -> Event:
        return self._event_on(self.today + timedelta(days), clock, happens)

    def _event_on(self, day: date, clock: time, happens: Callable[[Transaction], object]) -> Event:
        return Event(at_local(day, clock, self.programme.calendar.zone), happens)

    def _visit_day(self, made: Made, visit: int, following: int | None) -> Event:
        def happens(tx: Transaction) -> None:
            self._record(tx, made, visit)
            if following is not None:
                self._plan(tx, made, following)

        return self._event_on(self._open_day(visit), RECORDED, happens)

    def _open_day(self, days: int) -> date:
        """The open day nearest to the visit's, on its own side of today."""
        day = self.today + timedelta(days)
        return (last_open_day if days < 0 else first_open_day)(day, self.programme.calendar)

    def _open_sites(self, tx: Transaction) -> None:
        for place in PLACES:
            site_id = sites.add_site(tx, place.site, place.district)
            if site_id is None:
                raise RuntimeError("The database was seeded before.")
            sites.activate(tx, site_id)
            self._sites[place.district] = site_id
            self._mentors[place.district] = add_mentor(tx, place, site_id)
        for desk in DESKS:
            add_desk(tx, desk)

    def _enrol(self, tx: Transaction, made: Made) -> None:
        new = enrol.NewClient(
            phone=phone(made.ending),
            nickname=made.name,
            language=made.language,
            site_id=self._sites[made.district],
            enrolled_on=self.programme.today(tx.now),
            consents=_consents(made),
            phone_confirmed=made.confirmed,
            mentor_id=self._mentors[made.district],
            kind=made.kind,
            wording=made.wording,
            phone_owner=made.owner,
        )
        client_id = self._clients[made.name] = enrol.enrol_client(tx, new)
        self._subjects[made.name] = self._baby(tx, made, client_id) or client_id
        reply.ask_number(tx, self.programme, client(tx, client_id))
        self._plan(tx, made, made.visits[0])

    def _baby(self, tx: Transaction, made: Made, mother_id: UUID) -> UUID | None:
        if made.baby is None:
            return None
        born = enrol.NewInfant(mother_id, made.baby, self.programme.today(tx.now) - timedelta(weeks=6))
        return enrol.enrol_infant(tx, born, made.language)

    def _plan(self, tx: Transaction, made: Made, visit: int) -> None:
        new = visits.NewVisit(
            client_id=self._clients[made.name],
            subject_id=self._subjects[made.name],
            kind=made.visit_kind,
            day=self._open_day(visit),
            interval_days=made.days_supplied if visit > 0 else None,
            days_supplied=made.days_supplied if visit <= 0 else None,
        )
        visits.plan_visit(tx, self.programme, new)

    def _record(self, tx: Transaction, made: Made, visit: int) -> None:
        outcome = VisitState.MISSED if visit in made.missed else VisitState.ATTENDED
        for visit_id in visits.visits_on(tx, self._clients[made.name], self._open_day(visit)):
            visits.record_attendance(tx, self.programme, visit_id, outcome)

    def _saying(self, made: Made, words: str) -> Callable[[Transaction], None]:
        sender = phone(made.ending)

        def happens(tx: Transaction) -> None:
            received = TextReceived(f"seeded-{new_id()}", sender.e164, sender, words, tx.now)
            hear.hear(tx, self.programme, self.gateway, received)

        return happens


def _consents(made: Made) -> frozenset[ConsentChannel]:
    return frozenset(ConsentChannel) if made.agrees else frozenset({ConsentChannel.CALL})
