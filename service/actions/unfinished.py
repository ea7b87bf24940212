"""A line for whoever wished for it after a call that was cut off: she can dial again and go on."""

from datetime import timedelta
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from service.actions.caller import CallerFacts, who_calls
from service.actions.reply import answer
from service.domain.people import Choice, Wording
from service.menu import machine
from service.menu.session import Session
from service.programme import Programme
from service.store.models.messages import UssdSession
from service.store.models.people import PersonPhone, PhoneNumber
from service.store.models.plans import ClientChoice
from service.store.records import open_number
from service.store.sessions import RESUMES_WITHIN
from service.store.transaction import Reading, Transaction

CALL_OVER_AFTER: Final = timedelta(minutes=3)
"""How long a network keeps a call open at most; whoever has not answered by then was cut off."""

MOST: Final = 50


def text_who_was_cut_off(tx: Transaction, programme: Programme) -> int:
    """Text each client who chose so, once for a call that she could still take up; how many there were.

    She hears nothing if what she was at lies behind a PIN, or if she has called again since.
    """
    texted = 0
    for dialogue_id, phone_id in _cut_off(tx):
        texted += _text(tx, programme, dialogue_id, phone_id)
    return texted


@cache
def _calls_cut_off() -> Select[UUID, UUID]:
    later = aliased(UssdSession)
    over = or_(UssdSession.ended_at.is_not(None), UssdSession.updated_at <= bindparam("over_since"))
    chose = (
        select(ClientChoice.id)
        .join(PersonPhone, PersonPhone.person_id == ClientChoice.client_id)
        .where(
            PersonPhone.phone_id == PhoneNumber.id,
            PersonPhone.until.is_(None),
            ClientChoice.choice == Choice.CUT_OFF,
            ClientChoice.ended_at.is_(None),
        )
    )
    called_again = exists().where(
        and_(later.phone_index == UssdSession.phone_index, later.started_at > UssdSession.started_at)
    )
    return (
        select(UssdSession.id, PhoneNumber.id)
        .join(PhoneNumber, PhoneNumber.number_index == UssdSession.phone_index)
        .where(
            UssdSession.updated_at > bindparam("resumes_since"),
            UssdSession.completed.is_not(True),
            UssdSession.draft.is_not(None),
            over,
            chose.exists(),
            ~called_again,
        )
        .limit(MOST)
    )


def _cut_off(reading: Reading) -> list[tuple[UUID, UUID]]:
    moments = {
        "over_since": reading.now - CALL_OVER_AFTER,
        "resumes_since": reading.now - RESUMES_WITHIN,
    }
    rows = reading.connection.execute(_calls_cut_off(), moments)
    return [(dialogue_id, phone_id) for dialogue_id, phone_id in rows]


def _text(tx: Transaction, programme: Programme, dialogue_id: UUID, phone_id: UUID) -> bool:
    number = tx.connection.scalar(select(PhoneNumber.number).where(PhoneNumber.id == phone_id))
    phone = open_number(tx, phone_id, number)
    if phone is None:
        return False
    caller = who_calls(tx, phone, "ussd", dialogue_id)
    woman = caller.only_client
    sealed = tx.connection.scalar(select(UssdSession.draft).where(UssdSession.id == dialogue_id))
    draft = tx.vault.open_if(UssdSession.draft, dialogue_id, sealed)
    facts = CallerFacts(tx, programme, caller)
    if draft is None or woman is None or woman.wording is Wording.NONE:
        return False
    if not machine.resumable(programme.screens, Session.from_stored(draft), facts):
        return False
    answer(tx, programme, caller, "cut_off")
    return True
