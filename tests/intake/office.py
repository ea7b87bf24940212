"""A desk at which caseload files are taken in: a real store, and tables written in the test itself."""

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from service.domain.people import OPERATOR
from service.intake.cells import Problem
from service.intake.place import Place
from service.intake.sheet import Line, Sheet
from service.intake.taking import FileKind, Manner, Report, read_rows, rehearse, take_in
from service.store.models.care import Visit
from service.store.models.columns import Row
from service.store.store import Store
from tests.worker.village import HandClock

RowT = TypeVar("RowT")
NewT = TypeVar("NewT")


def sheet_of(table: str, digest: str = "0" * 64) -> Sheet:
    """A sheet from lines of values with commas between them; the first line is the header."""
    rows = [tuple(cells) for cells in csv.reader(StringIO(table.strip()), skipinitialspace=True)]
    lines = [Line(number, cells) for number, cells in enumerate(rows, start=1) if cells]
    return Sheet(lines[0].cells, tuple(lines[1:]), digest)


def complaints(problems: tuple[Problem, ...]) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in problems]


@dataclass(frozen=True)
class Office:
    store: Store
    clock: HandClock
    place: Place

    def takes(self, kind: FileKind[RowT, NewT], table: str, manner: Manner = Manner.ALL_OR_NOTHING) -> Report:
        rows = read_rows(kind, sheet_of(table))
        return take_in(self.store, OPERATOR, kind, rows, manner, lambda _, __: None)

    def rehearses(self, kind: FileKind[RowT, NewT], table: str) -> Report:
        rows = read_rows(kind, sheet_of(table))
        return self.store.read(lambda reading: rehearse(reading, kind, rows))

    def has(self, table: type[Row]) -> int:
        """How many rows there are of a kind."""
        counting = select(func.count()).select_from(table)
        return self.store.read(lambda reading: reading.connection.execute(counting).scalar_one())

    def rows(self, *columns: Any) -> list[tuple[Any, ...]]:
        return self.answers(select(*columns))

    def visits(self, *columns: Any) -> list[tuple[Any, ...]]:
        """Of the visits that files brought; plans may have asked for others."""
        return self.answers(select(*columns).where(Visit.import_id.is_not(None)))

    def answers(self, question: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows that a query finds."""
        found = self.store.read(lambda reading: reading.connection.execute(question).all())
        return [tuple(row) for row in found]
