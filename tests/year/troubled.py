"""The year with everything that goes wrong in it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import select

from scheduler.clock import JOBS
from scheduler.travel import NOTHING_FAILS, travel
from service.domain.hours import at_local
from service.domain.phone import Phone
from service.domain.tasks import TaskKind
from service.store.models.care import Task
from service.store.transaction import Reading, Transaction
from tests.reminders.maseru import MASERU
from tests.year.events import DAY, NOON, Event, Night, World
from tests.year.lives import Lives
from tests.year.oracle import Oracle
from tests.year.troubles import EARLY, OtherSite, say, troubles
from tests.year.year import FIRST, Size, Year, a_year


@dataclass(frozen=True)
class Confirms:
    """Somebody who was asked says that the number is hers, unless she does not answer."""

    lives: Lives
    phone: Phone

    def happen(self, tx: Transaction, world: World) -> None:
        asked = [one for one in self.lives.at(self.phone) if one.answers]
        if asked and self.phone not in {*self.lives.silent, *self.lives.out_of_reach}:
            say(tx, world, self.lives, self.phone, "1")
            for one in asked:
                one.proven = True


IN_A_ROW: Final = 2
"""Texts that did not arrive, after which somebody must look."""


@dataclass
class Troubled:
    """A year of which another judge looks at what leaves (``scheduler.travel.Life``)."""

    year: Year
    lives: Lives
    oracle: Oracle
    happened: Counter[str] = field(default_factory=Counter)
    failures: Counter[Phone] = field(default_factory=Counter)

    def act(self) -> None:
        self.year.act()

    def notice(self) -> None:
        for phone in self.oracle.look():
            tomorrow = self.year.clock.now().astimezone(MASERU).date() + DAY
            self.year.world.plan(tomorrow, NOON, Confirms(self.lives, phone))
        self.year.line.deliver(self.year.parts.store, self.year.parts.programme)
        self._count_failures()

    def _count_failures(self) -> None:
        failed, self.year.line.failed = self.year.line.failed, []
        for phone in failed:
            self.failures[phone] += 1
            if self.failures[phone] == IN_A_ROW:
                self.lives.fails(phone, self.year.clock.now())

    def next_act(self) -> datetime | None:
        return self.year.next_act()

    def live(self) -> list[str]:
        """Let the year pass; everything that was wrong in it."""
        ends = at_local(self.year.size.last, time(23), MASERU)
        travel(self.year.parts, self.year.clock, ends, self, _unwatched, _WORK)
        read = self.year.parts.store.read
        unchecked = read(lambda reading: list(self._unchecked(reading)))
        self.oracle.seen.update(read(_ends_of_danger))
        return [*self.oracle.complaints, *self.oracle.of_dangers(), *unchecked, *read(_gaps)]

    def _unchecked(self, reading: Reading) -> Iterator[str]:
        """Whoever's number failed twice and was not given to a person at once."""
        asked = select(Task.client_id, Task.opened_at).where(Task.kind == TaskKind.CHECK_NUMBER)
        opened = {(row.client_id, row.opened_at) for row in reading.connection.execute(asked)}
        for one in self.lives.doubted:
            self.oracle.seen["numbers that failed twice"] += 1
            if (one.client_id, one.at) not in opened:
                yield f"{one.at}: nobody was asked to check a number that failed twice"


_WORK: Final = (*NOTHING_FAILS, *(job for job in JOBS if job.name == "give_up_on_receipts"))
"""Nothing fails but that now and then no receipt comes."""


def _ends_of_danger(reading: Reading) -> Counter[str]:
    """How what was asked of people about the cries for help ended."""
    rows = reading.connection.execute(select(Task.state).where(Task.kind == TaskKind.DANGER))
    return Counter(f"tasks about danger: {row.state}" for row in rows)


def _gaps(reading: Reading) -> list[str]:
    """What the service's own proof of its ledger found at night, of which it tells a person."""
    asked = select(Task.id, Task.opened_at, Task.note).where(
        Task.kind == TaskKind.INCIDENT, Task.client_id.is_(None)
    )
    rows = reading.connection.execute(asked)
    return [f"{row.opened_at}: {reading.vault.open_if(Task.note, row.id, row.note)}" for row in rows]


@contextmanager
def a_troubled_year(size: Size, folder: Path) -> Iterator[Troubled]:
    lives = Lives()
    struck = troubles(lives, size.women, FIRST, size.days, Random(size.seed))
    more: list[tuple[object, time, Event]] = [(FIRST, EARLY, OtherSite()), *struck]
    with a_year(size, folder, more=more) as year:  # type: ignore[arg-type]
        # That proof reads a book in which nothing is ever lost.
        year.world.agenda[:] = [one for one in year.world.agenda if not isinstance(one[2], Night)]
        year.line.out_of_reach = lives.out_of_reach
        what = Counter(one.what.__name__ for _, _, one in struck)
        yield Troubled(year, lives, Oracle(year.book, lives), what)


def _unwatched(_: datetime) -> None:
    """Nobody looks on."""
