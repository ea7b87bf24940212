"""Answers to people and alerts to staff, put into the outbox in the transaction that causes them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from service.actions import numbers
from service.actions.caller import Caller
from service.actions.compose import UNKNOWN, About, compose, compose_for_staff, compose_for_stranger
from service.actions.fire import usual_link
from service.domain.message import Address, MessageClass, MessageState, Words
from service.domain.people import ConsentChannel, Wording
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Task
from service.store.models.messages import Message
from service.store.models.people import Client, PersonPhone, PhoneNumber
from service.store.records import ClientRecord, consents_to, open_number
from service.store.transaction import Transaction

USEFUL_FOR: Final = timedelta(hours=1)
"""After that an answer to her text would only puzzle her."""

ALERT_USEFUL_FOR: Final = timedelta(hours=12)
ALERT_EVERY: Final = timedelta(minutes=10)
CONFIRM_WITHIN: Final = timedelta(days=7)
ANSWERS_EVERY: Final = timedelta(minutes=1)
"""However many texts one number sends, it is answered no more often than this."""


def answer(
    tx: Transaction,
    programme: Programme,
    caller: Caller,
    key: str,
    *,
    woman: ClientRecord | None = None,
    about: About | None = None,
    message_class: MessageClass = MessageClass.A,
) -> None:
    """Answer a caller by text, in her language if she is known.

    A number is answered at most once a minute, the second answer of a minute when that is over, unless it is
    urgent.
    """
    woman = woman or caller.only_client
    if woman and woman.wording is not Wording.NONE:
        words = compose(tx, programme, key, woman, about)
    else:
        words = compose_for_stranger(tx, programme, key, caller.language)
    phone_id = numbers.note(tx, caller.phone)
    at = _when(tx, phone_id, words.key if message_class is MessageClass.U else None)
    if at:
        key = f"reply:{caller.source}:{caller.source_id}:{words.key}"
        person_id, day = woman.id if woman else None, about.day if about else None
        _put_answer(tx, caller, _Answer(person_id, phone_id, words, message_class, at, day), key)


def answer_staff(
    tx: Transaction, programme: Programme, caller: Caller, staff_id: UUID, key: str, code: str
) -> None:
    """Answer an order of a member of staff, by client code only; the same words at most once a minute.

    She works through a list, so the next order need not wait for a minute to pass.
    """
    words = compose_for_staff(tx, programme, key, staff_id, code, "")
    phone_id = numbers.note(tx, caller.phone)
    minute = int(tx.now.timestamp() // ANSWERS_EVERY.total_seconds())
    _put_answer(
        tx,
        caller,
        _Answer(staff_id, phone_id, words, MessageClass.A, tx.now),
        f"order:{staff_id}:{key}:{code}:{minute}",
    )


@dataclass(frozen=True)
class _Answer:
    person_id: UUID | None
    phone_id: UUID
    words: Words
    message_class: MessageClass
    at: datetime
    speaks_of: date | None = None


def _put_answer(tx: Transaction, caller: Caller, answer: _Answer, key: str) -> None:
    new = outbox.NewMessage(
        to=Address(answer.person_id, answer.phone_id, caller.phone),
        words=answer.words,
        message_class=answer.message_class,
        not_before=answer.at,
        not_after=answer.at + USEFUL_FOR,
        reply_to=caller.source_id,
        speaks_of=answer.speaks_of,
    )
    outbox.put(tx, new, key)


def _when(tx: Transaction, phone_id: UUID, urgent: str | None) -> datetime | None:
    """When a number may be answered; ``None`` if an answer to it waits already, for that it is a flood.

    An urgent text goes at once, the same one once a minute.
    """
    answers = select(func.max(Message.not_before)).where(
        Message.phone_id == phone_id,
        Message.reply_to.is_not(None),
        Message.not_before > tx.now - ANSWERS_EVERY,
        Message.state != MessageState.CANCELLED,
    )
    if urgent:
        return None if tx.connection.scalar(answers.where(Message.text_id == urgent)) else tx.now
    last = tx.connection.scalar(answers.where(Message.message_class == MessageClass.A))
    if last is None:
        return tx.now
    return None if last > tx.now else last + ANSWERS_EVERY


def alert_owner(tx: Transaction, programme: Programme, task_id: UUID, key: str) -> None:
    """Text the owner of a task."""
    owner_id = tx.connection.execute(select(Task.owner_id).where(Task.id == task_id)).scalar_one()
    if owner_id:
        alert(tx, programme, task_id, owner_id, key)


def alert(tx: Transaction, programme: Programme, task_id: UUID, staff_id: UUID, key: str) -> None:
    """Text somebody about a task: the client's code and what to do; a number only where there is no code.

    A matter that is reported again is worth another alert, once in ``ALERT_EVERY``. Where there is neither
    code nor number there is nobody to call.
    """
    row = tx.connection.execute(
        select(Task.phone_id, PhoneNumber.number, Client.code)
        .outerjoin(Client, Client.id == Task.client_id)
        .outerjoin(PhoneNumber, PhoneNumber.id == Task.phone_id)
        .where(Task.id == task_id)
    ).one()
    link = usual_link(tx, staff_id)
    to_call = open_number(tx, row.phone_id, row.number) if row.phone_id and not row.code else None
    if link is None or link.phone is None or not (row.code or to_call):
        return
    fitting = key if row.code else key + UNKNOWN
    number = to_call.e164 if to_call else ""
    words = compose_for_staff(tx, programme, fitting, staff_id, row.code or "", number)
    new = outbox.NewMessage(
        to=Address(staff_id, link.phone_id, link.phone),
        words=words,
        message_class=MessageClass.S,
        not_before=tx.now,
        not_after=tx.now + ALERT_USEFUL_FOR,
    )
    period = int(tx.now.timestamp() // ALERT_EVERY.total_seconds())
    outbox.put(tx, new, f"alert:{task_id}:{staff_id}:{key}:{period}")


def ask_number(tx: Transaction, programme: Programme, woman: ClientRecord) -> bool:
    """Ask at her number whether it is really hers, or still is. Nothing else goes before she has answered.

    Says whether she was asked: not where she did not agree to texts, nor twice about one doubt.
    """
    link = usual_link(tx, woman.id)
    if link is None or link.phone is None or link.confirmed_at or link.asked_at:
        return False
    if not consents_to(tx, woman.id, ConsentChannel.SMS):
        return False
    new = outbox.NewMessage(
        to=Address(woman.id, link.phone_id, link.phone),
        words=compose(tx, programme, "still_you" if link.doubt else "confirm_number", woman),
        message_class=MessageClass.C,
        not_before=tx.now,
        not_after=tx.now + CONFIRM_WITHIN,
        site_id=woman.site_id,
    )
    outbox.put(tx, new, f"confirm:{link.link_id}:{tx.now.isoformat()}")
    tx.connection.execute(update(PersonPhone).where(PersonPhone.id == link.link_id).values(asked_at=tx.now))
    return True
