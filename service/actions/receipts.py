"""Delivery reports: a fold that no order, repetition or delay of them can mislead."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from service.actions import consent
from service.actions.ledger import follow_message
from service.actions.numbers import arrived, note_failure
from service.domain.message import FINAL, RECEIPT_ORDER, MessageState, fold
from service.ports import ReceiptReceived
from service.store.models.messages import Attempt, Message, Receipt
from service.store.outbox import AttemptEnd
from service.store.transaction import Reading, Transaction

PARKED_FOR: Final = timedelta(hours=72)
"""How long a receipt whose text is not known is kept, and how long an unanswered attempt waits for one."""


@dataclass(frozen=True)
class _Report:
    """What a receipt says. ``numbers`` are the blind indexes of the number that it names, if it names one."""

    gateway: str
    provider_id: str
    attempt_id: UUID | None
    numbers: tuple[bytes, ...]
    state: MessageState | None
    why: str


@dataclass(frozen=True)
class _Found:
    """The attempt that a receipt speaks of."""

    attempt_id: UUID
    message_id: UUID
    phone_id: UUID


def take_receipt(tx: Transaction, gateway: str, receipt: ReceiptReceived) -> None:
    """Store a receipt as it came and apply it; one whose text is not known (yet) stays parked.

    A receipt that names another number than the text went to is kept, and changes nothing.
    """
    numbers = tx.vault.indexes("phone", receipt.phone.e164) if receipt.phone else ()
    report = _Report(
        gateway,
        receipt.provider_id,
        receipt.attempt_id,
        numbers,
        receipt.state,
        receipt.reason or receipt.word,
    )
    found = _find(tx, report)
    new = tx.add_once(
        Receipt,
        gateway=gateway,
        provider_id=receipt.provider_id,
        word=receipt.word,
        reason=receipt.reason,
        state=receipt.state,
        phone_index=numbers[0] if numbers else None,
        attempt_id=found.attempt_id if found else None,
        message_id=found.message_id if found else None,
        occurred_at=receipt.occurred_at,
        recorded_at=tx.now,
    )
    if found is None:
        return
    _apply(tx, found, report)
    if new and receipt.opted_out:
        consent.stop_texts(tx, found.phone_id)


def take_up_parked(tx: Transaction, gateway: str, provider_id: str) -> None:
    """Apply the receipts that came before the provider's own answer did."""
    _take_up(tx, and_(Receipt.gateway == gateway, Receipt.provider_id == provider_id))


def match_parked(tx: Transaction) -> int:
    """Apply parked receipts that say by now what became of a text; how many.

    One that was stored while another transaction settled its text was seen by neither. One whose text was
    lost on the way, answer and name together, is known by its number once nobody waits for that answer.
    """
    named = exists().where(Attempt.gateway == Receipt.gateway, Attempt.provider_id == Receipt.provider_id)
    unanswered = exists().where(
        Message.phone_index == Receipt.phone_index, Message.state == MessageState.UNKNOWN
    )
    return _take_up(tx, or_(named, unanswered))


def _take_up(tx: Transaction, condition: ColumnElement[bool]) -> int:
    parked = tx.connection.execute(
        select(
            Receipt.id,
            Receipt.gateway,
            Receipt.provider_id,
            Receipt.phone_index,
            Receipt.state,
            Receipt.reason,
            Receipt.word,
        )
        .where(Receipt.attempt_id.is_(None), condition)
        .order_by(Receipt.recorded_at, Receipt.id)
        .with_for_update(skip_locked=True)
    ).all()
    taken = 0
    for row in parked:
        numbers = (row.phone_index,) if row.phone_index else ()
        report = _Report(row.gateway, row.provider_id, None, numbers, row.state, row.reason or row.word)
        found = _find(tx, report)
        if found:
            tx.connection.execute(
                update(Receipt)
                .where(Receipt.id == row.id)
                .values(attempt_id=found.attempt_id, message_id=found.message_id)
            )
            _apply(tx, found, report)
            taken += 1
    return taken


_TRIED = select(Attempt.id, Message.id.label("message_id"), Message.phone_id, Message.phone_index).join(
    Message, Message.id == Attempt.message_id
)


def _find(tx: Transaction, report: _Report) -> _Found | None:
    named = and_(Attempt.gateway == report.gateway, Attempt.provider_id == report.provider_id)
    row = tx.connection.execute(
        _TRIED.where(or_(Attempt.id == report.attempt_id, named)).limit(1)
    ).one_or_none()
    if row is None:
        return _only_unanswered(tx, report)
    if report.numbers and row.phone_index not in report.numbers:
        return None
    return _Found(row.id, row.message_id, row.phone_id)


def _only_unanswered(tx: Transaction, report: _Report) -> _Found | None:
    """The one attempt at that number whose answer was lost; it has its provider's name for it from now on.

    As long as another one is under way, the receipt may be that one's.
    """
    rows = tx.connection.execute(
        _TRIED.where(
            Message.phone_index.in_(report.numbers),
            Attempt.gateway == report.gateway,
            Attempt.provider_id.is_(None),
            Attempt.started_at > tx.now - PARKED_FOR,
            or_(Attempt.outcome.is_(None), Attempt.outcome == AttemptEnd.UNKNOWN),
        ).limit(2)
    ).all()
    if len(rows) != 1 or _state(tx, rows[0].message_id) is MessageState.SENDING:
        return None
    tx.connection.execute(
        update(Attempt).where(Attempt.id == rows[0].id).values(provider_id=report.provider_id)
    )
    return _Found(rows[0].id, rows[0].message_id, rows[0].phone_id)


def _apply(tx: Transaction, found: _Found, report: _Report) -> None:
    """Move the message to the right, never to the left; an unknown word moves nothing.

    Where a second copy waits or was given up, the receipt tells of the first, which nobody knew about.
    """
    current = _state(tx, found.message_id)
    known = current if current in RECEIPT_ORDER else MessageState.UNKNOWN
    state = fold(known, report.state) if report.state else known
    if state is known:
        return
    tx.connection.execute(
        update(Message)
        .where(Message.id == found.message_id)
        .values(
            state=state,
            reason=None if state is MessageState.DELIVERED else report.why,
            lease_until=None,
            final_at=tx.now if state in FINAL else None,
        )
    )
    follow_message(tx, found.message_id)
    if state is MessageState.DELIVERED:
        arrived(tx, found.phone_id)
    elif state in FINAL and current not in FINAL:
        note_failure(tx, found.phone_id)


def _state(reading: Reading, message_id: UUID) -> MessageState:
    return reading.connection.execute(
        select(Message.state).where(Message.id == message_id).with_for_update()
    ).scalar_one()
