"""Blind indexes under an older key, made anew with the newest from the values that they stand for."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.actions.staff import name_key
from service.store.forgetting import NOBODYS
from service.store.models.messages import Message, Receipt, UssdSession
from service.store.models.people import Client, Person, PhoneNumber, Staff
from service.store.resealing import AT_ONCE, Step
from service.store.sessions import RESUMES_WITHIN
from service.store.transaction import Reading, Transaction

COLUMNS: Final = frozenset(
    {
        ("phones", "number_index"),
        ("messages", "phone_index"),
        ("ussd_sessions", "phone_index"),
        ("receipts", "phone_index"),
        ("staff", "name_index"),
        ("clients", "register_index"),
    }
)
"""Every column that is a blind index. Whoever adds one makes it anew here."""


def phones(tx: Transaction, after: UUID) -> Step:
    """The next numbers, and the index of each wherever else it stands."""
    rows = tx.connection.execute(
        select(PhoneNumber.id, PhoneNumber.number, PhoneNumber.number_index)
        .where(is_old(tx), PhoneNumber.id > after)
        .order_by(PhoneNumber.id)
        .limit(AT_ONCE)
        .with_for_update()
    ).all()
    for row in rows:
        number = tx.vault.open_if(PhoneNumber.number, row.id, row.number)
        index = tx.vault.index("phone", number) if number else row.number_index  # an erased one is nobody's
        if _index_phone(tx, row.id, index):
            hers = (Message.phone_id == row.id) & (Message.phone_index == row.number_index)
            tx.connection.execute(update(Message).where(hers).values(phone_index=index))
            for table in (UssdSession, Receipt):
                there = update(table).where(table.phone_index == row.number_index)
                tx.connection.execute(there.values(phone_index=index))
    return Step.over([row.id for row in rows])


def _index_phone(tx: Transaction, phone_id: UUID, index: bytes) -> bool:
    """Not where the same number was noted once more under the newest key, which is the one that is found."""
    taken = aliased(PhoneNumber)
    anew = update(PhoneNumber).where(
        PhoneNumber.id == phone_id, ~exists().where(taken.number_index == index, taken.id != phone_id)
    )
    values = {"number_index": index, "index_key": tx.vault.ring.newest.id}
    return tx.connection.execute(anew.values(values)).rowcount == 1


def is_old(reading: Reading) -> ColumnElement[bool]:
    """Of numbers: whether an older key made the index."""
    return PhoneNumber.index_key != reading.vault.ring.newest.id


def registers(tx: Transaction, after: UUID) -> Step:
    """The next clients who have a number in a register."""
    rows = tx.connection.execute(
        select(Client.id, Client.register_no)
        .where(Client.register_no.is_not(None), Client.id > after)
        .order_by(Client.id)
        .limit(AT_ONCE)
    ).all()
    for row in rows:
        number = tx.vault.open(Client.register_no, row.id, row.register_no)
        index = tx.vault.index("register", number)
        same = (Client.id == row.id) & (Client.register_no == row.register_no)
        tx.connection.execute(update(Client).where(same).values(register_index=index))
    return Step.over([row.id for row in rows])


def staff(tx: Transaction, after: UUID) -> Step:
    """The next members of staff."""
    rows = tx.connection.execute(
        select(Staff.id, Person.name)
        .join(Person, Person.id == Staff.id)
        .where(Person.name.is_not(None), Staff.id > after)
        .order_by(Staff.id)
        .limit(AT_ONCE)
    ).all()
    for row in rows:
        index = tx.vault.index(*name_key(tx.vault.open(Person.name, row.id, row.name)))
        tx.connection.execute(update(Staff).where(Staff.id == row.id).values(name_index=index))
    return Step.over([row.id for row in rows])


def drop_strays(tx: Transaction) -> None:
    """What stands for numbers that nobody noted, and for what was typed in old calls, can only be dropped.

    A call that may still be taken up is left alone; the next change of keys finds it over.
    """
    over = UssdSession.updated_at < tx.now - RESUMES_WITHIN
    typed = update(UssdSession).where(over, UssdSession.accepted_mac.is_not(None))
    tx.connection.execute(typed.values(accepted_mac=NOBODYS))
    called = update(UssdSession).where(over, ~_is_noted(UssdSession.phone_index))
    tx.connection.execute(called.values(phone_index=NOBODYS))
    received = update(Receipt).where(Receipt.phone_index.is_not(None), ~_is_noted(Receipt.phone_index))
    tx.connection.execute(received.values(phone_index=None))


def _is_noted(index: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return exists().where(PhoneNumber.number_index == index)


STEPS: Final[tuple[Callable[[Transaction, UUID], Step], ...]] = (phones, registers, staff)
