"""What became of each message."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Row as ResultRow
from sqlalchemy import func, select

from service.domain.message import MessageClass, MessageState
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client
from service.store.transaction import Reading

MICROS = Decimal(1_000_000)


@dataclass(frozen=True)
class Delivery:
    """One message; never a number or a text.

    ``client`` is her code. ``due_at`` is when her reminder fell due, or when any other message was to leave.
    ``parts`` and ``cost`` (an amount and a currency) are the provider's own where it tells them.
    """

    message: UUID
    client: str | None
    message_class: MessageClass
    step: str | None
    gateway: str | None
    state: MessageState
    reason: str | None
    attempts: int
    parts: int
    cost: str | None
    due_at: datetime
    sent_at: datetime | None
    final_at: datetime | None


COLUMNS = (
    "message",
    "client",
    "class",
    "step",
    "gateway",
    "state",
    "reason",
    "attempts",
    "parts",
    "cost",
    "due_at",
    "sent_at",
    "final_at",
)
"""The names of the columns, in the order of the fields."""


def deliveries(reading: Reading, since: datetime, until: datetime) -> tuple[Delivery, ...]:
    """The messages that were due from ``since`` on and before ``until``, in that order."""
    due_at = func.coalesce(LedgerEntry.due_at, Message.not_before, type_=Message.not_before.type)
    rows = reading.connection.execute(
        select(
            Message.id,
            Client.code,
            Message.message_class,
            Message.step,
            Message.gateway,
            Message.state,
            Message.reason,
            Message.attempts,
            Message.parts,
            Message.cost_micros,
            Message.cost_currency,
            due_at.label("due_at"),
            Message.sent_at,
            Message.final_at,
        )
        .outerjoin(LedgerEntry, LedgerEntry.id == Message.ledger_id)
        .outerjoin(Client, Client.id == Message.person_id)
        .where(due_at >= since, due_at < until)
        .order_by(due_at, Message.id)
    )
    return tuple(_delivery(row) for row in rows)


def _delivery(row: ResultRow[*tuple[object, ...]]) -> Delivery:
    return Delivery(
        message=row.id,
        client=row.code,
        message_class=row.message_class,
        step=row.step,
        gateway=row.gateway,
        state=row.state,
        reason=row.reason,
        attempts=row.attempts,
        parts=row.parts,
        cost=_cost(row.cost_micros, row.cost_currency),
        due_at=row.due_at,
        sent_at=row.sent_at,
        final_at=row.final_at,
    )


def _cost(micros: int | None, currency: str | None) -> str | None:
    if micros is None:
        return None
    amount = f"{(Decimal(micros) / MICROS).normalize():f}"
    return f"{amount} {currency}" if currency else amount
