"""Pages of rows for other systems, in the order in which the rows were made."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute


@dataclass(frozen=True)
class Page:
    """Where a list goes on: ``after`` the row of that id, for ``most`` rows."""

    most: int
    after: UUID | None = None

    def follows(self, column: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        return column > self.after if self.after else true()


ONE = Page(1)


def matching(wanted: Iterable[tuple[InstrumentedAttribute[object], object]]) -> ColumnElement[bool]:
    """Whether the columns hold what is wanted; ``None`` means that any value will do."""
    return and_(true(), *(column == value for column, value in wanted if value is not None))
