"""What an action or a question is given to work with."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Insert, insert, literal
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.dml import ReturningInsert

from service.domain.ids import new_id
from service.domain.people import Actor
from service.store.crypto import Vault
from service.store.models.columns import Row
from service.store.models.operations import AuditRow


@dataclass(frozen=True)
class Reading:
    """An open read. ``now`` is business time, aware, UTC, the same for the whole of it."""

    connection: Connection
    vault: Vault
    now: datetime


@dataclass(frozen=True)
class Transaction(Reading):
    """An open write and who causes it. Actions never commit it; ``Store.write`` does."""

    actor: Actor

    def add(self, table: type[Row], **values: Any) -> UUID:
        """Insert a row under a new id, or the one given (made first, when a column is sealed)."""
        row_id: UUID = values.setdefault("id", new_id())
        self.connection.execute(_insert_into(table), values)
        return row_id

    def add_once(self, table: type[Row], **values: Any) -> bool:
        """Insert a row unless one of its unique keys is taken; says whether it was inserted."""
        if "id" in table.__table__.c:
            values.setdefault("id", new_id())
        inserted = self.connection.execute(_insert_once(table, self.connection.dialect.name), values)
        return inserted.first() is not None

    def audit(self, verb: str, noun: str, noun_id: UUID | None = None, detail: str | None = None) -> None:
        """Record who did what to which row. ``detail`` holds ids and words of ours, never personal data."""
        self.add(
            AuditRow,
            actor=str(self.actor),
            verb=verb,
            noun=noun,
            noun_id=noun_id,
            detail=detail,
            recorded_at=self.now,
        )


@cache
def _insert_into(table: type[Row]) -> Insert:
    """The statement is made once: building it anew costs more than running it."""
    return insert(table.__table__)  # type: ignore[arg-type]  # a class of ours always stands on a Table


@cache
def _insert_once(table: type[Row], dialect: str) -> ReturningInsert[tuple[int]]:
    insert_into = sqlite_insert if dialect == "sqlite" else postgresql_insert
    return insert_into(table).on_conflict_do_nothing().returning(literal(1))
