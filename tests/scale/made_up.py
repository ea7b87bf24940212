"""A made-up year, written straight into a SQLite file: nobody could live it through in the time."""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

SQL: Final = Path(__file__).with_name("year.sql")
AFTER: Final = date(2026, 9, 30)
"""The day after all others: the last of a month, of a quarter and of a year of PEPFAR."""

TEXTS_IN_GROUP: Final = 10


@dataclass(frozen=True)
class Size:
    """What so many days bring: ``clients`` who are new, ``messages`` to them."""

    clients: int
    messages: int
    sites: int = 60
    days: int = 364

    @property
    def first_day(self) -> date:
        return AFTER - timedelta(days=self.days)

    def first_of(self, day: int, number: int) -> int:
        """The first of so many in all, spread evenly, that falls on a day or after it."""
        return -(-day * number // self.days)


IN_ONE_PIECE: Final = 14
"""So many days are written in one transaction: before it ends they lie in the log as well as in the file."""


def lay_down_in_pieces(file: Path, size: Size) -> None:
    """Write all days but the last."""
    for first in range(0, size.days, IN_ONE_PIECE):
        lay_down(file, size, first, min(first + IN_ONE_PIECE, size.days))


def lay_down(file: Path, size: Size, from_day: int, to_day: int) -> None:
    """Write the days with these numbers, the last not included; everything before must be there."""
    groups = size.messages // TEXTS_IN_GROUP
    values: dict[str, int | str] = {
        "clients": size.clients,
        "groups": groups,
        "sites": size.sites,
        "days": size.days,
        "first_day": size.first_day.isoformat(),
        "began": f"{size.first_day} 00:00:00.000000",
        "from_day": from_day,
        "to_day": to_day,
        "from_client": size.first_of(from_day, size.clients),
        "to_client": size.first_of(to_day, size.clients),
        "from_group": size.first_of(from_day, groups),
        "to_group": size.first_of(to_day, groups),
    }
    connection = sqlite3.connect(file)
    try:
        connection.execute("pragma synchronous = off")
        connection.execute("pragma temp_store = memory")
        with connection:
            for statement in SQL.read_text().split(";\n"):
                connection.execute(statement, values)
        connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()
