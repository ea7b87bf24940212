"""Clients as their Mentor Mother sees them: the list of those in her care, and all that is known of one.

Whoever asks about one has her record, which ``client_in`` gives to nobody in whose caseload she is not.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy import Row as ResultRow

from service.domain.care import ContactMode, VisitFact, VisitKind, VisitState
from service.domain.caseload import Caseload
from service.domain.people import ClientState, ConsentChannel, Feeding
from service.store.caseloads import clients_in
from service.store.models.access import Note
from service.store.models.care import Contact, Visit, VisitEvent
from service.store.models.people import Client, Infant, Person, Site
from service.store.records import ClientRecord, Word, first_name, last_word
from service.store.transaction import Reading

STILL_HERE: Final = (ClientState.PENDING, ClientState.ACTIVE, ClientState.MUTED)


@dataclass(frozen=True)
class ClientRow:
    """One line of the list. ``next_day`` is the local day of her next visit, or her baby's."""

    code: str
    nickname: str = field(repr=False)
    site: str
    state: ClientState
    next_day: date | None


def cared_for(
    reading: Reading, caseload: Caseload, today: date, most: int, skip: int = 0
) -> tuple[ClientRow, ...]:
    """The clients of a caseload who are still with us, those in front who are expected soonest."""
    next_day = (
        select(func.min(Visit.day))
        .where(Visit.client_id == Client.id, Visit.day >= today, Visit.state == VisitState.PLANNED)
        .correlate(Client)
        .scalar_subquery()
    )
    rows = reading.connection.execute(
        select(
            Client.id, Client.code, Person.name, Site.name.label("site"), Client.state, next_day.label("day")
        )
        .join(Person, Person.id == Client.id)
        .join(Site, Site.id == Client.site_id)
        .where(clients_in(caseload), Client.state.in_(STILL_HERE))
        .order_by(next_day.is_(None), next_day, Client.code)
        .limit(most)
        .offset(skip)
    )
    return tuple(
        ClientRow(
            row.code, reading.vault.open_if(Person.name, row.id, row.name) or "", row.site, row.state, row.day
        )
        for row in rows
    )


@dataclass(frozen=True)
class About:
    """What the head of her page shows besides her record."""

    site: str
    mentor: str | None = field(repr=False)
    edd: date | None
    enrolled_on: date
    words: dict[ConsentChannel, Word]


def about(reading: Reading, woman: ClientRecord) -> About:
    row = reading.connection.execute(
        select(Site.name, Client.edd, Client.enrolled_on)
        .join(Client, Client.site_id == Site.id)
        .where(Client.id == woman.id)
    ).one()
    return About(
        site=row.name,
        mentor=first_name(reading, woman.mentor_id),
        edd=row.edd,
        enrolled_on=row.enrolled_on,
        words={channel: last_word(reading, woman.id, channel) for channel in ConsentChannel},
    )


@dataclass(frozen=True)
class VisitRow:
    """A visit of hers or, where ``whose`` names one, of her infant. ``why`` is the reason of a miss."""

    id: UUID
    kind: VisitKind
    day: date
    at: time | None
    state: VisitState
    confirmed: bool
    whose: str | None = field(repr=False)
    why: str | None


_WHY: Final = (
    select(VisitEvent.reason)
    .where(VisitEvent.visit_id == Visit.id, VisitEvent.fact == VisitFact.MISSED)
    .order_by(VisitEvent.recorded_at.desc(), VisitEvent.id.desc())
    .limit(1)
    .correlate(Visit)
    .scalar_subquery()
)


_RECORDED: Final = (VisitState.ATTENDED, VisitState.MISSED)


def coming_visits(reading: Reading, woman: ClientRecord, today: date, most: int) -> tuple[VisitRow, ...]:
    """Her visits and her infants' of which it is not told yet how they went, the nearest first."""
    return _visits(reading, woman, _is_to_come(today), Visit.day, most)


def past_visits(reading: Reading, woman: ClientRecord, today: date, most: int) -> tuple[VisitRow, ...]:
    """The others, the latest first."""
    return _visits(reading, woman, ~_is_to_come(today), Visit.day.desc(), most)


def _is_to_come(today: date) -> ColumnElement[bool]:
    return (Visit.day >= today) & Visit.state.not_in(_RECORDED)


def _visits(
    reading: Reading,
    woman: ClientRecord,
    which: ColumnElement[bool],
    order: SQLColumnExpression[date],
    most: int,
) -> tuple[VisitRow, ...]:
    rows = reading.connection.execute(
        select(
            Visit.id,
            Visit.kind,
            Visit.day,
            Visit.at,
            Visit.state,
            Visit.confirmed_at,
            Visit.subject_id,
            Person.name,
            _WHY.label("why"),
        )
        .join(Person, Person.id == Visit.subject_id)
        .where(Visit.client_id == woman.id, Visit.state != VisitState.CANCELLED, which)
        .order_by(order, Visit.id)
        .limit(most)
    )
    return tuple(_visit(reading, woman, row) for row in rows)


def _visit(reading: Reading, woman: ClientRecord, row: ResultRow[*tuple[object, ...]]) -> VisitRow:
    name = reading.vault.open_if(Person.name, row.subject_id, row.name)
    return VisitRow(
        id=row.id,
        kind=row.kind,
        day=row.day,
        at=row.at,
        state=row.state,
        confirmed=row.confirmed_at is not None,
        whose=None if row.subject_id == woman.id else name,
        why=row.why if row.state is VisitState.MISSED else None,
    )


@dataclass(frozen=True)
class InfantRow:
    id: UUID
    nickname: str = field(repr=False)
    born_on: date | None
    state: ClientState
    feeding: Feeding | None
    weaned_on: date | None


def infants(reading: Reading, woman: ClientRecord) -> tuple[InfantRow, ...]:
    """None of a record that went into another: what stays with it was entered in both, and is kept there."""
    rows = reading.connection.execute(
        select(Infant.id, Person.name, Person.born_on, Infant.state, Infant.feeding, Infant.weaned_on)
        .join(Person, Person.id == Infant.id)
        .join(Client, Client.id == Infant.mother_id)
        .where(Infant.mother_id == woman.id, Client.merged_into.is_(None))
        .order_by(Person.born_on, Infant.id)
    )
    return tuple(
        InfantRow(
            row.id,
            reading.vault.open_if(Person.name, row.id, row.name) or "",
            row.born_on,
            row.state,
            row.feeding,
            row.weaned_on,
        )
        for row in rows
    )


@dataclass(frozen=True)
class ContactRow:
    at: datetime
    mode: ContactMode


def contacts(reading: Reading, woman: ClientRecord, most: int) -> tuple[ContactRow, ...]:
    """The two-way contacts with her, the newest first."""
    rows = reading.connection.execute(
        select(Contact.occurred_at, Contact.mode)
        .where(Contact.client_id == woman.id)
        .order_by(Contact.occurred_at.desc(), Contact.id.desc())
        .limit(most)
    )
    return tuple(ContactRow(*row) for row in rows)


@dataclass(frozen=True)
class NoteRow:
    at: datetime
    text: str = field(repr=False)
    actor: str


def notes(reading: Reading, woman: ClientRecord, most: int) -> tuple[NoteRow, ...]:
    rows = reading.connection.execute(
        select(Note.id, Note.body, Note.written_at, Note.actor)
        .where(Note.client_id == woman.id, Note.body.is_not(None))
        .order_by(Note.written_at.desc(), Note.id.desc())
        .limit(most)
    )
    return tuple(
        NoteRow(row.written_at, reading.vault.open_if(Note.body, row.id, row.body) or "", row.actor)
        for row in rows
    )
