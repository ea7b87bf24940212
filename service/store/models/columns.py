"""The kinds of column that every table is made of."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Final
from uuid import UUID

from sqlalchemy import Dialect, Index, LargeBinary, MetaData, String, text
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator, Uuid


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class QuickUuid(Uuid[UUID]):
    """An id. SQLite keeps it as text, of which the same one is made into an id once for many rows."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None] | None:
        if dialect.supports_native_uuid:
            return super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call,no-any-return]
        return _id_of


@lru_cache(maxsize=4096)
def _id_of(kept: str | None) -> UUID | None:
    return UUID(kept) if kept else None


def _words(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Row(DeclarativeBase):
    """A row of a table. Used for its typed columns in Core statements, never as an object with a life."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        UUID: QuickUuid,
        bytes: LargeBinary,
        str: String(),
        enum.StrEnum: EnumColumn(enum.StrEnum, native_enum=False, length=32, values_callable=_words),
    }


SEALED: Final = {"kept": "sealed"}
INDEXED: Final = {"kept": "index"}
"""What a column's ``info`` says of it, so that a change of keys finds them all."""


def where_given(column: str) -> Index:
    """An index of a column that is mostly empty, by which rows are found without looking at all others."""
    given = text(f"{column} is not null")
    return Index(None, column, sqlite_where=given, postgresql_where=given)


Id = Annotated[UUID, mapped_column(primary_key=True)]
Sealed = Annotated[bytes, mapped_column(LargeBinary, info=SEALED)]
"""Ciphertext of the vault, bound to its table, column and row."""
BlindIndex = Annotated[bytes, mapped_column(LargeBinary(32), info=INDEXED)]
"""A keyed hash by which an encrypted value can be found again, and nothing else."""
