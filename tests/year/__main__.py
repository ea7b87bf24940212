"""``make year``: the year in full, in several worlds at once, with its figures in the documents."""

import argparse
import gc
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.resilience.__main__ import circumstances
from tests.year.figures import Figures, figures, lines
from tests.year.year import Size, a_year, gatherings

ROOT = Path(__file__).parents[2]
RAW = ROOT / "docs" / "year.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: begin (make year) -->", "<!-- figures: end (make year) -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument(
        "--worlds", type=int, default=4, help="services of their own among which they are divided"
    )
    parser.add_argument(
        "--at-once", type=int, default=os.cpu_count(), help="worlds that live at the same time"
    )
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dry", action="store_true", help="write nothing into the documents")
    given = parser.parse_args()
    began = time.monotonic()
    sizes = [
        Size(given.clients // given.worlds, given.days, given.seed + number) for number in range(given.worlds)
    ]
    with ProcessPoolExecutor(given.at_once) as pool:
        found = sum(pool.map(lived, sizes), Figures())
    seconds = round(time.monotonic() - began)
    sys.stdout.write("\n".join([*lines(found), f"{seconds} seconds", ""]))
    if not given.dry:
        _keep(found, {"seed": given.seed, "worlds": given.worlds, "seconds": seconds})
    return bool(found.wrong)


def lived(size: Size) -> Figures:
    """The year of one world, from beginning to end, in a process of its own."""
    gc.freeze()
    with (
        TemporaryDirectory(prefix="khopotso-year-") as folder,
        a_year(size, Path(folder), tuple(gatherings(size))) as year,
    ):
        year.tell = _Months(size)
        try:
            year.live()
        except AssertionError as too_much:
            year.wrong.append(f"stopped: {too_much}")
        found = figures(year)
    sys.stderr.write("\n".join([f"seed {size.seed} is over", *lines(found), ""]))
    return found


class _Months:
    """Says which month a world has reached."""

    def __init__(self, size: Size) -> None:
        self._size, self._month, self._began = size, 0, time.monotonic()

    def __call__(self, now: datetime) -> None:
        if now.month != self._month:
            self._month, after = now.month, time.monotonic() - self._began
            sys.stderr.write(f"seed {self._size.seed}: {now:%B %Y} after {after:.0f} s\n")


def _keep(found: Figures, how: dict[str, Any]) -> None:
    """The raw figures in a file, and the lines on the page."""
    where = circumstances()
    RAW.write_text(json.dumps({**vars(found), **how, **where}, indent=1) + "\n")
    told = [*lines(found), f"{how['seconds']} seconds, {how['worlds']} worlds, seed {how['seed']}"]
    about = f"{where['day']}, commit {where['commit']}, {where['machine']}"
    head, rest = PAGE.read_text().split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text("\n".join([f"{head}{BEGIN}", "```", *told, about, "```", f"{END}{tail}"]))


if __name__ == "__main__":
    sys.exit(main())
