"""What a merge changed, value by value, so that it can be undone."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.domain.ids import new_id
from service.store.models.care import Task
from service.store.models.columns import Row
from service.store.models.safety import MergeChange
from service.store.transaction import Transaction

Naming = tuple[type[Row], str]
"""A table, and a column of it that names somebody or something."""


@dataclass(frozen=True)
class MergeLog:
    """The changes of one merge, made and noted in one go; ``stayed`` are the rows that could not be moved."""

    tx: Transaction
    merge_id: UUID
    stayed: set[UUID] = field(default_factory=set)

    def change(self, table: type[Row], row_id: UUID, values: Mapping[str, Any]) -> None:
        """Change a row, and note what stood there before."""
        clause = _table(table)
        for column, after in values.items():
            where = clause.c.id == row_id
            before = self.tx.connection.execute(select(clause.c[column]).where(where)).scalar_one()
            if before == after:
                continue
            self.tx.connection.execute(update(clause).where(where).values({column: after}))
            noted = {"table": clause.name, "row_id": row_id, "column": column}
            values_of = {"before": _said(before), "after": _said(after)}
            self.tx.connection.execute(
                insert(MergeChange).values(id=new_id(), merge_id=self.merge_id, **noted, **values_of)
            )

    def move(
        self, naming: Naming, kept_id: UUID, other_id: UUID, without: Collection[UUID] = ()
    ) -> tuple[UUID, ...]:
        """Let what names the other name the one that is kept; the rows that stay behind: it has the same."""
        table, column = naming
        clause = _table(table)
        rows = select(clause.c.id).where(clause.c[column] == other_id, clause.c.id.not_in(without))
        moving = self.tx.connection.scalars(rows.order_by(clause.c.id)).all()
        stayed = tuple(row_id for row_id in moving if not self._moved(naming, row_id, kept_id))
        self.stayed.update(stayed)
        return stayed

    def _moved(self, naming: Naming, row_id: UUID, kept_id: UUID) -> bool:
        table, column = naming
        try:
            with self.tx.connection.begin_nested():
                self.change(table, row_id, {column: kept_id})
        except IntegrityError:
            return False
        return True

    def rename_matters(self, client_id: UUID, kept_id: UUID, other_id: UUID) -> None:
        """An open task of a client is found again by its matter, which names whom or what it is about."""
        open_tasks = select(Task.id, Task.open_key).where(
            Task.client_id == client_id, Task.open_key.contains(str(other_id))
        )
        for row in self.tx.connection.execute(open_tasks.order_by(Task.id)).all():
            matter = row.open_key.replace(str(other_id), str(kept_id))
            is_free = select(Task.id).where(Task.open_key == matter)
            if self.tx.connection.scalar(is_free) is None:
                self.change(Task, row.id, {"open_key": matter})


def put_back_changes(tx: Transaction, merge_id: UUID) -> None:
    """Undo the changes of a merge, the last one first, where nobody has changed the value since.

    A row in whose old place another stands by now stays where it is.
    """
    changes = select(MergeChange).where(MergeChange.merge_id == merge_id).order_by(MergeChange.id.desc())
    for change in tx.connection.execute(changes.with_only_columns(*_table(MergeChange).c)).all():
        clause = Row.metadata.tables[change.table]
        column: Column[Any] = clause.c[change.column]
        where = clause.c.id == change.row_id
        if _said(tx.connection.scalar(select(column).where(where))) == change.after:
            before = _read(column.type.python_type, change.before)
            with suppress(IntegrityError), tx.connection.begin_nested():
                tx.connection.execute(update(clause).where(where).values({change.column: before}))


def _table(table: type[Row]) -> Table:
    found = table.__table__
    if not isinstance(found, Table):
        raise TypeError(f"{table} stands on no table.")
    return found


def _said(value: Any) -> str | None:
    return None if value is None else str(value)


def _read(kind: type, text: str | None) -> Any:
    return None if text is None else _FROM_TEXT.get(kind, kind)(text)


_FROM_TEXT: Final[Mapping[type, Callable[[str], Any]]] = {
    bool: lambda text: text == str(True),
    date: date.fromisoformat,
    time: time.fromisoformat,
    datetime: datetime.fromisoformat,
}
