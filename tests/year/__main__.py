"""``make year``: the year in full, with its figures."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.year.year import Size, Year, a_year


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--women", type=int, default=2000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began = time.monotonic()
    with (
        TemporaryDirectory(prefix="khopotso-year-") as folder,
        a_year(Size(wanted.women, wanted.days, wanted.seed), Path(folder)) as year,
    ):
        year.live()
    seconds = f"{time.monotonic() - began:.0f} seconds"
    sys.stdout.write("\n".join([*figures(year), seconds, *(year.wrong or ["nothing wrong"]), ""]))
    return bool(year.wrong)


def figures(year: Year) -> list[str]:
    visits = year.book.visits.values()
    outcomes = Counter(str(visit.state) for visit in visits)
    return [
        f"{len(year.book.people)} women, {year.nights} nights looked at, {year.proved} proved by the service",
        f"{len(year.world.mothers)} births",
        f"{len(visits)} visits: {', '.join(f'{number} {state}' for state, number in outcomes.most_common())}",
        f"{sum(len(visit.days) - 1 for visit in visits)} times moved",
        f"{len(year.book.left)} texts left",
        *(f"  {number} say {sense}" for sense, number in year.watch.senses.most_common()),
    ]


if __name__ == "__main__":
    sys.exit(main())
