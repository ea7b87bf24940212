"""The ledger of reminders, messages and attempts, receipts, and what came in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.ledger import LedgerKind, LedgerState
from service.domain.message import MessageClass, MessageState
from service.domain.people import Wording
from service.store.models.columns import BlindIndex, Id, Row, Sealed, where_given


class LedgerEntry(Row):
    """One planned text or task, from the day it was earned to its one end and the reason for it.

    ``subject_id`` is the visit, client, infant or sample that earned it; ``speaks_of`` the local date from
    which it counts, which its text names; ``held_at`` since when it is held until a person releases or
    discards it; ``stumbles`` how often a mistake of the program kept it from being decided.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("step", "subject_id", "occurrence"),
        Index(
            "ix_ledger_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        Index(None, "client_id", "due_at"),
        Index(
            "ix_ledger_held",
            "held_at",
            sqlite_where=text("held_at is not null"),
            postgresql_where=text("held_at is not null"),
        ),
    )
    id: Mapped[Id]
    kind: Mapped[LedgerKind] = mapped_column(server_default=LedgerKind.TEXT, default=LedgerKind.TEXT)
    plan: Mapped[str]
    step: Mapped[str]
    timing_version: Mapped[str]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    subject_id: Mapped[UUID] = mapped_column(index=True)
    occurrence: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    latest: Mapped[datetime]
    speaks_of: Mapped[date]
    state: Mapped[LedgerState]
    reason: Mapped[str | None]
    message_id: Mapped[UUID | None] = mapped_column(index=True)
    task_id: Mapped[UUID | None]
    held_at: Mapped[datetime | None]
    stumbles: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class DedupeKey(Row):
    """What a message was put for, once. Apart from messages, which are kept by month and not for ever."""

    __tablename__ = "dedupe_keys"
    key: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    created_at: Mapped[datetime]


class Message(Row):
    """A text for one person at one number, rendered and bound to both when it was put.

    ``not_before``, ``not_after`` and ``next_attempt_at`` are business time; ``lease_until`` is seconds
    of the database's own clock. ``fence`` grows with every claim, so that a worker which slept past its
    lease cannot go on. Costs are millionths of the currency.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_waiting",
            "lane",
            "next_attempt_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_messages_leased",
            "lease_until",
            sqlite_where=text("state in ('claimed', 'sending')"),
            postgresql_where=text("state in ('claimed', 'sending')"),
        ),
        Index("ix_messages_unsettled", "state", "sent_at"),
        Index(None, "person_id", "created_at"),
        Index(None, "phone_id", "created_at"),
    )
    id: Mapped[Id]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    phone_id: Mapped[UUID] = mapped_column(ForeignKey("phones.id"))
    phone_index: Mapped[BlindIndex]
    message_class: Mapped[MessageClass]
    lane: Mapped[int]
    text_id: Mapped[str]
    text_version: Mapped[str]
    language: Mapped[str]
    wording: Mapped[Wording]
    body: Mapped[Sealed | None]
    parts: Mapped[int]
    plan: Mapped[str | None]
    step: Mapped[str | None]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    ledger_id: Mapped[UUID | None]
    reply_to: Mapped[UUID | None]
    speaks_of: Mapped[date | None]
    true_on: Mapped[date | None]
    state: Mapped[MessageState]
    reason: Mapped[str | None]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[float | None] = mapped_column(Float(53))
    fence: Mapped[int]
    attempts: Mapped[int]
    stumbles: Mapped[int] = mapped_column(default=0)
    gateway: Mapped[str | None]
    cost_micros: Mapped[int | None] = mapped_column(BigInteger)
    cost_currency: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    actor: Mapped[str]


class Attempt(Row):
    """One try at handing a message to a gateway; written before the first byte leaves."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("message_id", "number"), Index(None, "gateway", "provider_id"))
    id: Mapped[Id]
    message_id: Mapped[UUID]
    number: Mapped[int]
    fence: Mapped[int]
    gateway: Mapped[str]
    provider_id: Mapped[str | None] = mapped_column()
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Receipt(Row):
    """A delivery report as it came, and what it meant. ``attempt_id`` is empty while it is parked."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("gateway", "provider_id", "word", "reason"),
        Index(
            "ix_receipts_parked",
            "recorded_at",
            sqlite_where=text("attempt_id is null"),
            postgresql_where=text("attempt_id is null"),
        ),
    )
    id: Mapped[Id]
    gateway: Mapped[str]
    provider_id: Mapped[str]
    word: Mapped[str]
    reason: Mapped[str]
    state: Mapped[MessageState | None]
    phone_index: Mapped[BlindIndex | None] = mapped_column(index=True)
    attempt_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None] = mapped_column(index=True)
    occurred_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class Inbound(Row):
    """An SMS or opt-out that came in, once per provider's own id. ``meaning`` is what it was taken for."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("gateway", "kind", "external_id"),
        Index(None, "phone_id", "recorded_at"),
        where_given("person_id"),
    )
    id: Mapped[Id]
    gateway: Mapped[str]
    kind: Mapped[str]
    external_id: Mapped[str]
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phones.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    sender: Mapped[Sealed | None]
    body: Mapped[Sealed | None]
    meaning: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class UssdSession(Row):
    """A dialogue with a phone. What she typed, perhaps a PIN, is kept only as a length and a keyed hash."""

    __tablename__ = "ussd_sessions"
    __table_args__ = (
        UniqueConstraint("gateway", "session_id"),
        Index(None, "phone_index", "updated_at"),
        where_given("phone_id"),
    )
    id: Mapped[Id]
    gateway: Mapped[str]
    session_id: Mapped[str]
    phone_index: Mapped[BlindIndex]
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phones.id"))
    service_code: Mapped[str]
    screen: Mapped[str]
    draft: Mapped[Sealed | None]
    accepted_length: Mapped[int]
    accepted_mac: Mapped[bytes | None]
    reply: Mapped[Sealed | None]
    goes_on: Mapped[bool]
    turns: Mapped[int]
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    completed: Mapped[bool | None]
