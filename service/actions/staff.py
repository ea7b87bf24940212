"""Members of staff: taking them on, giving new secrets, shutting them out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Row as ResultRow
from sqlalchemy import select, update

from service.actions import credentials, numbers, sign_in_totp
from service.actions.credentials import CredentialKind
from service.actions.handover import pass_on
from service.actions.leave import away_until
from service.actions.ledger import withdraw
from service.actions.names import sealed_name
from service.actions.roster import duty, present, who_acts_at
from service.actions.sign_in_device import forget_devices, give_code
from service.actions.sign_in_session import end_all
from service.domain.ids import new_id
from service.domain.people import PersonKind, PhoneOwner, Role
from service.domain.phone import Phone
from service.domain.reason import Reason
from service.store.crypto import Vault
from service.store.models.messages import Message
from service.store.models.people import Person, Site, Staff, StaffRole
from service.store.records import first_name, links_of, staff_at
from service.store.transaction import Reading, Transaction

_BY_PHONE: Final = frozenset({Role.MENTOR, Role.COORDINATOR})
_IN_BROWSER: Final = frozenset({Role.COORDINATOR, Role.ME, Role.ADMIN, Role.AUDITOR})


class StaffFault(StrEnum):
    """Why somebody was not taken on, or not let in again."""

    NAME_TAKEN = "Somebody has this name already; give another, such as one with an initial."
    NUMBER_TAKEN = "This number belongs to another member of staff."
    NOT_BLOCKED = "She is not blocked. For a new PIN or password reset her."


@dataclass(frozen=True)
class NewStaff:
    """``name`` is what texts call her. Without sites her roles are for all of them."""

    name: str = field(repr=False)
    phone: Phone
    language: str
    roles: frozenset[Role]
    site_ids: tuple[UUID, ...] = ()
    on_call: bool = False
    backup_id: UUID | None = None


@dataclass(frozen=True)
class FirstSecrets:
    """What she is told once: a PIN if she works by phone, a password if in a browser.

    ``code`` makes a first phone hers, where only a known phone opens the pages for her.
    """

    pin: str | None = field(repr=False)
    password: str | None = field(repr=False)
    code: str | None = field(repr=False)


@dataclass(frozen=True)
class StaffRow:
    """A member of staff as shown to an operator; of her number only the end.

    ``hours`` are those in which she is on call, if not all. ``acts_now`` is who does what is hers now.
    """

    name: str
    roles: tuple[str, ...]
    sites: tuple[str, ...]
    on_call: bool
    hours: str | None
    away_until: datetime | None
    acts_now: str | None
    blocked: bool
    phone: str


def add_staff(tx: Transaction, new: NewStaff) -> FirstSecrets | StaffFault:
    """Take somebody on and give her what she signs in with."""
    added = take_on(tx, new)
    return added if isinstance(added, StaffFault) else _secrets(tx, added, new.roles)


def take_on(tx: Transaction, new: NewStaff) -> UUID | StaffFault:
    """Take somebody on who has no secret yet, with a number that the operator vouches for."""
    if find_staff(tx, new.name):
        return StaffFault.NAME_TAKEN
    phone_id = numbers.note(tx, new.phone)
    if staff_at(tx, phone_id):
        return StaffFault.NUMBER_TAKEN
    staff_id = _add_person(tx, new)
    tx.add(
        Staff,
        id=staff_id,
        name_index=tx.vault.index(*name_key(new.name)),
        on_call=new.on_call,
        backup_id=new.backup_id,
    )
    for role in sorted(new.roles):
        for site_id in new.site_ids or (None,):
            tx.add(StaffRole, staff_id=staff_id, role=role, site_id=site_id)
    numbers.link(tx, staff_id, phone_id, PhoneOwner.OWN, "operator")
    tx.audit("add", "staff", staff_id)
    return staff_id


def _add_person(tx: Transaction, new: NewStaff) -> UUID:
    staff_id = new_id()
    return tx.add(
        Person,
        id=staff_id,
        kind=PersonKind.STAFF,
        name=sealed_name(tx, staff_id, tidy_name(new.name)),
        language=new.language,
        created_at=tx.now,
        actor=str(tx.actor),
    )


def _secrets(tx: Transaction, staff_id: UUID, roles: frozenset[Role]) -> FirstSecrets:
    return FirstSecrets(
        pin=credentials.give(tx, staff_id, CredentialKind.PIN) if roles & _BY_PHONE else None,
        password=credentials.give(tx, staff_id, CredentialKind.PASSWORD) if roles & _IN_BROWSER else None,
        code=None if roles & _IN_BROWSER else give_code(tx, staff_id),
    )


def tidy_name(name: str) -> str:
    return " ".join(name.split())


def name_key(name: str) -> tuple[str, str]:
    return "staff_name", tidy_name(name).casefold()


def find_staff(reading: Reading, name: str) -> UUID | None:
    """The member of staff of that name, blocked or not, however its letters are cased."""
    indexes = _name_indexes(reading.vault, name)
    return reading.connection.scalar(select(Staff.id).where(Staff.name_index.in_(indexes)))


def _name_indexes(vault: Vault, name: str) -> tuple[bytes, ...]:
    return vault.indexes(*name_key(name))


def find_colleague(reading: Reading, phone: Phone) -> UUID | None:
    """The member of staff who is reached at a number and is not blocked."""
    phone_id = numbers.find(reading, phone)
    return staff_at(reading, phone_id) if phone_id else None


def reset_staff(tx: Transaction, staff_id: UUID) -> FirstSecrets:
    """Give her new secrets, and let her set up a new authenticator; nothing that she had is good any more."""
    roles = frozenset(tx.connection.scalars(select(StaffRole.role).where(StaffRole.staff_id == staff_id)))
    end_all(tx, staff_id)
    sign_in_totp.take_away(tx, staff_id)
    tx.audit("reset", "staff", staff_id)
    return _secrets(tx, staff_id, roles)


def speak(tx: Transaction, staff_id: UUID, language: str) -> None:
    """Let texts to her, and the pages, be in another language."""
    tx.connection.execute(update(Person).where(Person.id == staff_id).values(language=language))


def is_blocked(reading: Reading, staff_id: UUID) -> bool:
    return reading.connection.scalar(select(Staff.blocked_at).where(Staff.id == staff_id)) is not None


def block_staff(tx: Transaction, staff_id: UUID) -> int:
    """Shut somebody out, and give her open tasks to whoever acts in her place; how many there were."""
    tx.connection.execute(
        update(Staff).where(Staff.id == staff_id, Staff.blocked_at.is_(None)).values(blocked_at=tx.now)
    )
    forget_devices(tx, staff_id)
    withdraw(tx, Message.person_id == staff_id, Reason.ENDED)
    tx.audit("block", "staff", staff_id)
    return pass_on(tx, staff_id)


def unblock_staff(tx: Transaction, staff_id: UUID, phone: Phone | None = None) -> FirstSecrets | StaffFault:
    """Let somebody work again who was shut out, at a new number if she has one, with new secrets.

    What she had to do stays with whoever has it now.
    """
    if not is_blocked(tx, staff_id):
        return StaffFault.NOT_BLOCKED
    hers = {link.phone_id for link in links_of(tx, staff_id)}
    wanted = {numbers.note(tx, phone)} if phone else hers
    if any(staff_at(tx, phone_id) for phone_id in wanted):
        return StaffFault.NUMBER_TAKEN
    for phone_id in hers - wanted:
        numbers.unlink(tx, staff_id, phone_id)
    for phone_id in wanted - hers:
        numbers.link(tx, staff_id, phone_id, PhoneOwner.OWN, "operator")
    tx.connection.execute(update(Staff).where(Staff.id == staff_id).values(blocked_at=None))
    tx.audit("unblock", "staff", staff_id)
    return reset_staff(tx, staff_id)


def all_staff(reading: Reading) -> tuple[StaffRow, ...]:
    """Everybody, in order of their names."""
    people = reading.connection.execute(
        select(
            Staff.id,
            Staff.on_call,
            Staff.on_call_from,
            Staff.on_call_to,
            Staff.on_call_zone,
            Staff.blocked_at,
        )
    )
    rows = (_row(reading, person) for person in people)
    return tuple(sorted(rows, key=lambda row: row.name.casefold()))


def _row(reading: Reading, person: ResultRow[*tuple[object, ...]]) -> StaffRow:
    held = reading.connection.execute(
        select(StaffRole.role, StaffRole.site_id, Site.name)
        .outerjoin(Site, Site.id == StaffRole.site_id)
        .where(StaffRole.staff_id == person.id)
        .order_by(StaffRole.id)
    ).all()
    numbers_of_hers = (link.phone for link in links_of(reading, person.id) if link.phone)
    hours = duty(person.on_call_from, person.on_call_to, person.on_call_zone)
    in_her_place = present(reading, person.id) or who_acts_at(reading, held[0].site_id if held else None)
    return StaffRow(
        name=first_name(reading, person.id) or "",
        roles=tuple(sorted({row.role for row in held})),
        sites=tuple(sorted({row.name for row in held if row.name})),
        on_call=person.on_call,
        hours=str(hours) if hours else None,
        away_until=away_until(reading, person.id),
        acts_now=first_name(reading, in_her_place),
        blocked=person.blocked_at is not None,
        phone=next((phone.masked for phone in numbers_of_hers), ""),
    )
