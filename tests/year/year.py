"""A year of many women on the production engine: store, plans, planner, dispatcher. Only time is made up."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from scheduler.clock import JOBS
from scheduler.travel import travel
from service.actions.route import Line as LineRate
from service.domain.hours import at_local
from service.domain.people import Actor, ActorKind
from service.domain.phone import Phone
from service.parts import Parts
from service.ports import Capabilities
from service.preview.clock import HandClock
from service.preview.stage import UNPACED, forgetful_store
from service.store.crypto import Vault
from service.store.keys import KeyRing, make_key
from service.store.spool import Spool
from service.store.transaction import Reading, Transaction
from tests.reminders.maseru import MASERU
from tests.worker.village import quiet, shipped_programme
from tests.year import proof
from tests.year.book import Book
from tests.year.course import Enrolled, follow
from tests.year.events import (
    AFTERNOON,
    AT_NIGHT,
    DAY,
    MORNING,
    NOON,
    Event,
    Night,
    SaysYes,
    WorkingDay,
    World,
)
from tests.year.gatherings import Announced, Answers
from tests.year.line import Line
from tests.year.people import WOMEN_TO_A_SITE, Team, take_on_team, women
from tests.year.said import Sense
from tests.year.wanted import invitations_that_should_have_left, what_should_have_left
from tests.year.watch import Watch

STAFF = Actor(ActorKind.STAFF, "year")
FIRST = date(2027, 1, 4)
MOST_COMPLAINTS = 20


@dataclass(frozen=True)
class Outage:
    """The worker is away; people go on."""

    begins: datetime
    ends: datetime


def outage(day: date, clock: time) -> Outage:
    begins = at_local(day, clock, MASERU)
    return Outage(begins, begins + timedelta(hours=48))


@dataclass(frozen=True)
class Size:
    """How many women, for how many days, drawn from which seed; and when the worker is away."""

    women: int
    days: int
    seed: int = 1
    outages: tuple[Outage, ...] = (
        outage(date(2027, 3, 16), time(8)),
        outage(date(2027, 8, 19), time(9, 59)),
    )

    @property
    def sites(self) -> int:
        return 1 + self.women // WOMEN_TO_A_SITE

    @property
    def last(self) -> date:
        return FIRST + (self.days - 1) * DAY


def _unwatched(_: datetime) -> None:
    """Nobody looks on."""


@dataclass
class Year:
    """``nights`` are those after which the ledger was held against the book.

    ``proved`` are those in which a worker was there to prove it by itself. ``tell`` hears how far time is.
    """

    size: Size
    parts: Parts
    clock: HandClock
    line: Line
    book: Book
    world: World
    watch: Watch
    nights: int = 0
    proved: int = 0
    at_work: bool = True
    tell: Callable[[datetime], None] = _unwatched
    wrong: list[str] = field(default_factory=list)

    def live(self) -> None:
        ends = at_local(self.size.last, time(23), MASERU)
        for away in sorted(self.size.outages, key=lambda away: away.begins):
            if away.ends > ends:
                break
            self._until(away.begins)
            self._without_worker(away.ends)
        self._until(ends)
        self.wrong += self.parts.store.read(lambda reading: list(proof.at_the_end(reading, self.book)))
        self.proved = self.parts.store.read(proof.proved)
        self.wrong += self.watch.complaints
        outages = tuple((one.begins, one.ends) for one in self.size.outages)
        self.wrong += what_should_have_left(self.book, outages, self.size.last)
        self.wrong += invitations_that_should_have_left(self.book, outages, self.size.last)

    def _until(self, moment: datetime) -> None:
        travel(self.parts, self.clock, moment, self, self.tell, JOBS)

    def _without_worker(self, ends: datetime) -> None:
        """What was begun stays as it is; people write on."""
        self.at_work = False
        while (at := self.next_act()) and at < ends:
            self.clock.put_forward(at)
            self.act()
        self.clock.put_forward(ends)
        self.at_work = True

    # --- the life of the people (scheduler.travel.Life)

    def act(self) -> None:
        due = self.world.due(self.clock.now())
        if due:
            self.parts.store.write(lambda tx: self._happen(tx, due), STAFF)

    def _happen(self, tx: Transaction, due: Sequence[Event]) -> None:
        for event in due:
            event.happen(tx, self.world)
            follow(tx, self.world)

    def notice(self) -> None:
        """First which dates the plans have given, for the texts that left may speak of them."""
        self.parts.store.read(lambda reading: follow(reading, self.world))
        self.line.deliver(self.parts.store, self.parts.programme)
        today = self.clock.now().astimezone(MASERU).date()
        for phone, said in self.watch.look():
            if said.sense is Sense.WHOSE_PHONE:
                self.world.plan(today + DAY, NOON, SaysYes(phone))
            elif said.sense is Sense.HOW_ARE_YOU and self.world.random.random() < 0.7:
                self.world.plan(today, AFTERNOON, SaysYes(phone))
            elif said.sense is Sense.INVITED and said.day:
                self._answers(phone, said.day, today)

    def _answers(self, phone: Phone, day: date, today: date) -> None:
        """Half of those who are invited say that they come, some that they cannot, and others nothing."""
        drawn = self.world.random.random()
        there = self.book.gatherings_of(self.book.people[phone])
        event_id = next((one.id for one in there if one.stands(day)), None)
        if event_id and drawn < 0.75:
            self.world.plan(today, AFTERNOON, Answers(event_id, day, phone, drawn < 0.5))

    def next_act(self) -> datetime | None:
        return self.world.next_at()

    def prove(self, reading: Reading) -> None:
        self.nights += 1
        self.wrong += proof.of_the_night(reading, self.book, self.at_work)
        if len(self.wrong) > MOST_COMPLAINTS:
            raise AssertionError("\n".join(self.wrong))


@contextmanager
def a_year(size: Size, folder: Path, more: Sequence[tuple[date, time, Event]] = ()) -> Iterator[Year]:
    """Everything is ready on the first morning; ``live`` lets the year pass."""
    quiet()
    book, random = Book(), Random(size.seed)
    clock = HandClock(at_local(FIRST, time(7), MASERU))
    line = Line("fake", Capabilities(two_way=True, ussd=True), book=book, clock=clock)
    vault = Vault(KeyRing((make_key(),)))
    programme = replace(shipped_programme(), text_cap=0)
    with (
        forgetful_store(f"sqlite:///{folder}/year.db", vault, clock) as store,
        closing(Spool(folder / "spool", vault, size=1_000_000)) as spool,
    ):
        parts = Parts(
            store, programme, {line.name: line}, (LineRate(line.name, UNPACED),), spool, clock, True
        )
        teams = [_team(parts, number) for number in range(size.sites)]
        world = World(programme, book, random, teams, size.last)
        for woman in women(size.women, FIRST, random):
            world.plan(woman.enrolled_on, MORNING, Enrolled(woman))
        world.plan(FIRST, AFTERNOON, WorkingDay())
        for day, hour, event in more:
            world.plan(day, hour, event)
        year = Year(size, parts, clock, line, book, world, Watch(book))
        world.plan(FIRST + DAY, AT_NIGHT, Night(year.prove))
        yield year


def gatherings(size: Size) -> Iterator[tuple[date, time, Event]]:
    """To each far place somebody comes once a month, not everywhere in the same week."""
    for number in range(size.sites):
        yield FIRST + (21 + 5 * number % 28) * DAY, MORNING, Announced(number)


def _team(parts: Parts, number: int) -> Team:
    return parts.store.write(lambda tx: take_on_team(tx, number), STAFF)
