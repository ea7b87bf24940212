"""The ends of planned reminders, and how they follow the texts that carry them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update

from service.actions.announce import Fact, announce
from service.domain.ledger import LedgerState
from service.domain.message import MessageState
from service.domain.news import Event
from service.store import outbox
from service.store.models.messages import LedgerEntry, Message
from service.store.transaction import Transaction

ENDS: Final[Mapping[MessageState, LedgerState]] = {
    MessageState.DELIVERED: LedgerState.DELIVERED,
    MessageState.UNDELIVERED: LedgerState.FAILED,
    MessageState.EXPIRED: LedgerState.FAILED,
    MessageState.FAILED: LedgerState.FAILED,
    MessageState.CANCELLED: LedgerState.SUPPRESSED,
    MessageState.UNKNOWN: LedgerState.UNKNOWN,
}
"""What the end of a message means for the reminder that it carried."""

_TOLD: Final[Mapping[MessageState, Event]] = {
    MessageState.DELIVERED: Event.MESSAGE_DELIVERED,
    MessageState.UNDELIVERED: Event.MESSAGE_FAILED,
    MessageState.EXPIRED: Event.MESSAGE_FAILED,
    MessageState.FAILED: Event.MESSAGE_FAILED,
}
"""Of which ends other systems hear. What was cancelled is our own affair, and doubts are not yet ends."""


def end_entry(
    tx: Transaction, ledger_id: UUID, state: LedgerState, reason: str | None, task_id: UUID | None = None
) -> None:
    """Bring a planned reminder to its end. A later receipt may still turn one end into a better known one."""
    tx.connection.execute(
        update(LedgerEntry)
        .where(LedgerEntry.id == ledger_id)
        .values(state=state, reason=reason, ended_at=tx.now, task_id=task_id)
    )


def follow_message(tx: Transaction, message_id: UUID) -> None:
    """Let the reminder that a message carries, if it carries one, come to where the message is."""
    ledger_id, state, reason, person_id = tx.connection.execute(
        select(Message.ledger_id, Message.state, Message.reason, Message.person_id).where(
            Message.id == message_id
        )
    ).one()
    if state in _TOLD:
        announce(tx, Fact(_TOLD[state], message_id, person_id))
    if ledger_id is None:
        return
    carrier = tx.connection.scalar(select(LedgerEntry.message_id).where(LedgerEntry.id == ledger_id))
    if carrier != message_id:  # it went to her supporter, or was put anew
        return
    end = ENDS.get(state)
    if end:
        end_entry(tx, ledger_id, end, reason)
    else:
        tx.connection.execute(
            update(LedgerEntry)
            .where(LedgerEntry.id == ledger_id)
            .values(state=LedgerState.QUEUED, reason=None, ended_at=None)
        )


def withdraw(tx: Transaction, condition: ColumnElement[bool], reason: str) -> None:
    """Cancel the messages that have not begun to leave and meet a condition, and end their reminders."""
    for message_id in outbox.cancel_waiting(tx, condition, reason):
        follow_message(tx, message_id)


def take_back(tx: Transaction, which: ColumnElement[bool], reason: str) -> bool:
    """Let the reminders whose texts wait to leave, and meet a condition, be put anew; were there any?"""
    carried = outbox.cancel_waiting(tx, and_(which, Message.ledger_id.is_not(None)), reason)
    outbox.free_keys(tx, carried)
    tx.connection.execute(
        update(LedgerEntry)
        .where(LedgerEntry.message_id.in_(carried))
        .values(state=LedgerState.PLANNED, message_id=None)
    )
    return bool(carried)


def call_off(tx: Transaction, which: ColumnElement[bool], reason: str) -> None:
    """End the reminders still to come of which that holds, those whose text waits to leave included."""
    carried = select(LedgerEntry.message_id).where(which, LedgerEntry.state == LedgerState.QUEUED)
    withdraw(tx, Message.id.in_(carried), reason)
    tx.connection.execute(
        update(LedgerEntry)
        .where(which, LedgerEntry.state == LedgerState.PLANNED)
        .values(state=LedgerState.SUPPRESSED, reason=reason, ended_at=tx.now, held_at=None)
    )


def put_back(tx: Transaction, client_id: UUID, reasons: Collection[str], since: datetime) -> int:
    """Plan again what ended for one of these reasons since a moment and is still useful; how many."""
    ended = tx.connection.execute(
        select(LedgerEntry.id, LedgerEntry.message_id).where(
            LedgerEntry.client_id == client_id,
            LedgerEntry.state == LedgerState.SUPPRESSED,
            LedgerEntry.reason.in_(reasons),
            LedgerEntry.ended_at >= since,
            LedgerEntry.latest > tx.now,
        )
    ).all()
    outbox.free_keys(tx, [row.message_id for row in ended if row.message_id])
    tx.connection.execute(
        update(LedgerEntry)
        .where(LedgerEntry.id.in_([row.id for row in ended]))
        .values(state=LedgerState.PLANNED, reason=None, ended_at=None, message_id=None)
    )
    return len(ended)


def wake(tx: Transaction, reason: str) -> None:
    """Let reminders and texts be looked at again at once that waited for that reason alone."""
    planned = and_(LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.held_at.is_(None))
    tx.connection.execute(
        update(LedgerEntry).where(planned, LedgerEntry.reason == reason).values(reason=None)
    )
    waiting = and_(Message.state == MessageState.QUEUED, Message.reason == reason)
    tx.connection.execute(update(Message).where(waiting).values(next_attempt_at=tx.now))
