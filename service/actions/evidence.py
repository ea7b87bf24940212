"""Attempts of which nobody knows what became of them, and what settles the doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from service.actions.ledger import follow_message
from service.actions.receipts import take_up_parked
from service.domain.message import Accepted, MessageState
from service.ports import OutgoingText
from service.store import outbox
from service.store.models.messages import Attempt, Message
from service.store.outbox import AttemptEnd
from service.store.transaction import Reading, Transaction
from service.store.waiting import waiting

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Doubt:
    """An unknown attempt, with the text as it was handed over. ``since`` is when the attempt began."""

    message_id: UUID
    attempt_id: UUID
    gateway: str
    text: OutgoingText
    since: datetime


def doubts(reading: Reading, before: datetime) -> tuple[Doubt, ...]:
    """The unknown attempts of messages that are still unknown and began before a moment, the oldest first."""
    rows = reading.connection.execute(
        select(Attempt.id, Attempt.message_id, Attempt.gateway, Attempt.started_at)
        .join(Message, Message.id == Attempt.message_id)
        .where(
            Message.state == MessageState.UNKNOWN,
            Attempt.started_at <= before,
            Attempt.outcome.is_(None) | (Attempt.outcome == AttemptEnd.UNKNOWN),
        )
        .order_by(Attempt.started_at)
        .limit(MOST_AT_ONCE)
    ).all()
    found = []
    for row in rows:
        message = waiting(reading, row.message_id)
        if message.phone:
            text = OutgoingText(row.id, message.phone, message.text)
            found.append(Doubt(row.message_id, row.id, row.gateway, text, row.started_at))
    return tuple(found)


def settle(tx: Transaction, doubt: Doubt, taken: Sequence[Accepted]) -> bool:
    """Take what the provider lists as proof, unless it is known from another attempt; says whether it was."""
    for accepted in taken:
        if _is_known(tx, doubt.gateway, accepted.provider_id):
            continue
        outbox.close_attempt(tx, doubt.attempt_id, AttemptEnd.ACCEPTED, "found", accepted.provider_id)
        if outbox.accept(tx, doubt.message_id, accepted.parts, accepted.cost):
            follow_message(tx, doubt.message_id)
        take_up_parked(tx, doubt.gateway, accepted.provider_id)
        return True
    return False


def _is_known(reading: Reading, gateway: str, provider_id: str) -> bool:
    known = select(Attempt.id).where(Attempt.gateway == gateway, Attempt.provider_id == provider_id)
    return reading.connection.scalar(known.limit(1)) is not None
