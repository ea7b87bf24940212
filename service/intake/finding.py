"""Finding what a file speaks of, for all of its rows together: one look-up for some hundred rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Row, Select, select

from service.actions.sites import all_sites
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.phone import Phone
from service.intake.place import Code, Reference
from service.store.models.care import Visit, VisitEvent
from service.store.models.people import Client, Infant, Person, PersonPhone, PhoneNumber, Staff
from service.store.transaction import Reading

T = TypeVar("T")

_AT_ONCE: Final = 500
"""Values in one statement; SQLite takes 32,766, and a few hundred already cost next to nothing each."""


@dataclass(frozen=True)
class FoundClient:
    """``reached`` is false for a number that was hers once and is no longer."""

    id: UUID
    code: str
    nickname: str = field(repr=False)
    language: str
    reached: bool = True


@dataclass(frozen=True)
class FoundInfant:
    id: UUID
    mother_id: UUID
    nickname: str = field(repr=False)
    born_on: date | None


@dataclass(frozen=True)
class FoundVisit:
    id: UUID
    client_id: UUID
    subject_id: UUID
    kind: VisitKind
    day: date
    state: VisitState


VisitKey = tuple[UUID, UUID, VisitKind, date]
"""Client, subject, kind and day: no two visits share all four."""


def folded(name: str) -> str:
    """A nickname or place as it is compared: however it is cased and spaced."""
    return " ".join(name.split()).casefold()


def site_ids(reading: Reading) -> dict[str, UUID]:
    """Every site by its folded name."""
    return {folded(site.name): site.id for site in all_sites(reading)}


def clients_meant(
    reading: Reading, references: Iterable[Reference]
) -> Mapping[Reference, tuple[FoundClient, ...]]:
    """The clients of every code or number; where there is nobody, none."""
    wanted = set(references)
    found: dict[Reference, tuple[FoundClient, ...]] = dict.fromkeys(wanted, ())
    for phone, clients in clients_at(reading, (one for one in wanted if isinstance(one, Phone))).items():
        found[phone] = tuple(client for client in clients if client.reached)
    for code, client in _by_code(reading, (one for one in wanted if isinstance(one, Code))):
        found[code] = (client,)
    return found


def clients_at(reading: Reading, phones: Iterable[Phone]) -> Mapping[Phone, tuple[FoundClient, ...]]:
    """Whoever is or was reached at each of the numbers."""
    columns = (
        *(PhoneNumber.number_index, PersonPhone.until),
        *(Client.id, Client.code, Person.name, Person.language),
    )
    query = _at_numbers(select(*columns)).join(Client, Client.id == PersonPhone.person_id)
    query = query.join(Person, Person.id == Client.id).order_by(PersonPhone.since, PersonPhone.id)
    found: dict[Phone, tuple[FoundClient, ...]] = defaultdict(tuple)
    for phone, row in _each(reading, query, phones):
        found[phone] += (_client(reading, row, reached=row.until is None),)
    return found


Entry = tuple[UUID, str]
"""A site, and a number in its register."""


def clients_in_registers(reading: Reading, entries: Iterable[Entry]) -> Mapping[Entry, FoundClient]:
    """Whoever has each of these numbers in the register of its site."""
    query = select(
        Client.register_index, Client.site_id, Client.id, Client.code, Person.name, Person.language
    ).join(Person, Person.id == Client.id)
    found: dict[Entry, FoundClient] = {}
    for some in _batches({number for _, number in entries}):
        number_of = {index: one for one in some for index in reading.vault.indexes("register", one)}
        for row in reading.connection.execute(query.where(Client.register_index.in_(number_of))):
            entry = (row.site_id, number_of[row.register_index])
            found.setdefault(entry, _client(reading, row, reached=True))
    return found


def staff_at(reading: Reading, phones: Iterable[Phone]) -> Mapping[Phone, UUID]:
    """The members of staff whose numbers these are, unless they are blocked."""
    query = _at_numbers(select(PhoneNumber.number_index, Staff.id)).join(
        Staff, Staff.id == PersonPhone.person_id
    )
    query = query.where(PersonPhone.until.is_(None), Staff.blocked_at.is_(None))
    return {phone: row.id for phone, row in _each(reading, query, phones)}


def _at_numbers(query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
    return query.join_from(PhoneNumber, PersonPhone, PersonPhone.phone_id == PhoneNumber.id)


def _each(
    reading: Reading, query: Select[*tuple[object, ...]], phones: Iterable[Phone]
) -> Iterator[tuple[Phone, Row[*tuple[object, ...]]]]:
    """The rows of the query at each number, found by its blind index under any key."""
    for some in _batches(set(phones)):
        number_of = {index: one for one in some for index in reading.vault.indexes("phone", one.e164)}
        for row in reading.connection.execute(query.where(PhoneNumber.number_index.in_(number_of))):
            yield number_of[row.number_index], row


def _by_code(reading: Reading, codes: Iterable[Code]) -> Iterator[tuple[Code, FoundClient]]:
    query = select(Client.id, Client.code, Person.name, Person.language).join(Person, Person.id == Client.id)
    for some in _batches(codes):
        for row in reading.connection.execute(query.where(Client.code.in_([code.digits for code in some]))):
            yield Code(row.code), _client(reading, row, reached=True)


def infants_of(reading: Reading, mothers: Iterable[UUID]) -> Mapping[UUID, tuple[FoundInfant, ...]]:
    """The infants of each mother."""
    query = select(Infant.id, Infant.mother_id, Person.name, Person.born_on).join(
        Person, Person.id == Infant.id
    )
    found: dict[UUID, tuple[FoundInfant, ...]] = defaultdict(tuple)
    for some in _batches(set(mothers)):
        for row in reading.connection.execute(query.where(Infant.mother_id.in_(some))):
            infant = FoundInfant(row.id, row.mother_id, _name(reading, row), row.born_on)
            found[row.mother_id] += (infant,)
    return found


def entered_twice(reading: Reading, mothers: Iterable[UUID]) -> Iterator[FoundInfant]:
    """What infants of each mother were called in records that went into hers, where they were in both."""
    query = (
        select(Infant.id, Client.merged_into, Person.name, Person.born_on)
        .join(Person, Person.id == Infant.id)
        .join(Client, Client.id == Infant.mother_id)
    )
    for some in _batches(set(mothers)):
        for row in reading.connection.execute(query.where(Client.merged_into.in_(some))):
            yield FoundInfant(row.id, row.merged_into, _name(reading, row), row.born_on)


def visits_of(reading: Reading, clients: Iterable[UUID]) -> Iterator[FoundVisit]:
    """All visits of these clients and their infants, as they are now."""
    query = select(Visit.id, Visit.client_id, Visit.subject_id, Visit.kind, Visit.day, Visit.state)
    for some in _batches(set(clients)):
        yield from (
            FoundVisit(*row) for row in reading.connection.execute(query.where(Visit.client_id.in_(some)))
        )


def days_known(reading: Reading, clients: Iterable[UUID]) -> set[VisitKey]:
    """Every day that people gave to a visit of these clients: a file may be older than the last change."""
    query = select(Visit.client_id, Visit.subject_id, Visit.kind, VisitEvent.day).join(
        VisitEvent, VisitEvent.visit_id == Visit.id
    )
    dated = query.where(
        VisitEvent.fact.in_((VisitFact.PLANNED, VisitFact.MOVED)),
        VisitEvent.day.is_not(None),
        Visit.dated_by_person,
    )
    return {
        (row.client_id, row.subject_id, row.kind, row.day)
        for some in _batches(set(clients))
        for row in reading.connection.execute(dated.where(Visit.client_id.in_(some)))
    }


def _client(reading: Reading, row: Row[*tuple[object, ...]], *, reached: bool) -> FoundClient:
    return FoundClient(row.id, row.code, _name(reading, row), row.language, reached)


def _name(reading: Reading, row: Row[*tuple[object, ...]]) -> str:
    return reading.vault.open_if(Person.name, row.id, row.name) or ""


def _batches(values: Iterable[T]) -> Iterator[tuple[T, ...]]:
    rest = iter(values)
    while some := tuple(islice(rest, _AT_ONCE)):
        yield some
