"""A whole database as lines of JSON and back: a line for each table, behind it one for each of its rows."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from service.store.shape import KINDS, Shape, shapes

AT_ONCE: Final = 500
"""Rows in hand at one time."""

Record = tuple[Shape, list[Any]]
"""A row of a table, its values as JSON has them."""


@dataclass(frozen=True)
class Lines:
    """Some lines of one table, and how many of them are rows."""

    table: str
    rows: int
    text: bytes


def count(connection: Connection) -> int:
    """How many rows there are in all tables."""
    counted = (select(func.count()).select_from(shape.clause()) for shape in shapes())
    return sum(connection.execute(one).scalar_one() for one in counted)


def write(connection: Connection) -> Iterator[Lines]:
    """Every row of every table, some at a time."""
    for shape in shapes():
        yield Lines(shape.table, 0, _line(asdict(shape)))
        found = connection.execute(select(shape.clause()), execution_options={"yield_per": AT_ONCE})
        writers = [KINDS[kind].write for kind in shape.columns.values()]
        for rows in found.partitions():
            text = b"".join(_line([*_values(row, writers)]) for row in rows)
            yield Lines(shape.table, len(rows), text)


def _values(values: Iterable[Any], change: list[Callable[[Any], object]]) -> Iterator[object]:
    for value, changed in zip(values, change, strict=True):
        yield None if value is None else changed(value)


def _line(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(texts: Iterable[bytes]) -> Iterator[Record]:
    """The rows again, from text that may be cut anywhere."""
    shape: Shape | None = None
    for line in _whole_lines(texts):
        content = json.loads(line)
        if isinstance(content, dict):
            shape = Shape(content["table"], content["columns"], tuple(content["later"]))
        elif shape:
            yield shape, content


def _whole_lines(texts: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for text in texts:
        *lines, rest = (rest + text).split(b"\n")
        yield from lines


def fill(connection: Connection, records: Iterable[Record]) -> dict[str, int]:
    """Insert the rows into empty tables; how many there were in each that had any."""
    counts: dict[str, int] = {}
    pointers: list[_Pointer] = []
    for name, of_table in groupby(records, lambda record: record[0].table):
        counts[name] = 0
        while some := list(islice(of_table, AT_ONCE)):
            counts[name] += _insert(connection, some, pointers)
    for pointer in pointers:
        rows = pointer.shape.clause()
        connection.execute(update(rows).where(rows.c.id == pointer.row).values(pointer.values))
    return counts


@dataclass(frozen=True)
class _Pointer:
    """What a row says about another of its table; to be filled in when both are there."""

    shape: Shape
    row: object
    values: dict[str, object]


def _insert(connection: Connection, records: list[Record], pointers: list[_Pointer]) -> int:
    shape = records[0][0]
    readers = [KINDS[kind].read for kind in shape.columns.values()]
    rows = [dict(zip(shape.columns, _values(values, readers), strict=True)) for _, values in records]
    for row in rows:
        held = {name: row.pop(name) for name in shape.later}
        if any(held.values()):
            pointers.append(_Pointer(shape, row["id"], held))
    connection.execute(insert(shape.clause()), rows)
    return len(rows)
