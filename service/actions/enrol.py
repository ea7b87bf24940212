"""Taking clients and infants into the programme's care."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.actions import consent, numbers
from service.actions.names import sealed_name
from service.actions.next_look import look_again
from service.domain.code import LENGTHS, draw_code
from service.domain.discretion import ADULT, full_years
from service.domain.ids import new_id
from service.domain.people import (
    ClientKind,
    ClientState,
    ConsentChannel,
    EnrolledThrough,
    Feeding,
    InfantRisk,
    PersonKind,
    PhoneOwner,
    Sex,
    Wording,
)
from service.domain.phone import Phone
from service.store.models.people import Client, Infant, Person
from service.store.records import clients_at
from service.store.transaction import Reading, Transaction

DRAWS: Final = 20
"""Codes of one length that are drawn before a longer one is: by then nearly all of them are taken."""


@dataclass(frozen=True)
class NewClient:
    """What is known of a client when she is enrolled. Times are local; days are ISO weekdays.

    Whoever takes herself in is ``pending`` until a person has verified it.
    """

    phone: Phone
    nickname: str = field(repr=False)
    language: str
    site_id: UUID
    enrolled_on: date
    consents: frozenset[ConsentChannel]
    phone_confirmed: bool
    mentor_id: UUID | None = None
    kind: ClientKind = ClientKind.OTHER
    wording: Wording = Wording.T0
    phone_owner: PhoneOwner = PhoneOwner.OWN
    safe_from: time | None = None
    safe_to: time | None = None
    safe_days: frozenset[int] | None = None
    born_on: date | None = None
    sex: Sex | None = None
    edd: date | None = None
    register_no: str | None = field(default=None, repr=False)
    enrolled_through: EnrolledThrough = EnrolledThrough.FACILITY
    state: ClientState = ClientState.ACTIVE


@dataclass(frozen=True)
class NewInfant:
    mother_id: UUID
    nickname: str = field(repr=False)
    born_on: date
    sex: Sex | None = None
    risk: InfantRisk | None = None
    feeding: Feeding | None = None
    weaned_on: date | None = None
    state: ClientState = ClientState.ACTIVE


def enrol_client(tx: Transaction, new: NewClient, import_id: UUID | None = None) -> UUID:
    """Take a client in: person, number, consents and code. A nickname at a shared number must be hers alone.

    Raises ``NicknameTaken`` if another client at the same number is called the same.
    """
    phone_id = numbers.note(tx, new.phone)
    refuse_same_nickname(tx, phone_id, new.nickname)
    client_id = new_id()
    _add_person(tx, client_id, PersonKind.CLIENT, new.nickname, new.language, new.born_on, new.sex)
    register_no = new.register_no or None
    tx.add(
        Client,
        id=client_id,
        code=_free_code(tx),
        site_id=new.site_id,
        mentor_id=new.mentor_id,
        kind=new.kind,
        state=new.state,
        wording=_wording(new),
        safe_from=new.safe_from,
        safe_to=new.safe_to,
        safe_days="".join(str(day) for day in sorted(new.safe_days)) if new.safe_days else None,
        edd=new.edd,
        register_no=tx.vault.seal_if(Client.register_no, client_id, register_no),
        register_index=tx.vault.index("register", register_no) if register_no else None,
        enrolled_on=new.enrolled_on,
        look_again_on=new.enrolled_on,
        enrolled_through=new.enrolled_through,
        verified_at=tx.now if new.state is ClientState.ACTIVE else None,
        created_at=tx.now,
        actor=str(tx.actor),
        import_id=import_id,
    )
    numbers.link(tx, client_id, phone_id, new.phone_owner, "import" if new.phone_confirmed else None)
    basis = consent.BASIS_OF_A_MINOR if _is_minor(new) else None
    for channel in ConsentChannel:
        given = channel in new.consents
        consent.record(tx, client_id, channel, given=given, through=new.enrolled_through, basis=basis)
    tx.audit("enrol", "client", client_id)
    return client_id


def _is_minor(new: NewClient) -> bool:
    return new.born_on is not None and full_years(new.born_on, new.enrolled_on) < ADULT


def _wording(new: NewClient) -> Wording:
    """Neutral for a minor whatever was asked, so that no birthday makes texts more telling."""
    return Wording.T0 if _is_minor(new) and new.wording is Wording.T1 else new.wording


class NicknameTaken(Exception):
    """Two clients at one number cannot share a nickname: neither could tell whom a text is for."""


def refuse_same_nickname(reading: Reading, phone_id: UUID, nickname: str, *but: UUID) -> None:
    """Raise ``NicknameTaken`` if another client at a number, ``but`` for these, is called the same."""
    others = (known for known in clients_at(reading, phone_id) if known.id not in but)
    if any(known.nickname.casefold() == nickname.casefold() for known in others):
        raise NicknameTaken


def enrol_infant(tx: Transaction, new: NewInfant, language: str, import_id: UUID | None = None) -> UUID:
    """Take an infant in under her mother, who is the one to be reached."""
    infant_id = new_id()
    _add_person(tx, infant_id, PersonKind.INFANT, new.nickname, language, new.born_on, new.sex)
    tx.add(
        Infant,
        id=infant_id,
        mother_id=new.mother_id,
        state=new.state,
        risk=new.risk,
        feeding=new.feeding,
        weaned_on=new.weaned_on,
        created_at=tx.now,
        actor=str(tx.actor),
        import_id=import_id,
    )
    look_again(tx, Client.id == new.mother_id)
    tx.audit("enrol", "infant", infant_id)
    return infant_id


def _add_person(
    tx: Transaction,
    person_id: UUID,
    kind: PersonKind,
    name: str,
    language: str,
    born_on: date | None,
    sex: Sex | None,
) -> None:
    tx.add(
        Person,
        id=person_id,
        kind=kind,
        name=sealed_name(tx, person_id, name),
        language=language,
        born_on=born_on,
        sex=sex,
        created_at=tx.now,
        actor=str(tx.actor),
    )


def _free_code(tx: Transaction) -> str:
    """A code that nobody has; where most of a length are taken, the next length is drawn from."""
    for length in LENGTHS:
        for _ in range(DRAWS):
            code = draw_code(length)
            if tx.connection.scalar(select(Client.id).where(Client.code == code)) is None:
                return code
    raise RuntimeError("Nearly all client codes are taken.")
