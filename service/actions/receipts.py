"""Delivery reports: a fold that no order, repetition or delay of them can mislead."""

from uuid import UUID

from sqlalchemy import or_, select, update

from service.actions import consent
from service.actions.ledger import follow_message
from service.actions.numbers import heard, note_failure
from service.domain.message import FINAL, MessageState, fold
from service.ports import ReceiptReceived
from service.store.models.messages import Attempt, Message, Receipt
from service.store.transaction import Reading, Transaction


def take_receipt(tx: Transaction, gateway: str, receipt: ReceiptReceived) -> None:
    """Store a receipt as it came and apply it; one whose text is not known (yet) stays parked.

    A receipt that names another number than the text went to is kept, and changes nothing.
    """
    found = _attempt(tx, gateway, receipt)
    genuine = found if found and _same_number(tx, receipt, found[1]) else None
    new = tx.add_once(
        Receipt,
        gateway=gateway,
        provider_id=receipt.provider_id,
        word=receipt.word,
        reason=receipt.reason,
        state=receipt.state,
        phone_index=tx.vault.index("phone", receipt.phone.e164) if receipt.phone else None,
        attempt_id=genuine[0] if genuine else None,
        message_id=genuine[1] if genuine else None,
        occurred_at=receipt.occurred_at,
        recorded_at=tx.now,
    )
    if new and genuine:
        _apply(tx, genuine[1], receipt.state, receipt.reason or receipt.word)
        if receipt.opted_out:
            consent.stop_texts(tx, _phone_of(tx, genuine[1]))


def _attempt(reading: Reading, gateway: str, receipt: ReceiptReceived) -> tuple[UUID, UUID] | None:
    named = (Attempt.gateway == gateway) & (Attempt.provider_id == receipt.provider_id)
    row = reading.connection.execute(
        select(Attempt.id, Attempt.message_id).where(or_(Attempt.id == receipt.attempt_id, named)).limit(1)
    ).one_or_none()
    return (row.id, row.message_id) if row else None


def _same_number(reading: Reading, receipt: ReceiptReceived, message_id: UUID) -> bool:
    if receipt.phone is None:
        return True
    went_to = reading.connection.scalar(select(Message.phone_index).where(Message.id == message_id))
    return went_to in reading.vault.indexes("phone", receipt.phone.e164)


def apply_parked(tx: Transaction, gateway: str, provider_id: str, attempt_id: UUID, message_id: UUID) -> None:
    """Apply the receipts that came before the provider's own answer did."""
    parked = tx.connection.execute(
        update(Receipt)
        .where(Receipt.gateway == gateway, Receipt.provider_id == provider_id, Receipt.attempt_id.is_(None))
        .values(attempt_id=attempt_id, message_id=message_id)
        .returning(Receipt.state, Receipt.reason, Receipt.word)
    ).all()
    for state, reason, word in parked:
        _apply(tx, message_id, state, reason or word)


def _apply(tx: Transaction, message_id: UUID, reported: MessageState | None, reason: str) -> None:
    """Move the message to the right, never to the left; an unknown word moves nothing."""
    current = tx.connection.execute(
        select(Message.state).where(Message.id == message_id).with_for_update()
    ).scalar_one()
    state = fold(current, reported) if reported else current
    if state is current:
        return
    tx.connection.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            state=state,
            reason=None if state is MessageState.DELIVERED else reason,
            lease_until=None,
            final_at=tx.now if state in FINAL else None,
        )
    )
    follow_message(tx, message_id)
    if state is MessageState.DELIVERED:
        heard(tx, _phone_of(tx, message_id))
    elif state in FINAL:
        note_failure(tx, _phone_of(tx, message_id))


def _phone_of(reading: Reading, message_id: UUID) -> UUID:
    return reading.connection.execute(select(Message.phone_id).where(Message.id == message_id)).scalar_one()
