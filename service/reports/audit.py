"""The record of who did what, as an auditor reads it: names of staff, codes of clients, and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from service.domain.people import ActorKind
from service.store.models.operations import AuditRow
from service.store.models.people import Client
from service.store.records import first_name
from service.store.transaction import Reading


@dataclass(frozen=True)
class AuditLine:
    """``who`` is the name of a member of staff, or the kind of whoever else it was.

    ``code`` is the client's, if it was done to one. ``sealed``: nobody can change the row unnoticed any more.
    """

    id: UUID
    at: datetime
    who: str = field(repr=False)
    verb: str
    noun: str
    code: str | None
    detail: str | None
    sealed: bool


def audit_lines(
    reading: Reading, most: int, before: UUID | None = None, verb: str | None = None
) -> tuple[AuditLine, ...]:
    """The newest first; from behind a line on, and those of one verb alone, where that is said."""
    rows = reading.connection.execute(
        select(
            AuditRow.id,
            AuditRow.recorded_at,
            AuditRow.actor,
            AuditRow.verb,
            AuditRow.noun,
            AuditRow.noun_id,
            Client.code,
            AuditRow.detail,
            AuditRow.seal_id,
        )
        .outerjoin(Client, Client.id == AuditRow.noun_id)
        .where(AuditRow.id < before if before else true(), _of(verb))
        .order_by(AuditRow.id.desc())
        .limit(most)
    ).all()
    return tuple(
        AuditLine(
            id=row.id,
            at=row.recorded_at,
            who=_who(reading, row.actor),
            verb=row.verb,
            noun=row.noun,
            code=row.code,
            detail=row.detail,
            sealed=row.seal_id is not None,
        )
        for row in rows
    )


def verbs(reading: Reading) -> tuple[str, ...]:
    """Everything that was ever done."""
    return tuple(reading.connection.scalars(select(AuditRow.verb).distinct().order_by(AuditRow.verb)))


def _of(verb: str | None) -> ColumnElement[bool]:
    return AuditRow.verb == verb if verb else true()


def _who(reading: Reading, actor: str) -> str:
    kind, _, name = actor.partition(":")
    if kind != ActorKind.STAFF or not name:
        return actor
    return first_name(reading, UUID(name)) or actor
