"""A text that waits, and what became of it."""

from sqlalchemy import select

from service.actions import numbers
from service.domain.message import Address, MessageClass, Words
from service.domain.people import Wording
from service.domain.phone import Phone
from service.store import outbox
from service.store.models.messages import Message
from service.store.transaction import Transaction
from tests.cli.conftest import Installation


def put_reminder(tx: Transaction, message_class: MessageClass) -> None:
    phone = Phone("+26658000001")
    to = Address(None, numbers.note(tx, phone), phone)
    words = Words("trial", "1", "en", Wording.T0, "Hello.", 1)
    late = tx.now.replace(year=tx.now.year + 1)
    outbox.put(tx, outbox.NewMessage(to, words, message_class, tx.now, late), "a text")


def state(installation: Installation) -> str:
    with installation.store() as store:
        found = store.read(lambda reading: reading.connection.execute(select(Message.state)).scalar_one())
    return str(found)
