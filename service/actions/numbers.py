"""Telephone numbers: noting, linking, confirming, suspending them."""

from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from service.actions.ledger import withdraw
from service.actions.tasks import NewTask, open_task
from service.domain.ids import new_id
from service.domain.people import PhoneOwner
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.store.models.messages import Message
from service.store.models.people import PersonPhone, PhoneNumber
from service.store.records import clients_at
from service.store.transaction import Reading, Transaction

FAILURES_TO_CHECK: Final = 2
"""Texts in a row that did not arrive before a person is asked to check the number."""


def find(reading: Reading, phone: Phone) -> UUID | None:
    """The row of a number that the service has met, by its blind index under any key."""
    return reading.connection.scalar(
        select(PhoneNumber.id).where(PhoneNumber.number_index.in_(reading.vault.indexes("phone", phone.e164)))
    )


def note(tx: Transaction, phone: Phone) -> UUID:
    """The row of a number, made if it is new."""
    known = find(tx, phone)
    if known:
        return known
    phone_id = new_id()
    added = tx.add_once(
        PhoneNumber,
        id=phone_id,
        number=tx.vault.seal(PhoneNumber.number, phone_id, phone.e164),
        number_index=tx.vault.index("phone", phone.e164),
        index_key=tx.vault.ring.newest.id,
        failures=0,
        created_at=tx.now,
    )
    if added:
        return phone_id
    # Another writer noted it between the look and the insert.
    return tx.connection.execute(
        select(PhoneNumber.id).where(PhoneNumber.number_index == tx.vault.index("phone", phone.e164))
    ).scalar_one()


def link(
    tx: Transaction, person_id: UUID, phone_id: UUID, owner: PhoneOwner, confirmed_how: str | None
) -> None:
    """Let a person be reached at a number. ``confirmed_how`` says why it is known to be hers, if it is."""
    tx.add(
        PersonPhone,
        person_id=person_id,
        phone_id=phone_id,
        owner=owner,
        rank=0,
        since=tx.now,
        confirmed_at=tx.now if confirmed_how else None,
        confirmed_how=confirmed_how,
        actor=str(tx.actor),
    )


def confirm(tx: Transaction, phone_id: UUID, how: str) -> int:
    """Take an act from the phone itself as proof that the number is right; how many links that settled."""
    return tx.connection.execute(
        update(PersonPhone)
        .where(
            PersonPhone.phone_id == phone_id,
            PersonPhone.until.is_(None),
            PersonPhone.confirmed_at.is_(None),
        )
        .values(confirmed_at=tx.now, confirmed_how=how)
    ).rowcount


def heard(tx: Transaction, phone_id: UUID) -> None:
    """Note a sign of life from the phone."""
    tx.connection.execute(
        update(PhoneNumber).where(PhoneNumber.id == phone_id).values(heard_at=tx.now, failures=0)
    )


def arrived(tx: Transaction, phone_id: UUID) -> None:
    """Note that a text reached the phone, which says nothing about who holds it."""
    tx.connection.execute(update(PhoneNumber).where(PhoneNumber.id == phone_id).values(failures=0))


def note_failure(tx: Transaction, phone_id: UUID) -> None:
    """Count a text that did not arrive; the second in a row asks a person to check the number."""
    failures = tx.connection.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id == phone_id)
        .values(failures=PhoneNumber.failures + 1)
        .returning(PhoneNumber.failures)
    ).scalar_one()
    if failures < FAILURES_TO_CHECK:
        return
    for woman in clients_at(tx, phone_id):
        open_task(tx, NewTask(TaskKind.CHECK_NUMBER, woman.id, phone_id=phone_id, about=str(phone_id)))


def suspend(tx: Transaction, phone_id: UUID, why: str) -> bool:
    """Send nothing more to a number, from this commit on, until staff reopen it with a reason.

    Says whether that was news.
    """
    suspended = tx.connection.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id == phone_id, PhoneNumber.suspended_at.is_(None))
        .values(suspended_at=tx.now, suspended_why=why)
    ).rowcount
    withdraw(tx, Message.phone_id == phone_id, Reason.NUMBER_SUSPENDED)
    if suspended:
        tx.audit("suspend", "phone", phone_id, why)
    return suspended == 1
