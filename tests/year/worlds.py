"""``make troubles``: the troubled year in several worlds; the page says what came out so far."""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.safety.published import keep
from tests.year.troubled import Troubled, a_troubled_year
from tests.year.year import Size


@dataclass
class Lived:
    """What happened in one world or in several, and everything that was wrong in it.

    ``taken`` counts the cries for help by the minutes after which somebody said that she has it.
    """

    women: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    taken: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Lived") -> None:
        self.women += other.women
        self.troubles += other.troubles
        self.seen += other.seen
        self.taken += other.taken
        self.wrong += other.wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.year.worlds", description=__doc__)
    parser.add_argument("--women", type=int, default=2000)
    parser.add_argument("--worlds", type=int, default=8, help="services of their own that share the women")
    parser.add_argument("--at-once", type=int, default=1, help="worlds that live at the same time")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="write the figures into docs/safety.md")
    given = parser.parse_args()
    began, together = time.monotonic(), Lived()
    women = given.women // given.worlds
    sizes = [Size(women, given.days, given.seed + number) for number in range(given.worlds)]
    with ProcessPoolExecutor(given.at_once) as pool:
        for size, lived in zip(sizes, pool.map(live, sizes), strict=True):
            together.add(lived)
            seconds = round(time.monotonic() - began)
            sys.stdout.write("\n".join([f"seed {size.seed} after {seconds} s", *lived.wrong, ""]))
            sys.stdout.flush()
            if given.keep:
                how = {"days": given.days, "seed": given.seed, "worlds": size.seed - given.seed + 1}
                keep("troubles", {**how, "seconds": seconds, **raw(together)})
    sys.stdout.write("\n".join([*figures(together), f"{len(together.wrong)} wrong", ""]))
    return bool(together.wrong)


def live(size: Size) -> Lived:
    """The troubled year of one world, from beginning to end."""
    with (
        TemporaryDirectory(prefix="khopotso-troubles-") as folder,
        a_troubled_year(size, Path(folder)) as troubled,
    ):
        wrong = troubled.live()
    return Lived(size.women, troubled.happened, troubled.oracle.seen, _taken(troubled), wrong)


def _taken(troubled: Troubled) -> Counter[int]:
    minutes = ((one.taken_at - one.at).total_seconds() // 60 for one in troubled.lives.dangers)
    return Counter(map(int, minutes))


def figures(lived: Lived) -> list[str]:
    return [
        f"{lived.women} women",
        *(f"{number} times {what.replace('_', ' ')}" for what, number in lived.troubles.most_common()),
        *(f"{number} {what}" for what, number in lived.seen.most_common()),
        *(f"{number} cries taken after {minutes} minutes" for minutes, number in sorted(lived.taken.items())),
    ]


def raw(lived: Lived) -> dict[str, object]:
    return {
        "women": lived.women,
        "troubles": dict(lived.troubles.most_common()),
        "seen": dict(lived.seen.most_common()),
        "taken": dict(sorted(lived.taken.items())),
        "violations": len(lived.wrong),
    }


if __name__ == "__main__":
    sys.exit(main())
