"""Which systems are told what, and what waits to be told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.news import Event
from service.store.models.columns import Id, Row, Sealed


class Webhook(Row):
    """An address that is told some ``events`` (separated by spaces), of one site or of all of them.

    ``failing_since`` is when it last began to take nothing.
    """

    __tablename__ = "webhooks"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    url: Mapped[Sealed]
    secret: Mapped[Sealed]
    events: Mapped[str]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    created_at: Mapped[datetime]
    actor: Mapped[str]
    failing_since: Mapped[datetime | None]


class News(Row):
    """One thing that one webhook is to be told, written down with the fact itself.

    ``fact_id`` is the row by which it became true, ``subject_id`` what it is about, ``client`` a code.
    ``next_attempt_at`` is empty once it was taken or given up.
    """

    __tablename__ = "news"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event", "fact_id"),
        Index(
            "ix_news_waiting",
            "next_attempt_at",
            sqlite_where=text("next_attempt_at is not null"),
            postgresql_where=text("next_attempt_at is not null"),
        ),
    )
    id: Mapped[Id]
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"))
    event: Mapped[Event]
    fact_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    client: Mapped[str | None]
    happened_at: Mapped[datetime]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    reason: Mapped[str | None]
