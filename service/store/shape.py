"""What a table looks like, told so that a later version of the program can still read its rows."""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    TableClause,
    Time,
    Uuid,
    column,
    table,
)
from sqlalchemy.types import TypeEngine

from service.store.models import (
    access,
    care,
    dialogues,
    events,
    figures,
    follow_up,
    messages,
    news,
    operations,
    people,
    plans,
    safety,
)
from service.store.models.columns import Row, UtcDateTime

MODELS: Final = (
    people,
    care,
    messages,
    operations,
    plans,
    follow_up,
    safety,
    dialogues,
    access,
    figures,
    events,
    news,
)
"""Named so that every table is known before its shape is asked for."""


@dataclass(frozen=True)
class Kind:
    """How a value is kept in a database, how it is written in JSON, and how it is read again."""

    type: TypeEngine[Any]
    write: Callable[[Any], object]
    read: Callable[[Any], object]


def _as_it_is(value: object) -> object:
    return value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


KINDS: Final[Mapping[str, Kind]] = {
    "id": Kind(Uuid(), str, UUID),
    "bytes": Kind(LargeBinary(), _base64, base64.b64decode),
    "moment": Kind(UtcDateTime(), datetime.isoformat, datetime.fromisoformat),
    "day": Kind(Date(), date.isoformat, date.fromisoformat),
    "time": Kind(Time(), time.isoformat, time.fromisoformat),
    "yes": Kind(Boolean(), _as_it_is, _as_it_is),
    "real": Kind(Float(53), _as_it_is, _as_it_is),
    "whole": Kind(BigInteger(), _as_it_is, _as_it_is),
    "text": Kind(String(), _as_it_is, _as_it_is),
}

_KIND_OF: Final[tuple[tuple[type[TypeEngine[Any]], str], ...]] = (
    (Uuid, "id"),
    (LargeBinary, "bytes"),
    (UtcDateTime, "moment"),
    (Date, "day"),
    (Time, "time"),
    (Boolean, "yes"),
    (Float, "real"),
    (Integer, "whole"),
    (String, "text"),  # an enumeration is one too, and travels as its word
)


@dataclass(frozen=True)
class Shape:
    """A table and the kinds of its columns, by name.

    ``later`` are columns that point at rows of the same table, which may come after their own.
    """

    table: str
    columns: Mapping[str, str]
    later: tuple[str, ...]

    def clause(self) -> TableClause:
        return table(self.table, *(column(name, KINDS[kind].type) for name, kind in self.columns.items()))


def shapes() -> Iterator[Shape]:
    """All tables of this program, each behind those that it points at."""
    for known in Row.metadata.sorted_tables:
        later = sorted(key.parent.name for key in known.foreign_keys if key.column.table is known)
        yield Shape(known.name, {one.name: _kind_of(one) for one in known.columns}, tuple(later))


def _kind_of(known: Column[Any]) -> str:
    """Raises ``TypeError`` for a type that no backup can hold yet."""
    for of, kind in _KIND_OF:
        if isinstance(known.type, of):
            return kind
    raise TypeError(f"{known} is {known.type!r}; say in KINDS how that travels.")
