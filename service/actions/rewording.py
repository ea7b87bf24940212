"""Texts that wait to leave, worded anew: what they call somebody is no longer what she is called."""

from uuid import UUID

from sqlalchemy import select

from service.actions import consent
from service.actions.compose import About, compose
from service.actions.ledger import take_back
from service.domain.reason import Reason
from service.programme import Programme
from service.store.models.messages import Message
from service.store.records import client
from service.store.transaction import Transaction
from service.store.waiting import WAITS, reword


def word_anew(tx: Transaction, programme: Programme, client_id: UUID) -> None:
    """Let nothing leave for a client in the words of before: reminders are put anew, others rewritten."""
    consent.hold_person(tx, client_id)
    take_back(tx, Message.person_id == client_id, Reason.OVERTAKEN)
    woman = client(tx, client_id)
    waiting = select(Message.id, Message.text_id, Message.speaks_of).where(
        Message.person_id == client_id, Message.state.in_(WAITS)
    )
    for row in tx.connection.execute(waiting).all():
        reword(tx, row.id, compose(tx, programme, row.text_id, woman, About(row.speaks_of)))
