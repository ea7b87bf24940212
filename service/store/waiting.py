"""A message that waits to leave: opened so that it can be judged and sent, or given other words."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, select, update

from service.domain.message import MessageClass, MessageState, Words
from service.domain.people import Wording
from service.domain.phone import Phone
from service.store.models.messages import Message
from service.store.models.people import PhoneNumber
from service.store.records import open_number
from service.store.transaction import Reading, Transaction

WAITS: Final = (MessageState.QUEUED, MessageState.CLAIMED, MessageState.HELD)
"""It has not begun to leave."""


@dataclass(frozen=True)
class Waiting:
    """A claimed message as it stands, to be judged once more before it leaves."""

    id: UUID
    person_id: UUID | None
    phone_id: UUID
    phone: Phone | None
    bound_to_phone: bool
    message_class: MessageClass
    text_id: str
    language: str
    wording: Wording
    text: str = field(repr=False)
    parts: int
    plan: str | None
    step: str | None
    site_id: UUID | None
    ledger_id: UUID | None
    reply_to: UUID | None
    speaks_of: date | None
    true_on: date | None
    attempts: int
    not_after: datetime
    created_at: datetime


_MESSAGE: Final = (
    select(Message, PhoneNumber.number)
    .with_only_columns(*Message.__table__.c, PhoneNumber.number)
    .join(PhoneNumber, PhoneNumber.id == Message.phone_id)
    .where(Message.id == bindparam("this"))
)


def waiting(reading: Reading, message_id: UUID) -> Waiting:
    """The message with its text and number opened."""
    row = reading.connection.execute(_MESSAGE, {"this": message_id}).one()
    phone = open_number(reading, row.phone_id, row.number)
    return Waiting(
        id=row.id,
        person_id=row.person_id,
        phone_id=row.phone_id,
        phone=phone,
        bound_to_phone=phone is not None and row.phone_index in reading.vault.indexes("phone", phone.e164),
        message_class=row.message_class,
        text_id=row.text_id,
        language=row.language,
        wording=row.wording,
        text=reading.vault.open_if(Message.body, row.id, row.body) or "",
        parts=row.parts,
        plan=row.plan,
        step=row.step,
        site_id=row.site_id,
        ledger_id=row.ledger_id,
        reply_to=row.reply_to,
        speaks_of=row.speaks_of,
        true_on=row.true_on,
        attempts=row.attempts,
        not_after=row.not_after,
        created_at=row.created_at,
    )


def reword(tx: Transaction, message_id: UUID, words: Words) -> None:
    """Give a message that waits other words. Who has claimed it must claim it anew."""
    held = Message.state == MessageState.HELD
    tx.connection.execute(
        update(Message)
        .where(Message.id == message_id, Message.state.in_(WAITS))
        .values(
            body=tx.vault.seal(Message.body, message_id, words.text),
            language=words.language,
            text_version=words.version,
            parts=words.parts,
            state=case((held, MessageState.HELD), else_=MessageState.QUEUED),
            lease_until=None,
        )
    )
