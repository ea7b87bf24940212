"""How long figures take to keep and to show in a year of many, and whether they are what the facts tell."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Final
from uuid import UUID

from handlers.app import create_app
from service.actions import roll_up
from service.actions.staff import NewStaff, take_on
from service.domain.people import OPERATOR, Role
from service.domain.phone import Phone
from service.reports.figures import Figure, figures, read_period
from service.reports.rolled_up import rolled_up
from tests.reports.counted import counting
from tests.scale.made_up import AFTER, Size, lay_down, lay_down_in_pieces
from tests.staff.house import Browser, House
from tests.worker.village import Village, at, open_village

ALL_AT_ONCE: Final = 10_000
SEEN: Final = 4
"""So often each page is opened."""

PERIODS: Final = ("2026-09-30", "2026-09", "2026Q3", "FY2026")

Told = set[tuple[str, str, str, object]]


@dataclass(frozen=True)
class Took:
    """Seconds on the wall, and of the processor: the difference is what others on the machine took."""

    wall: float
    processor: float


@dataclass
class Found:
    """How long what was done took, and where the figures are not what the facts tell."""

    took: dict[str, Took] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        wall, processor = perf_counter(), process_time()
        yield
        took = Took(round(perf_counter() - wall, 3), round(process_time() - processor, 3))
        self.took[name] = took
        print(f"{name}: {took.wall} s, {took.processor} s of the processor", file=sys.stderr, flush=True)  # noqa: T201


def prove(file: Path, size: Size, compared: tuple[str, ...] = PERIODS) -> Found:
    """Live through a year and one more day on the migrated and otherwise empty database in a file."""
    found, last = Found(), AFTER - timedelta(days=1)
    with open_village(f"sqlite:///{file}", at(last, "20:00")) as village:
        with found.timed("made up"):
            lay_down_in_pieces(file, size)
        _count(found, village, "first count of everything", at_=(last, "20:00"))
        _count(found, village, "count again at night", at_=(AFTER, "00:30"))
        lay_down(file, size, size.days, size.days + 1)
        _count(found, village, "after a day's traffic", at_=(AFTER, "20:00"))
        _look(found, village)
        _count(found, village, "count again the night after", at_=(AFTER + timedelta(days=1), "00:30"))
        for period in compared:
            with found.timed(f"exact {period}"):
                found.wrong.extend(_differences(village, period))
    return found


def _count(found: Found, village: Village, name: str, at_: tuple[date, str]) -> None:
    village.clock.moment = at(*at_)
    with found.timed(name):
        roll_up.refresh(village.store, counting(), OPERATOR, ALL_AT_ONCE)


def _look(found: Found, village: Village) -> None:
    """The pages of somebody who may not see the women, of whom therefore small figures are hidden."""
    house = House(village, create_app(village.parts))
    looks = NewStaff("Looks", Phone("+26658000099"), "en", frozenset({Role.ME}))
    somebody = village.store.write(lambda tx: take_on(tx, looks), OPERATOR)
    assert isinstance(somebody, UUID)
    browser = house.signed_in(somebody)
    site = "20000000-0000-0000-0000-000000000000"
    for name, path in (
        ("page of the network", "/staff/figures"),
        ("page of a site", f"/staff/figures/site/{site}"),
        ("page of an indicator, network", "/staff/figures/of/ES_REACHED"),
    ):
        for period in ("2026-09", "FY2026"):
            _open(found, browser, f"{name}, {period}", f"{path}?period={period}")


def _open(found: Found, browser: Browser, name: str, path: str) -> None:
    """The first time compiles the page; of the others the slowest counts."""
    times = Found()
    for number in range(SEEN):
        with times.timed(f"{name} ({number})"):
            assert browser.open(path).status == 200
    found.took[name] = max(list(times.took.values())[1:], key=lambda took: took.wall)


def _differences(village: Village, code: str) -> Iterator[str]:
    kept, exact = _ask(village, rolled_up, code), _ask(village, figures, code)
    if not exact:
        yield f"{code}: there is nothing to compare"
    for one in sorted(kept ^ exact, key=str)[:5]:
        yield f"{code}: {one} is only {'kept' if one in kept else 'in the facts'}"


def _ask(village: Village, how: Callable[..., tuple[Figure, ...]], code: str) -> Told:
    """Days are kept of sites alone, and of what can be added."""
    indicators = counting().definitions.indicators
    is_day = len(code) == len("2026-09-30")
    ids = [id_ for id_, one in indicators.items() if one.is_additive or not is_day]
    told = village.store.read(lambda reading: how(reading, counting(), ids, read_period(code)))
    return {
        (one.indicator, one.place.code, one.cell.code, one.counted)
        for one in told
        if not is_day or one.place.code.startswith("site:")
    }
