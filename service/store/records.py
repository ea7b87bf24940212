"""Rows of people as opened values: what actions and screens work with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import Row as ResultRow
from sqlalchemy import bindparam, select

from service.domain.people import (
    ClientKind,
    ClientState,
    ConsentChannel,
    PersonKind,
    PhoneOwner,
    SafeTimes,
    Wording,
)
from service.domain.phone import Phone
from service.domain.safety import Doubt
from service.store.models.people import Client, Consent, Infant, Person, PersonPhone, PhoneNumber, Site, Staff
from service.store.models.safety import Supporter
from service.store.transaction import Reading


@dataclass(frozen=True)
class ClientRecord:
    id: UUID
    code: str
    nickname: str = field(repr=False)
    language: str
    site_id: UUID
    mentor_id: UUID | None
    kind: ClientKind
    state: ClientState
    wording: Wording
    safe_from: time | None
    safe_to: time | None
    safe_days: frozenset[int] | None

    def safe_times(self, usual: SafeTimes) -> SafeTimes:
        """The hours that she chose, or the installation's where she chose none."""
        return chosen_times(self.safe_from, self.safe_to, self.safe_days or (), usual)


def chosen_times(starts: time | None, ends: time | None, days: Iterable[int], usual: SafeTimes) -> SafeTimes:
    return SafeTimes(starts or usual.starts, ends or usual.ends, frozenset(days) or usual.days)


@dataclass(frozen=True)
class NumberLink:
    """A number at which a person is reached now."""

    link_id: UUID
    phone_id: UUID
    phone: Phone | None
    owner: PhoneOwner
    confirmed_at: datetime | None
    suspended_at: datetime | None
    heard_at: datetime | None
    doubt: Doubt | None
    asked_at: datetime | None


_CLIENTS: Final = select(
    Client.id,
    Client.code,
    Client.site_id,
    Client.mentor_id,
    Client.kind,
    Client.state,
    Client.wording,
    Client.safe_from,
    Client.safe_to,
    Client.safe_days,
    Person.name,
    Person.language,
).join(Person, Person.id == Client.id)
"""The statements here are made once: they run for every text, and to build one costs more than to run it."""

_CLIENT: Final = _CLIENTS.where(Client.id == bindparam("this"))
_CLIENTS_AT: Final = (
    _CLIENTS.join(PersonPhone, PersonPhone.person_id == Client.id)
    .where(PersonPhone.phone_id == bindparam("this"), PersonPhone.until.is_(None))
    .order_by(PersonPhone.since, PersonPhone.id)
)


def _client(reading: Reading, row: ResultRow[*tuple[object, ...]]) -> ClientRecord:
    days = row.safe_days
    return ClientRecord(
        id=row.id,
        code=row.code,
        nickname=reading.vault.open_if(Person.name, row.id, row.name) or "",
        language=row.language,
        site_id=row.site_id,
        mentor_id=row.mentor_id,
        kind=row.kind,
        state=row.state,
        wording=row.wording,
        safe_from=row.safe_from,
        safe_to=row.safe_to,
        safe_days=frozenset(int(day) for day in days) if days else None,
    )


def client(reading: Reading, client_id: UUID) -> ClientRecord:
    """The client of that id, who must exist."""
    return _client(reading, reading.connection.execute(_CLIENT, {"this": client_id}).one())


def client_by_code(reading: Reading, code: str) -> ClientRecord | None:
    row = reading.connection.execute(_CLIENTS.where(Client.code == code)).one_or_none()
    return _client(reading, row) if row else None


def clients_at(reading: Reading, phone_id: UUID) -> tuple[ClientRecord, ...]:
    """The clients who are reached at a number now, in the order in which they came to it."""
    rows = reading.connection.execute(_CLIENTS_AT, {"this": phone_id})
    return tuple(_client(reading, row) for row in rows)


def reached_at(reading: Reading, phone_id: UUID) -> tuple[UUID, ...]:
    """The clients and supporters who are reached at a number now; nobody, once it was reported as wrong."""
    return tuple(
        reading.connection.scalars(
            select(PersonPhone.person_id)
            .join(Person, Person.id == PersonPhone.person_id)
            .join(PhoneNumber, PhoneNumber.id == PersonPhone.phone_id)
            .where(
                PersonPhone.phone_id == phone_id,
                PersonPhone.until.is_(None),
                PhoneNumber.suspended_at.is_(None),
                Person.kind.in_((PersonKind.CLIENT, PersonKind.SUPPORTER)),
            )
            .order_by(PersonPhone.since, PersonPhone.id)
        )
    )


def staff_at(reading: Reading, phone_id: UUID) -> UUID | None:
    """The member of staff whose number this is, unless she is blocked."""
    return reading.connection.scalar(
        select(Staff.id)
        .join(PersonPhone, PersonPhone.person_id == Staff.id)
        .where(PersonPhone.phone_id == phone_id, PersonPhone.until.is_(None), Staff.blocked_at.is_(None))
        .limit(1)
    )


_LINKS: Final = (
    select(
        PersonPhone.id,
        PersonPhone.phone_id,
        PhoneNumber.number,
        PersonPhone.owner,
        PersonPhone.confirmed_at,
        PhoneNumber.suspended_at,
        PhoneNumber.heard_at,
        PersonPhone.doubt,
        PersonPhone.asked_at,
    )
    .join(PhoneNumber, PhoneNumber.id == PersonPhone.phone_id)
    .where(PersonPhone.person_id == bindparam("this"), PersonPhone.until.is_(None))
    .order_by(PersonPhone.rank, PersonPhone.since)
)


def links_of(reading: Reading, person_id: UUID) -> tuple[NumberLink, ...]:
    """A person's numbers, the one to be used first in front."""
    return tuple(
        NumberLink(
            row.id,
            row.phone_id,
            open_number(reading, row.phone_id, row.number),
            row.owner,
            row.confirmed_at,
            row.suspended_at,
            row.heard_at,
            row.doubt,
            row.asked_at,
        )
        for row in reading.connection.execute(_LINKS, {"this": person_id})
    )


def open_number(reading: Reading, phone_id: UUID, sealed: bytes | None) -> Phone | None:
    """The number itself; ``None`` once it has been erased."""
    number = reading.vault.open_if(PhoneNumber.number, phone_id, sealed)
    return Phone(number) if number else None


def first_name(reading: Reading, person_id: UUID | None) -> str | None:
    """How texts call a person, or ``None`` if there is nobody or she was erased."""
    if person_id is None:
        return None
    sealed = reading.connection.scalar(select(Person.name).where(Person.id == person_id))
    return reading.vault.open_if(Person.name, person_id, sealed)


def living_name(reading: Reading, infant_id: UUID | None) -> str | None:
    """How texts call an infant; the name of one who died is in no text again."""
    died = select(Infant.id).where(Infant.id == infant_id, Infant.state == ClientState.DIED)
    return None if reading.connection.scalar(died) else first_name(reading, infant_id)


@dataclass(frozen=True)
class Word:
    """What somebody said last about being reached in a certain way, and how that came to us."""

    given: bool
    through: str


SILENCE = Word(given=False, through="")


_LAST_WORD: Final = (
    select(Consent.given, Consent.through)
    .where(Consent.person_id == bindparam("this"), Consent.channel == bindparam("channel"))
    .order_by(Consent.occurred_at.desc(), Consent.given, Consent.id.desc())
    .limit(1)
)


def last_word(reading: Reading, person_id: UUID, channel: ConsentChannel) -> Word:
    """Her latest yes or no. Silence is no; of two words of the same moment the no counts."""
    row = reading.connection.execute(_LAST_WORD, {"this": person_id, "channel": channel}).one_or_none()
    return Word(row.given, row.through) if row else SILENCE


def consents_to(reading: Reading, person_id: UUID, channel: ConsentChannel) -> bool:
    return last_word(reading, person_id, channel).given


def infants_of(reading: Reading, mother_id: UUID) -> tuple[UUID, ...]:
    return tuple(
        reading.connection.scalars(select(Infant.id).where(Infant.mother_id == mother_id).order_by(Infant.id))
    )


def with_her(reading: Reading, client_id: UUID) -> tuple[UUID, ...]:
    """Whoever is known for her sake alone: infants, supporters, records that were merged into hers.

    With such a record stays an infant that was entered in both.
    """
    merged = select(Client.id).where(Client.merged_into == client_id)
    others = (
        select(Supporter.id).where(Supporter.client_id == client_id),
        merged,
        select(Infant.id).where(Infant.mother_id.in_(merged)),
    )
    known = (found for one in others for found in reading.connection.scalars(one))
    return (*infants_of(reading, client_id), *known)


def site_named(reading: Reading, name: str) -> UUID | None:
    """The site of that name, however its letters are cased."""
    wanted = " ".join(name.split()).casefold()
    sites = reading.connection.execute(select(Site.id, Site.name))
    return next((site_id for site_id, known in sites if known.casefold() == wanted), None)
