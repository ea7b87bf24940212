"""Answers to people and alerts to staff, put into the outbox in the transaction that causes them."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.actions import numbers
from service.actions.caller import Caller
from service.actions.compose import UNKNOWN, About, compose, compose_for_staff, compose_for_stranger
from service.actions.fire import usual_link
from service.domain.message import Address, MessageClass, Words
from service.domain.people import Wording
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Task
from service.store.models.messages import Message
from service.store.models.people import Client
from service.store.records import ClientRecord
from service.store.transaction import Transaction

USEFUL_FOR: Final = timedelta(hours=1)
"""After that an answer to her text would only puzzle her."""

ALERT_USEFUL_FOR: Final = timedelta(hours=12)
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
    """Answer a caller by text, in her language if she is known; at most once a minute unless it is urgent."""
    woman = woman or caller.only_client
    if woman and woman.wording is not Wording.NONE:
        words = compose(tx, programme, key, woman, about)
    else:
        words = compose_for_stranger(tx, programme, key)
    _put_answer(tx, caller, woman.id if woman else None, words, message_class)


def answer_staff(
    tx: Transaction, programme: Programme, caller: Caller, staff_id: UUID, key: str, code: str
) -> None:
    """Answer an order of a member of staff, by client code only."""
    words = compose_for_staff(tx, programme, key, staff_id, code, "")
    _put_answer(tx, caller, staff_id, words, MessageClass.A)


def _put_answer(
    tx: Transaction, caller: Caller, person_id: UUID | None, words: Words, message_class: MessageClass
) -> None:
    phone_id = numbers.note(tx, caller.phone)
    if _answered_lately(tx, phone_id, words.key if message_class is MessageClass.U else None):
        return
    new = outbox.NewMessage(
        to=Address(person_id, phone_id, caller.phone),
        words=words,
        message_class=message_class,
        not_before=tx.now,
        not_after=tx.now + USEFUL_FOR,
        reply_to=caller.source_id,
    )
    outbox.put(tx, new, f"reply:{caller.source}:{caller.source_id}:{words.key}")


def _answered_lately(tx: Transaction, phone_id: UUID, text_id: str | None) -> bool:
    """Whether a number had an answer (or, for an urgent one, the same answer) in the last minute."""
    query = select(Message.id).where(
        Message.phone_id == phone_id,
        Message.reply_to.is_not(None),
        Message.created_at > tx.now - ANSWERS_EVERY,
    )
    if text_id:
        query = query.where(Message.text_id == text_id)
    return tx.connection.scalar(query.limit(1)) is not None


def alert_owner(tx: Transaction, programme: Programme, task_id: UUID, key: str, phone_to_call: str) -> None:
    """Text the owner of a task: the client's code and what to do; a number only where there is no code."""
    row = tx.connection.execute(
        select(Task.owner_id, Client.code)
        .outerjoin(Client, Client.id == Task.client_id)
        .where(Task.id == task_id)
    ).one()
    link = usual_link(tx, row.owner_id) if row.owner_id else None
    if link is None or link.phone is None:
        return
    fitting = key if row.code else key + UNKNOWN
    words = compose_for_staff(tx, programme, fitting, row.owner_id, row.code or "", phone_to_call)
    new = outbox.NewMessage(
        to=Address(row.owner_id, link.phone_id, link.phone),
        words=words,
        message_class=MessageClass.S,
        not_before=tx.now,
        not_after=tx.now + ALERT_USEFUL_FOR,
    )
    outbox.put(tx, new, f"alert:{task_id}:{key}")


def ask_number(tx: Transaction, programme: Programme, woman: ClientRecord) -> None:
    """Ask at a number that somebody else typed whether it is really hers. Nothing else goes before."""
    link = usual_link(tx, woman.id)
    if link is None or link.phone is None or link.confirmed_at:
        return
    new = outbox.NewMessage(
        to=Address(woman.id, link.phone_id, link.phone),
        words=compose(tx, programme, "confirm_number", woman),
        message_class=MessageClass.C,
        not_before=tx.now,
        not_after=tx.now + CONFIRM_WITHIN,
        site_id=woman.site_id,
    )
    outbox.put(tx, new, f"confirm:{link.link_id}")
