"""``make troubles``: the year with everything that goes wrong in it, and its figures."""

import argparse
import sys
import time as clocks
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
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
        if asked and self.phone not in self.lives.silent:
            say(tx, world, self.lives, self.phone, "1")
            for one in asked:
                one.proven = True


@dataclass
class Troubled:
    """A year of which another judge looks at what leaves (``scheduler.travel.Life``)."""

    year: Year
    lives: Lives
    oracle: Oracle
    happened: Counter[str] = field(default_factory=Counter)

    def act(self) -> None:
        self.year.act()

    def notice(self) -> None:
        self.year.line.deliver(self.year.parts.store, self.year.parts.programme)
        for phone in self.oracle.look():
            tomorrow = self.year.clock.now().astimezone(MASERU).date() + DAY
            self.year.world.plan(tomorrow, NOON, Confirms(self.lives, phone))

    def next_act(self) -> datetime | None:
        return self.year.next_act()

    def live(self) -> list[str]:
        """Let the year pass; everything that was wrong in it."""
        ends = at_local(self.year.size.last, time(23), MASERU)
        travel(self.year.parts, self.year.clock, ends, self, _unwatched, _WORK)
        gaps = self.year.parts.store.read(_gaps)
        return [*self.oracle.complaints, *self.oracle.of_dangers(), *gaps]


_WORK: Final = (*NOTHING_FAILS, *(job for job in JOBS if job.name == "give_up_on_receipts"))
"""Nothing fails but that now and then no receipt comes."""


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
        what = Counter(one.what.__name__ for _, _, one in struck)
        yield Troubled(year, lives, Oracle(year.book, lives), what)


def _unwatched(_: datetime) -> None:
    """Nobody looks on."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--women", type=int, default=2000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began = clocks.monotonic()
    with (
        TemporaryDirectory(prefix="khopotso-troubles-") as folder,
        a_troubled_year(Size(wanted.women, wanted.days, wanted.seed), Path(folder)) as troubled,
    ):
        wrong = troubled.live()
    sys.stdout.write("\n".join([*figures(troubled), f"{clocks.monotonic() - began:.0f} seconds", ""]))
    sys.stdout.write("\n".join([*(wrong or ["nothing wrong"]), ""]))
    return bool(wrong)


def figures(troubled: Troubled) -> list[str]:
    return [
        f"{troubled.year.size.women} women, {troubled.year.size.days} days",
        *(f"{number} times {what.replace('_', ' ')}" for what, number in troubled.happened.most_common()),
        *(f"{number} {what}" for what, number in troubled.oracle.seen.most_common()),
    ]


if __name__ == "__main__":
    sys.exit(main())
