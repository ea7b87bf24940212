"""Pages of rows for other systems, in the order in which the rows were made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, true
from sqlalchemy.orm import InstrumentedAttribute

from service.store.transaction import Reading

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page:
    """Where a list goes on: ``after`` the row of that id, for ``most`` rows."""

    most: int
    after: UUID | None = None

    def of(
        self,
        reading: Reading,
        row: Callable[..., Row],
        asked: Select[*tuple[Any, ...]],
        key: InstrumentedAttribute[UUID],
    ) -> tuple[Row, ...]:
        """The rows of this page, whose fields are called like the columns."""
        follows = key > self.after if self.after else true()
        found = reading.connection.execute(asked.where(follows).order_by(key).limit(self.most))
        return tuple(row(**one._asdict()) for one in found)


ONE = Page(1)


def matching(wanted: Iterable[tuple[InstrumentedAttribute[object], object]]) -> ColumnElement[bool]:
    """Whether the columns hold what is wanted; ``None`` means that any value will do."""
    return and_(true(), *(column == value for column, value in wanted if value is not None))
