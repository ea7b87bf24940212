"""Telephone numbers: noting, linking, confirming, suspending them."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, not_, or_, select, true, update

from service.actions.ledger import withdraw
from service.actions.tasks import NewTask, open_task
from service.domain.ids import new_id
from service.domain.people import PhoneOwner
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.domain.safety import Doubt
from service.domain.tasks import TaskKind
from service.store.models.messages import Message
from service.store.models.people import PersonPhone, PhoneNumber, Staff
from service.store.records import clients_at
from service.store.transaction import Reading, Transaction

FAILURES_TO_CHECK: Final = 2
"""Texts in a row that did not arrive before a person is asked to check the number."""

VOUCHED: Final = "staff"
"""How a link is confirmed that a member of staff has seen to be right."""


class Reopened(StrEnum):
    """Why a number that was reported as wrong is hers after all, as far as staff found out."""

    SEEN = "seen_in_person"
    CALLED = "called"
    MISTAKEN = "reported_by_mistake"


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


def is_suspended(reading: Reading, phone_id: UUID) -> bool:
    suspended_at = select(PhoneNumber.suspended_at).where(PhoneNumber.id == phone_id)
    return reading.connection.scalar(suspended_at) is not None


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


def unlink(tx: Transaction, person_id: UUID, phone_id: UUID) -> None:
    """Reach a person at a number no more."""
    hers = and_(PersonPhone.person_id == person_id, PersonPhone.phone_id == phone_id)
    tx.connection.execute(update(PersonPhone).where(hers, PersonPhone.until.is_(None)).values(until=tx.now))


def confirm(tx: Transaction, phone_id: UUID, how: str, person_id: UUID | None = None) -> int:
    """Take an act from the phone itself as proof that the number is right; how many links that settled.

    That of ``person_id``, or everybody's there. Whoever uses a number that was reported as wrong proves
    nothing by it.
    """
    in_use = select(PhoneNumber.id).where(PhoneNumber.id == phone_id, PhoneNumber.suspended_at.is_(None))
    whose = PersonPhone.person_id == person_id if person_id else true()
    return _settle(tx, and_(PersonPhone.phone_id.in_(in_use), whose), how)


def vouch(tx: Transaction, person_id: UUID, phone_id: UUID) -> bool:
    """Take a member of staff's word that a number is this person's; says whether that was news."""
    hers = and_(PersonPhone.phone_id == phone_id, PersonPhone.person_id == person_id)
    settled = _settle(tx, hers, VOUCHED) == 1
    if settled:
        tx.audit("vouch", "phone", phone_id)
    return settled


def _settle(tx: Transaction, which: ColumnElement[bool], how: str) -> int:
    return tx.connection.execute(
        update(PersonPhone)
        .where(which, PersonPhone.until.is_(None), PersonPhone.confirmed_at.is_(None))
        .values(confirmed_at=tx.now, confirmed_how=how, doubt=None, asked_at=None)
    ).rowcount


def heard(tx: Transaction, phone_id: UUID) -> None:
    """Note a sign of life from the phone."""
    tx.connection.execute(
        update(PhoneNumber).where(PhoneNumber.id == phone_id).values(heard_at=tx.now, failures=0)
    )


def arrived(tx: Transaction, phone_id: UUID) -> None:
    """Note that a text reached the phone, which says nothing about who holds it."""
    tx.connection.execute(
        update(PhoneNumber).where(PhoneNumber.id == phone_id).values(delivered_at=tx.now, failures=0)
    )


def silent_since(before: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Links of which nothing was confirmed, heard or delivered after a moment: it may be another's by now."""
    signs = (PersonPhone.confirmed_at, PhoneNumber.heard_at, PhoneNumber.delivered_at)
    return and_(*(or_(sign.is_(None), sign <= before) for sign in signs))


def note_failure(tx: Transaction, phone_id: UUID) -> None:
    """Count a text that did not arrive; after the second in a row the number is no longer taken for hers."""
    failures = tx.connection.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id == phone_id)
        .values(failures=PhoneNumber.failures + 1)
        .returning(PhoneNumber.failures)
    ).scalar_one()
    if failures < FAILURES_TO_CHECK:
        return
    doubt(tx, and_(PersonPhone.phone_id == phone_id, not_(_OF_STAFF)), Doubt.NOT_DELIVERED)
    for woman in clients_at(tx, phone_id):
        open_task(tx, NewTask(TaskKind.CHECK_NUMBER, woman.id, phone_id=phone_id, about=str(phone_id)))


_OF_STAFF: Final[ColumnElement[bool]] = PersonPhone.person_id.in_(select(Staff.id))


def doubt(tx: Transaction, which: ColumnElement[bool], why: Doubt) -> int:
    """Take numbers for nobody's until they are confirmed again; how many links that concerns."""
    return tx.connection.execute(
        update(PersonPhone)
        .where(which, PersonPhone.until.is_(None), PersonPhone.confirmed_at.is_not(None))
        .values(confirmed_at=None, confirmed_how=None, doubt=why, asked_at=None)
    ).rowcount


def suspend(tx: Transaction, phone_id: UUID, why: str) -> bool:
    """Send nothing more to a number, from this commit on, until staff reopen it with a reason.

    Says whether that was news.
    """
    suspended = tx.connection.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id == phone_id, PhoneNumber.suspended_at.is_(None))
        .values(suspended_at=tx.now, suspended_why=why)
    ).rowcount
    tx.connection.execute(
        update(PersonPhone)
        .where(PersonPhone.phone_id == phone_id, PersonPhone.until.is_(None))
        .values(confirmed_at=None, confirmed_how=None)
    )
    withdraw(tx, Message.phone_id == phone_id, Reason.NUMBER_SUSPENDED)
    if suspended:
        tx.audit("suspend", "phone", phone_id, why)
    return suspended == 1


def reopen(tx: Transaction, person_id: UUID, phone_id: UUID, why: Reopened) -> bool:
    """Let a suspended number be used again for a person who was found to use it; ``False`` if it is not.

    Whoever else is reached there stays unconfirmed.
    """
    reopened = tx.connection.execute(
        update(PhoneNumber)
        .where(PhoneNumber.id == phone_id, PhoneNumber.suspended_at.is_not(None))
        .values(suspended_at=None, suspended_why=None, failures=0)
    ).rowcount
    if not reopened:
        return False
    tx.audit("reopen", "phone", phone_id, why)
    vouch(tx, person_id, phone_id)
    return True
