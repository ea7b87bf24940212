"""Databases with rows in every table, and everything that is in them."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Enum, insert, select

from service.domain.people import SYSTEM
from service.store.models.columns import Row
from service.store.models.operations import KeyCheck
from service.store.shape import Shape, shapes
from service.store.store import Store

MOMENT = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
TEXTS = ("plain", "", 'Ke kōpa thuso ‘nè\n\t\\" ☎ 🤱', "x" * 300, "null", "0")


class _Values:
    """Values of every kind, no two ids, moments or byte strings alike."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._number = count(1)
        self._known: dict[str, list[UUID]] = defaultdict(list)

    def row(self, shape: Shape, place: int) -> dict[str, Any]:
        columns = Row.metadata.tables[shape.table].columns
        values: dict[str, Any] = {
            column.name: None if place == 0 and column.nullable else self._value(column, shape, place)
            for column in columns
        }
        if "id" in values:
            self._known[shape.table].append(values["id"])
        return values

    def _value(self, column: Column[Any], shape: Shape, place: int) -> Any:
        number = next(self._number)
        for key in column.foreign_keys:
            others = self._known[key.column.table.name]
            return others[place % len(others)] if others else None
        if isinstance(column.type, Enum):
            return self._chance.choice(column.type.enums)
        made: dict[str, Any] = {
            "id": UUID(int=self._chance.getrandbits(128)),
            "bytes": number.to_bytes(4, "big") + self._chance.randbytes(self._chance.choice((0, 28, 300))),
            "moment": MOMENT + timedelta(microseconds=number, days=self._chance.randint(-400, 400)),
            "day": date(2026, 1, 1) + timedelta(days=number),
            "time": time(self._chance.randint(0, 23), 59, 1),
            "yes": self._chance.random() < 0.5,
            "real": self._chance.uniform(-1e12, 1e12),
            "whole": self._chance.randint(-(2**31), 2**31 - 1),
            "text": f"{number} {self._chance.choice(TEXTS)}"[:300],
        }
        return made[shape.columns[column.name]]


Made = dict[str, list[dict[str, Any]]]
"""The rows of each table. The second of one belongs to the second of every other, and so on."""


def fill_every_table(store: Store, rows: int = 3, seed: int = 1) -> Made:
    """Rows of every kind in every table, the first of each with nothing where nothing may stand."""
    values, made = _Values(seed), Made()

    def fill(connection: Connection) -> None:
        for shape in (shape for shape in shapes() if shape.table != KeyCheck.__tablename__):
            made[shape.table] = [values.row(shape, place) for place in range(rows)]
            connection.execute(insert(Row.metadata.tables[shape.table]), made[shape.table])

    store.prove_keys()
    store.write(lambda tx: fill(tx.connection), SYSTEM)
    return made


Everything = dict[str, list[tuple[Any, ...]]]


def everything_in(store: Store) -> Everything:
    """Every row of every table, in an order of its own."""

    def ask(connection: Connection) -> Everything:
        return {
            shape.table: sorted((tuple(row) for row in connection.execute(select(shape.clause()))), key=repr)
            for shape in shapes()
        }

    return store.read(lambda reading: ask(reading.connection))
