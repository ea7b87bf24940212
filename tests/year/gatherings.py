"""Days on which the service comes to a place, once a month, and what comes of the invitations to them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from service.actions import events
from service.actions.receive import receive
from service.domain.care import VisitKind
from service.domain.ids import new_id
from service.domain.phone import Phone
from service.ports import TextReceived
from service.store.models.events import Event as Kept
from service.store.spooled import Letter
from service.store.transaction import Transaction
from tests.reminders.maseru import MASERU
from tests.year.book import Gathering
from tests.year.course import follow
from tests.year.events import AFTERNOON, DAY, MORNING, NOON, World, open_day

NEAR = 7 * DAY
"""How far from such a day a due visit is brought onto it."""


@dataclass(frozen=True)
class Announced:
    """Somebody sets the next day of a place, four weeks after the one before; a few are changed later."""

    team: int

    def happen(self, tx: Transaction, world: World) -> None:
        random, today, team = world.random, _today(tx), world.teams[self.team]
        day = open_day(today + random.randrange(11, 22) * DAY)
        event_id = events.add_event(tx, events.NewEvent(team.site_id, team.place_id, VisitKind.OUTREACH, day))
        world.book.gatherings[event_id] = Gathering(event_id, team.place_id, [(tx.now, day)])
        drawn, later = random.random(), open_day(today + random.randrange(2, (day - today).days) * DAY)
        if drawn < 0.12:
            world.plan(later, NOON, CalledOff(event_id))
        elif drawn < 0.24:
            world.plan(later, NOON, Put(event_id, open_day(day + random.choice((3, 7, 14)) * DAY)))
        world.plan(today + DAY, MORNING, VisitsBrought(event_id))
        world.plan(day, AFTERNOON, Held(event_id, day))
        world.plan(open_day(today + 28 * DAY), MORNING, self)


@dataclass(frozen=True)
class VisitsBrought:
    """Some of the visits that are due about then are moved onto the day, to which the women then come."""

    event_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        gathering = world.book.gatherings[self.event_id]
        for known in world.book.of_place(gathering.place_id):
            due = (
                visit
                for visit in world.book.visits_of(known)
                if visit.stands() and _today(tx) < visit.day and abs(visit.day - gathering.day) <= NEAR
            )
            visit = next(due, None)
            if visit is None or world.random.random() > 0.4:
                continue
            if events.bring(tx, world.programme, self.event_id, visit.id):
                gathering.bring(known.woman.phone)
                follow(tx, world)


@dataclass(frozen=True)
class CalledOff:
    event_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        gathering = world.book.gatherings[self.event_id]
        if events.cancel_event(tx, world.programme, self.event_id):
            gathering.call_off(tx.now)


@dataclass(frozen=True)
class Put:
    """The day is another one, and everybody is asked anew."""

    event_id: UUID
    day: date

    def happen(self, tx: Transaction, world: World) -> None:
        gathering = world.book.gatherings[self.event_id]
        if gathering.stands() and events.move_event(tx, world.programme, self.event_id, self.day):
            gathering.put(tx.now, self.day)
            world.plan(self.day, AFTERNOON, Held(self.event_id, self.day))


@dataclass(frozen=True)
class Answers:
    """She writes whether she comes."""

    event_id: UUID
    day: date
    phone: Phone
    comes: bool

    def happen(self, tx: Transaction, world: World) -> None:
        word = "1" if self.comes else "2"
        text = TextReceived(str(new_id()), self.phone.e164, self.phone, word, None)
        receive(tx, world.programme, Letter("fake", text))
        world.book.wrote[self.phone] = tx.now
        gathering = world.book.gatherings[self.event_id]
        if gathering.stands(self.day):
            (gathering.coming if self.comes else gathering.staying).add(self.phone)


@dataclass(frozen=True)
class Held:
    """The list of who came: most of those who said so, and some who said nothing."""

    event_id: UUID
    day: date

    def happen(self, tx: Transaction, world: World) -> None:
        gathering, random = world.book.gatherings[self.event_id], world.random
        if not gathering.stands(self.day):
            return
        there = [
            known
            for known in world.book.of_place(gathering.place_id)
            if random.random() < (0.8 if known.woman.phone in gathering.coming else 0.15)
        ]
        came = [known.client_id for known in there]
        assert events.record_event(tx, world.programme, self.event_id, came)
        assert tx.connection.scalar(select(Kept.day).where(Kept.id == self.event_id)) == self.day
        gathering.came = len(came)


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(MASERU).date()
