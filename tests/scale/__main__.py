"""``make figures``: the proof of scale in full, with its figures in the documents."""

import argparse
import sys
import tempfile
from pathlib import Path

from service.store.database import upgrade
from tests.scale.made_up import Size
from tests.scale.proof import prove
from tests.scale.report import write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--clients", type=int, default=100_000, help="who are new in the year")
    parser.add_argument("--messages", type=int, default=5_000_000)
    parser.add_argument("--days", type=int, default=364, help="over how many days they are spread")
    given = parser.parse_args()
    size = Size(given.clients, given.messages, days=given.days)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scale.db"
        upgrade(f"sqlite:///{file}")
        found = prove(file, size)
    write(size, found)
    print("\n".join(found.wrong))  # noqa: T201
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
