"""``make keys``: 100,000 random key-presses over a network that repeats itself, with their figures."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.compiled import compile_once
from tests.databases import SqliteFolder
from tests.keys.pair import Pair, pair

A_DAY = 1000
"""Keys until two new services take over, so that a fault is found near its cause."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    compile_once()
    began, figures = time.monotonic(), Counter[str]()
    kinds, screens, wrong = Counter[str](), set[str](), list[str]()
    with TemporaryDirectory(prefix="khopotso-keys-") as folder:
        server = SqliteFolder(Path(folder))
        prepare(server)
        for day in range(wanted.seed, wanted.seed + -(-wanted.keys // A_DAY)):
            both = a_day(server, day)
            figures += both.figures
            kinds += both.effects
            screens |= both.screens
            wrong += [f"seed {day}: {fault}" for fault in both.wrong]
            seconds = f"{time.monotonic() - began:.0f} seconds"
            sys.stderr.write(f"\r{figures['keys']} keys, {len(wrong)} faults, {seconds}")
    told = [f"{number} {what}" for what, number in sorted(figures.items())]
    told += [f"  {number} {what}" for what, number in kinds.most_common()]
    sys.stdout.write("\n".join(["", *told, f"{len(screens)} screens", *(wrong or ["nothing wrong"]), ""]))
    return bool(wrong)


def prepare(server: SqliteFolder) -> None:
    from service.store.database import upgrade

    server.create("template")
    upgrade(server.url("template"))


def a_day(server: SqliteFolder, seed: int) -> Pair:
    for name in ("calm", "nervous"):
        server.clone("template", name)
    with pair(server.url("calm"), server.url("nervous"), seed) as both:
        both.live(A_DAY)
    for name in ("calm", "nervous"):
        server.drop(name)
    return both


if __name__ == "__main__":
    sys.exit(main())
