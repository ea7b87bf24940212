"""What keeps the service itself in order: stop button, gateways, counters, audit, keys."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.models.columns import Id, Row


class Pause(Row):
    """A stop button that was pressed: ``scope`` is all, site, plan or gateway; ``target`` which one."""

    __tablename__ = "pauses"
    id: Mapped[Id]
    scope: Mapped[str]
    target: Mapped[str]
    why: Mapped[str] = mapped_column(String(400))
    paused_at: Mapped[datetime]
    actor: Mapped[str]
    resumed_at: Mapped[datetime | None]
    resumed_by: Mapped[str | None]


class JobRun(Row):
    """That a once-a-day job has begun for a local date; the unique key lets one worker do it."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "day"),)
    id: Mapped[Id]
    job: Mapped[str]
    day: Mapped[date]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class GatewayState(Row):
    """A provider's pace and circuit, shared by all workers. Seconds are of the database's own clock.

    Its credit is in millionths of the currency, as the provider told it at that moment.
    """

    __tablename__ = "gateway_states"
    name: Mapped[str] = mapped_column(primary_key=True)
    open_until: Mapped[datetime | None]
    why: Mapped[str | None]
    tokens: Mapped[float] = mapped_column(Float(53))
    refilled_at: Mapped[float] = mapped_column(Float(53))
    failures: Mapped[int]
    credit_micros: Mapped[int | None] = mapped_column(BigInteger)
    credit_currency: Mapped[str | None]
    credit_told_at: Mapped[datetime | None]


class Counter(Row):
    """A number kept in the transaction that changes it, so that no table is counted on the way out."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class AuditSeal(Row):
    """A keyed hash over a batch of audit rows and the seal before it."""

    __tablename__ = "audit_seals"
    id: Mapped[Id]
    rows: Mapped[int]
    mac: Mapped[bytes]
    sealed_at: Mapped[datetime]


class AuditRow(Row):
    """Who did what to which row, and when. Never a name, a number or a text."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(
            "ix_audit_unsealed",
            "id",
            sqlite_where=text("seal_id is null"),
            postgresql_where=text("seal_id is null"),
        ),
    )
    id: Mapped[Id]
    actor: Mapped[str]
    verb: Mapped[str]
    noun: Mapped[str]
    noun_id: Mapped[UUID | None]
    detail: Mapped[str | None] = mapped_column(String(400))
    recorded_at: Mapped[datetime]
    seal_id: Mapped[UUID | None] = mapped_column(ForeignKey("audit_seals.id"))


class KeyCheck(Row):
    """A known text sealed with each key that this database has met, so that a wrong key file is noticed."""

    __tablename__ = "key_checks"
    key_id: Mapped[str] = mapped_column(primary_key=True)
    proof: Mapped[bytes]


class Mark(Row):
    """A fact about this database as a whole, such as that ``demo`` seeded it."""

    __tablename__ = "marks"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    recorded_at: Mapped[datetime]


class Approval(Row):
    """Two people's word for a plan or text as it stands (``content_hash``)."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("kind", "name", "content_hash", "actor"),)
    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    content_hash: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]
