"""Numbers that may have a new owner: asking again before anything else is sent, and who sees to it then."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from service.actions.numbers import doubt, silent_since
from service.actions.reply import CONFIRM_WITHIN, ask_number
from service.actions.tasks import NewTask, open_task
from service.domain.ledger import LedgerState
from service.domain.people import ClientState, ConsentChannel
from service.domain.safety import Doubt
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.messages import LedgerEntry
from service.store.models.people import Client, Consent, PersonPhone, PhoneNumber
from service.store.records import client
from service.store.transaction import Reading, Transaction

ASKED_AHEAD: Final = timedelta(days=7)
"""How long before the next reminder a silent number is asked about, so that there is time to answer."""


def doubt_silent(tx: Transaction, programme: Programme) -> int:
    """Doubt the numbers that have been silent too long and are to be texted soon; how many."""
    agreed = select(Consent.person_id).where(Consent.channel == ConsentChannel.SMS, Consent.given.is_(True))
    texted_soon = select(LedgerEntry.client_id).where(
        LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.due_at <= tx.now + ASKED_AHEAD
    )
    silent = (
        select(PersonPhone.id)
        .join(PhoneNumber, PhoneNumber.id == PersonPhone.phone_id)
        .where(
            PersonPhone.person_id.in_(texted_soon),
            PersonPhone.person_id.in_(agreed),
            silent_since(tx.now - programme.reconfirm_after),
        )
    )
    return doubt(tx, PersonPhone.id.in_(silent), Doubt.SILENT)


def ask_doubted(tx: Transaction, programme: Programme, most: int = 50) -> int:
    """Ask active clients whose number is in doubt and who were not asked yet; how many."""
    asked = 0
    for client_id in _in_doubt(tx, PersonPhone.asked_at.is_(None), most):
        asked += ask_number(tx, programme, client(tx, client_id))
    return asked


def _in_doubt(reading: Reading, which: ColumnElement[bool], most: int) -> tuple[UUID, ...]:
    doubted = (
        select(PersonPhone.person_id)
        .join(Client, Client.id == PersonPhone.person_id)
        .join(PhoneNumber, PhoneNumber.id == PersonPhone.phone_id)
        .where(
            PersonPhone.doubt.in_((Doubt.SILENT, Doubt.NOT_DELIVERED)),
            PersonPhone.until.is_(None),
            PhoneNumber.suspended_at.is_(None),
            PhoneNumber.stopped_at.is_(None),
            Client.state == ClientState.ACTIVE,
            which,
        )
        .order_by(PersonPhone.id)
        .limit(most)
    )
    return tuple(reading.connection.scalars(doubted))


def hand_unanswered_to_people(tx: Transaction) -> int:
    """Open a task for every number about which she was asked in vain; how many."""
    silent = tx.connection.execute(
        update(PersonPhone)
        .where(
            PersonPhone.asked_at <= tx.now - CONFIRM_WITHIN,
            PersonPhone.confirmed_at.is_(None),
            PersonPhone.until.is_(None),
            PersonPhone.doubt.is_distinct_from(Doubt.UNANSWERED),
        )
        .values(doubt=Doubt.UNANSWERED)
        .returning(PersonPhone.person_id, PersonPhone.phone_id)
    ).all()
    for person_id, phone_id in silent:
        open_task(tx, NewTask(TaskKind.CHECK_NUMBER, person_id, phone_id=phone_id, about=str(phone_id)))
    return len(silent)
