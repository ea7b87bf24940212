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

from service.actions.receive import receive
from service.actions.task_life import Closing, close_task
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
from tests.year.book import Book
from tests.year.people import Team

AT_NIGHT, MORNING, NOON, AFTERNOON = time(2, 5), time(8, 20), time(11, 20), time(15, 30)
"""When something happens that people do: seldom enough that the year does not consist of moments."""

DAY = timedelta(days=1)


class Event(Protocol):
    def happen(self, tx: Transaction, world: "World") -> None:
        """Do it through an action of the service, and note it in the book."""


@dataclass
class World:
    """``agenda`` holds what is still to happen; whoever wants more to happen puts it there.

    ``mothers`` are those who have given birth within the year.
    """

    programme: Programme
    book: Book
    random: Random
    teams: list[Team]
    last: date
    mothers: set[UUID] = field(default_factory=set)
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
    """Something is done each night, at an hour at which the worker proves its ledger."""

    prove: Callable[[Transaction], object]

    def happen(self, tx: Transaction, world: World) -> None:
        self.prove(tx)
        world.plan(tx.now.astimezone(MASERU).date() + DAY, AT_NIGHT, self)
