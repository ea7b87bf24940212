"""A client has another number: the old one is silent at once, the new one once it is known to be hers."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, not_

from service.actions import consent, numbers
from service.actions.enrol import refuse_same_nickname
from service.actions.ledger import take_back, withdraw
from service.actions.reply import ask_number
from service.domain.people import PhoneOwner
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.programme import Programme
from service.store.models.messages import Message
from service.store.records import client, links_of
from service.store.transaction import Transaction


class Proof(StrEnum):
    """What shows that a number is hers before she answers from it."""

    PIN = "pin"
    STAFF = numbers.VOUCHED


@dataclass(frozen=True)
class NewNumber:
    """Without a ``proof`` she is asked at the new number, and nothing else goes there before she answers.

    Where nobody says whose phone it is (``owner``), it is as shared as her last one.
    """

    client_id: UUID
    phone: Phone = field(repr=False)
    owner: PhoneOwner | None = None
    proof: Proof | None = None


def change_number(tx: Transaction, programme: Programme, new: NewNumber) -> None:
    """Reach a client at another number from this commit on, and at no other.

    Raises ``NicknameTaken`` if a client at the new number is called the same.
    """
    phone_id = numbers.note(tx, new.phone)
    refuse_same_nickname(tx, phone_id, client(tx, new.client_id).nickname, new.client_id)
    known = {link.phone_id: link.owner for link in links_of(tx, new.client_id)}
    for old in known.keys() - {phone_id}:
        _leave(tx, new.client_id, old)
    if phone_id not in known:
        owner = new.owner or next(iter(known.values()), PhoneOwner.SHARED)
        numbers.link(tx, new.client_id, phone_id, owner, new.proof)
    elif new.proof:
        numbers.vouch(tx, new.client_id, phone_id)
    ask_number(tx, programme, client(tx, new.client_id))
    tx.audit("change_number", "client", new.client_id)


def _leave(tx: Transaction, client_id: UUID, phone_id: UUID) -> None:
    """What waits to go there is written anew for her new number, if it is a reminder, or taken back."""
    consent.hold_number(tx, phone_id)
    consent.hold_person(tx, client_id)
    there = and_(Message.person_id == client_id, Message.phone_id == phone_id)
    take_back(tx, there, Reason.NUMBER_CHANGED)
    withdraw(tx, and_(there, not_(consent.IN_SPITE_OF_A_STOP)), Reason.NUMBER_CHANGED)
    numbers.unlink(tx, client_id, phone_id)
