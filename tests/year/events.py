"""What happens to people in a year. An event is anything with a moment that knows what to do and to note."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Protocol
from uuid import UUID

from sqlalchemy import select

from service.actions import visits
from service.actions.receive import receive
from service.actions.task_life import Closing, close_task
from service.domain.care import VisitState
from service.domain.hours import at_local
from service.domain.ids import new_id
from service.domain.phone import Phone
from service.domain.tasks import FollowUpOutcome, TaskState
from service.ports import TextReceived
from service.programme import Programme
from service.store.models.care import Task
from service.store.spooled import Letter
from service.store.transaction import Transaction
from tests.reminders.maseru import HOLIDAYS, MASERU
from tests.year.book import Book, KeptVisit
from tests.year.people import Known, Team, Woman, take_in

PAST_MIDNIGHT, MORNING, NOON, AFTERNOON = time(0, 5), time(8, 20), time(11, 20), time(15, 30)
"""When something happens that people do: seldom enough that the year does not consist of moments."""

DAY = timedelta(days=1)


class Event(Protocol):
    def happen(self, tx: Transaction, world: "World") -> None:
        """Do it through an action of the service, and note it in the book."""


@dataclass
class World:
    """``agenda`` holds what is still to happen; whoever wants more to happen puts it there."""

    programme: Programme
    book: Book
    random: Random
    teams: list[Team]
    last: date
    agenda: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def plan(self, day: date, clock: time, event: Event) -> None:
        """At that hour (local), if the year lasts so long."""
        if day <= self.last:
            heappush(self.agenda, (at_local(day, clock, MASERU), next(self._order), event))

    def next_at(self) -> datetime | None:
        return self.agenda[0][0] if self.agenda else None

    def due(self, now: datetime) -> list[Event]:
        found = []
        while self.agenda and self.agenda[0][0] <= now:
            found.append(heappop(self.agenda)[2])
        return found


def is_open(day: date) -> bool:
    return day.isoweekday() < 7 and day not in HOLIDAYS


def open_day(day: date) -> date:
    while not is_open(day):
        day += DAY
    return day


@dataclass(frozen=True)
class Enrolled:
    """She is taken in, and a nurse writes the first date."""

    woman: Woman

    def happen(self, tx: Transaction, world: World) -> None:
        team = world.teams[self.woman.number % len(world.teams)]
        known = take_in(tx, self.woman, team)
        world.book.meet(known)
        first = min(self.woman.course.every, 14) + world.random.randrange(28)
        give_date(tx, world, known, self.woman.enrolled_on + first * DAY)


def give_date(tx: Transaction, world: World, known: Known, day: date) -> None:
    """A nurse writes a date, now and then on a day on which nobody is there."""
    random, course = world.random, known.woman.course
    day = day if random.random() < 0.05 else open_day(day)
    new = visits.NewVisit(known.client_id, known.subject_id, course.visit, day)
    visit_id = visits.plan_visit(tx, world.programme, new)
    if visit_id:
        visit = world.book.dated(tx.now, visit_id, known, course.visit, day)
        lead_up(world, visit, tx.now)


def lead_up(world: World, visit: KeptVisit, now: datetime) -> None:
    """What will come of a date: mostly she comes; some are moved before, and a few of these back again."""
    random, today = world.random, now.astimezone(MASERU).date()
    ahead = (visit.day - today).days
    if ahead > 3 and random.random() < 0.08:
        moved_on = today + random.randrange(1, ahead) * DAY
        clock = random.choice((MORNING, NOON, AFTERNOON))
        to = open_day(visit.day + random.choice((-2, -1, 1, 2, 7, 14)) * DAY)
        back_to = visit.day if random.random() < 0.4 else None
        world.plan(moved_on, clock, Moved(visit.id, max(to, moved_on + DAY), back_to))
    else:
        world.plan(open_day(visit.day), AFTERNOON, DayOver(visit.id))


@dataclass(frozen=True)
class Moved:
    """Somebody gives the visit another day, and perhaps thinks better of it a day or two later."""

    visit_id: UUID
    to: date
    back_to: date | None

    def happen(self, tx: Transaction, world: World) -> None:
        visit, today = world.book.visits[self.visit_id], tx.now.astimezone(MASERU).date()
        if visits.move_visit(tx, world.programme, self.visit_id, self.to):
            visit.days.append((tx.now, self.to))
        again = today + world.random.randrange(1, 3) * DAY
        if self.back_to and again < min(self.back_to, visit.day):
            world.plan(again, NOON, Moved(self.visit_id, self.back_to, None))
        else:
            world.plan(open_day(max(visit.day, today + DAY)), AFTERNOON, DayOver(self.visit_id))


@dataclass(frozen=True)
class DayOver:
    """The day of a visit ends: she came, or she did not and it is written down now or later, or never."""

    visit_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        random, today = world.random, tx.now.astimezone(MASERU).date()
        drawn = random.random()
        if drawn < 0.74:
            came(tx, world, self.visit_id)
        elif drawn < 0.90:
            late = random.choice((0, 0, 0, 1, 2, 5, 9))
            recorded = open_day(today + late * DAY)
            if late:
                world.plan(recorded, MORNING, Missed(self.visit_id))
            else:
                Missed(self.visit_id).happen(tx, world)
        elif random.random() < 0.5:
            world.plan(open_day(today + random.randrange(2, 12) * DAY), NOON, Came(self.visit_id))


def came(tx: Transaction, world: World, visit_id: UUID) -> None:
    visit = world.book.visits[visit_id]
    visits.record_attendance(tx, world.programme, visit_id, VisitState.ATTENDED)
    visit.outcomes.append((tx.now, VisitState.ATTENDED))
    today = tx.now.astimezone(MASERU).date()
    give_date(tx, world, visit.whose, today + visit.whose.woman.course.every * DAY)


@dataclass(frozen=True)
class Came:
    visit_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        came(tx, world, self.visit_id)


@dataclass(frozen=True)
class Missed:
    """It is recorded that she did not come. Half of those who missed come later, and some get a new date."""

    visit_id: UUID

    def happen(self, tx: Transaction, world: World) -> None:
        visit, random = world.book.visits[self.visit_id], world.random
        visits.record_attendance(tx, world.programme, self.visit_id, VisitState.MISSED)
        visit.outcomes.append((tx.now, VisitState.MISSED))
        today, drawn = tx.now.astimezone(MASERU).date(), random.random()
        later = open_day(today + random.randrange(1, 25) * DAY)
        if drawn < 0.5:
            world.plan(later, NOON, Came(self.visit_id))
        elif drawn < 0.75:
            world.plan(later, NOON, Moved(self.visit_id, open_day(later + 7 * DAY), None))


@dataclass(frozen=True)
class WorkingDay:
    """People do half of what they were asked to do, and the rest waits or climbs. And again tomorrow."""

    def happen(self, tx: Transaction, world: World) -> None:
        today = tx.now.astimezone(MASERU).date()
        asked = tx.connection.scalars(
            select(Task.id)
            .where(Task.state != TaskState.CLOSED, Task.opened_at > tx.now - 2 * DAY)
            .order_by(Task.opened_at, Task.visit_id)
        ).all()
        for task_id in asked:
            if world.random.random() < 0.5:
                close_task(tx, world.programme, task_id, Closing(FollowUpOutcome.RETURNING))
        world.plan(open_day(today + DAY), AFTERNOON, self)


@dataclass(frozen=True)
class SaysYes:
    """She answers the question whether this is still her phone."""

    phone: Phone

    def happen(self, tx: Transaction, world: World) -> None:
        text = TextReceived(str(new_id()), self.phone.e164, self.phone, "1", None)
        receive(tx, world.programme, Letter("fake", text))
        world.book.wrote[self.phone] = tx.now


@dataclass(frozen=True)
class Night:
    """Something is done past midnight of each day, such as a proof."""

    prove: Callable[[Transaction], object]

    def happen(self, tx: Transaction, world: World) -> None:
        self.prove(tx)
        world.plan(tx.now.astimezone(MASERU).date() + DAY, PAST_MIDNIGHT, self)
