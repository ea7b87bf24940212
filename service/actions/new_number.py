"""A client is reached at another number from now on."""

from sqlalchemy import and_, update

from service.actions import numbers
from service.actions.ledger import withdraw
from service.actions.reply import ask_number
from service.domain.people import PhoneOwner
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.programme import Programme
from service.store.models.messages import Message
from service.store.models.people import PersonPhone
from service.store.records import ClientRecord, links_of
from service.store.transaction import Transaction


def replace_number(tx: Transaction, programme: Programme, woman: ClientRecord, phone: Phone) -> None:
    """Silence her old numbers at once; the new one gets a question, and nothing else before its answer."""
    owner = next((link.owner for link in links_of(tx, woman.id)), PhoneOwner.SHARED)
    tx.connection.execute(
        update(PersonPhone)
        .where(PersonPhone.person_id == woman.id, PersonPhone.until.is_(None))
        .values(until=tx.now)
    )
    phone_id = numbers.note(tx, phone)
    elsewhere = and_(Message.person_id == woman.id, Message.phone_id != phone_id)
    withdraw(tx, elsewhere, Reason.NUMBER_NOT_CONFIRMED)
    numbers.link(tx, woman.id, phone_id, owner, None)
    tx.audit("new_number", "client", woman.id)
    ask_number(tx, programme, woman)
