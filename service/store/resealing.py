"""Values that an older key sealed, sealed anew with the newest, some rows at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, func, or_, select, update

from service.store.models.columns import SEALED, Row
from service.store.shape import MODELS
from service.store.transaction import Reading, Transaction

AT_ONCE: Final = 200
"""Rows in one transaction: on SQLite everybody else waits for it."""

FIRST: Final = UUID(int=0)


def sealed_columns() -> Iterator[tuple[Table, tuple[Column[Any], ...]]]:
    """Each table that has any, with those of its columns that are sealed."""
    assert MODELS, "every model is known"
    for table in Row.metadata.sorted_tables:
        columns = tuple(column for column in table.columns if column.info == SEALED)
        if columns:
            yield table, columns


@dataclass(frozen=True)
class Step:
    """How many rows were dealt with, and the last of them, behind which the next step begins."""

    count: int
    last: UUID

    @classmethod
    def over(cls, ids: Sequence[UUID]) -> "Step":
        return cls(len(ids), ids[-1]) if ids else NOTHING


NOTHING: Final = Step(0, FIRST)


def reseal(tx: Transaction, table: Table, columns: tuple[Column[Any], ...], after: UUID) -> Step:
    """Seal anew what stands in the next rows.

    A value that somebody else changed in the meantime is left alone: it was written with the newest key.
    Raises ``Tampered`` or ``KeyFileError`` where a value does not open.
    """
    old = [_is_old(tx, column) for column in columns]
    rows = tx.connection.execute(
        select(table.c.id, *columns).where(or_(*old), table.c.id > after).order_by(table.c.id).limit(AT_ONCE)
    ).all()
    for row_id, *values in rows:
        for column, value in zip(columns, values, strict=True):
            if value is not None and not value.startswith(tx.vault.head):
                anew = {column.key: tx.vault.seal_anew(column, row_id, value)}
                tx.connection.execute(update(table).where(table.c.id == row_id, column == value).values(anew))
    return Step.over([row[0] for row in rows])


def count_old(reading: Reading) -> int:
    """How many values an older key has sealed."""
    return sum(
        reading.connection.scalar(select(func.count()).select_from(table).where(_is_old(reading, column)))
        or 0
        for table, columns in sealed_columns()
        for column in columns
    )


def _is_old(reading: Reading, column: Column[Any]) -> ColumnElement[bool]:
    head = reading.vault.head
    return func.substr(column, 1, len(head), type_=LargeBinary) != head
