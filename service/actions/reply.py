"""Answers to people and alerts to staff, put into the outbox in the transaction that causes them."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.actions import numbers
from service.actions.caller import Caller
from service.actions.compose import About, Composed, compose, compose_for_stranger, compose_for_task
from service.actions.fire import usual_link
from service.domain.message import MessageClass
from service.domain.people import Wording
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Task
from service.store.models.messages import Message
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
    about: About | None = None,
    urgent: bool = False,
) -> None:
    """Answer a caller by text, in her language if she is known, at most once a minute with the same words."""
    woman = caller.only_client
    if woman and woman.wording is not Wording.NONE:
        composed = compose(tx, programme, key, woman, about)
    else:
        composed = compose_for_stranger(tx, programme, key)
    phone_id = numbers.note(tx, caller.phone)
    if _answered_lately(tx, phone_id, composed.key if urgent else None):
        return
    _put(
        tx,
        caller,
        phone_id,
        composed,
        MessageClass.U if urgent else MessageClass.A,
        woman,
    )


def _answered_lately(tx: Transaction, phone_id: UUID, text_id: str | None) -> bool:
    query = select(Message.id).where(
        Message.phone_id == phone_id,
        Message.reply_to.is_not(None),
        Message.created_at > tx.now - ANSWERS_EVERY,
    )
    if text_id:
        query = query.where(Message.text_id == text_id)
    return tx.connection.scalar(query.limit(1)) is not None


def _put(
    tx: Transaction,
    caller: Caller,
    phone_id: UUID,
    composed: Composed,
    message_class: MessageClass,
    woman: ClientRecord | None,
) -> None:
    new = outbox.NewMessage(
        person_id=woman.id if woman else None,
        phone_id=phone_id,
        phone=caller.phone,
        message_class=message_class,
        text_id=composed.key,
        text_version=composed.version,
        language=composed.language,
        wording=composed.wording,
        body=composed.text,
        parts=composed.parts,
        not_before=tx.now,
        not_after=tx.now + USEFUL_FOR,
        site_id=None,
        reply_to=caller.source_id,
    )
    outbox.put(tx, new, f"reply:{caller.source}:{caller.source_id}:{composed.key}")


def alert_owner(tx: Transaction, programme: Programme, task_id: UUID, key: str, phone_to_call: str) -> None:
    """Text the owner of a task: the client's code and what to do, nothing else."""
    owner_id = tx.connection.scalar(select(Task.owner_id).where(Task.id == task_id))
    link = usual_link(tx, owner_id) if owner_id else None
    if link is None or link.phone is None:
        return
    composed = compose_for_task(tx, programme, key, task_id, phone_to_call)
    new = outbox.NewMessage(
        person_id=owner_id,
        phone_id=link.phone_id,
        phone=link.phone,
        message_class=MessageClass.S,
        text_id=composed.key,
        text_version=composed.version,
        language=composed.language,
        wording=composed.wording,
        body=composed.text,
        parts=composed.parts,
        not_before=tx.now,
        not_after=tx.now + ALERT_USEFUL_FOR,
    )
    outbox.put(tx, new, f"alert:{task_id}:{key}")


def ask_number(tx: Transaction, programme: Programme, woman: ClientRecord) -> None:
    """Ask at a number that was typed by somebody else whether it is really hers. Nothing else goes before."""
    link = usual_link(tx, woman.id)
    if link is None or link.phone is None or link.confirmed_at:
        return
    composed = compose(tx, programme, "confirm_number", woman)
    new = outbox.NewMessage(
        person_id=woman.id,
        phone_id=link.phone_id,
        phone=link.phone,
        message_class=MessageClass.C,
        text_id=composed.key,
        text_version=composed.version,
        language=composed.language,
        wording=composed.wording,
        body=composed.text,
        parts=composed.parts,
        not_before=tx.now,
        not_after=tx.now + CONFIRM_WITHIN,
        site_id=woman.site_id,
    )
    outbox.put(tx, new, f"confirm:{link.link_id}")
