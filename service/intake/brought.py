"""What an import brought, and what has happened to it since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union

from service.domain.care import VisitFact
from service.domain.message import MessageState
from service.domain.people import ClientState
from service.store.models.care import Task, TaskEvent, Visit, VisitEvent
from service.store.models.columns import Row
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client, Consent, Import, Infant, Person, PersonPhone
from service.store.transaction import Reading

_NEVER_LEFT: Final = (MessageState.CANCELLED, MessageState.FAILED)
_NOT_YET: Final = (*_NEVER_LEFT, MessageState.QUEUED, MessageState.HELD)
_SAID_BY_PEOPLE: Final = (
    VisitFact.CONFIRMED,
    VisitFact.CHANGE_ASKED,
    VisitFact.SAYS_ATTENDED,
    VisitFact.ATTENDED,
    VisitFact.MISSED,
)
_DATED_BY_PEOPLE: Final = (VisitFact.MOVED, VisitFact.CANCELLED)
_PEOPLE: Final = ("staff:%", "client:%", "caller:%")

_LOOKED_AT: Final = frozenset(
    {
        *("people", "clients", "infants", "visits", "visit_events", "ledger", "messages"),
        *("tasks", "task_events", "consents", "person_phones", "rungs_taken"),
    }
)
"""Tables in which an import leaves traces itself. A row of any other that points at what it brought is of
something that happened since, so that a new table is looked at without a word about it here."""


@dataclass(frozen=True)
class Since:
    """Something that has happened to what an import brought, and how often."""

    what: str
    count: int


@dataclass(frozen=True)
class Brought:
    """The rows that an import made or, in ``marked``, said something about. ``since`` is when it began."""

    id: UUID
    since: datetime

    @classmethod
    def by(cls, reading: Reading, import_id: UUID) -> "Brought":
        began = select(Import.recorded_at).where(Import.id == import_id)
        return cls(import_id, reading.connection.execute(began).scalar_one())

    @cached_property
    def clients(self) -> Select[UUID]:
        return select(Client.id).where(Client.import_id == self.id)

    @cached_property
    def infants(self) -> Select[UUID]:
        return select(Infant.id).where(Infant.import_id == self.id)

    @cached_property
    def people(self) -> Select[UUID]:
        return select(union(self.clients, self.infants).subquery())

    @cached_property
    def visits(self) -> Select[UUID]:
        """Those of the file, those of the people in it, and what plans asked because of either."""
        of_file = select(Visit.id).where(Visit.import_id == self.id)
        earned = or_(Visit.earned_from.in_(self.infants), Visit.earned_from.in_(of_file))
        return select(Visit.id).where(
            or_(
                Visit.import_id == self.id,
                Visit.client_id.in_(self.clients),
                self.of_infants(Visit),
                earned & Visit.dated_by_person.is_(False),
            )
        )

    @cached_property
    def marked(self) -> Select[UUID]:
        """Visits that were known before, or came with another file."""
        return select(VisitEvent.visit_id).where(
            VisitEvent.import_id == self.id, VisitEvent.visit_id.not_in(self.visits)
        )

    @property
    def tasks(self) -> ColumnElement[bool]:
        return or_(Task.client_id.in_(self.clients), self.of_infants(Task), Task.visit_id.in_(self.visits))

    @property
    def entries(self) -> ColumnElement[bool]:
        """Of the ledger."""
        return or_(
            LedgerEntry.client_id.in_(self.clients),
            LedgerEntry.subject_id.in_(self.infants),
            LedgerEntry.subject_id.in_(self.visits),
        )

    def of_infants(self, table: type[Visit] | type[Task]) -> ColumnElement[bool]:
        return table.subject_id.in_(self.infants)


def happened(reading: Reading, brought: Brought) -> tuple[Since, ...]:
    """What an undoing would have to take back though no file said it; nothing of it names anybody."""
    counted = (
        Since(
            what, reading.connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
        )
        for what, found in _questions(brought)
    )
    return tuple(since for since in counted if since.count)


def _questions(brought: Brought) -> Iterator[tuple[str, Select[Any]]]:
    yield "texts that left, or are about to", _texts(brought)
    yield "tasks that somebody took up", _tasks(brought)
    yield "entries about attendance or dates", _entries(brought)
    yield "visits that somebody entered", _visits(brought)
    yield "answers about consent", _consents(brought)
    yield "changed phones", _phones(brought)
    yield "clients whose state has changed", _changed(brought)
    yield "infants that somebody entered", _infants(brought)
    targets = {"people": brought.people, "clients": brought.clients, "infants": brought.infants}
    targets["visits"] = brought.visits
    for table in Row.metadata.sorted_tables:
        points = [
            column.in_(targets[key.column.table.name])
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table.name in targets
        ]
        if points and table.name not in _LOOKED_AT:
            yield table.name.replace("_", " "), select(table).where(or_(*points))


def _texts(brought: Brought) -> Select[Any]:
    about = select(LedgerEntry.message_id).where(
        LedgerEntry.message_id.is_not(None),
        or_(brought.entries, LedgerEntry.subject_id.in_(brought.marked)),
    )
    to_her = Message.person_id.in_(brought.clients)
    greeting = and_(to_her, Message.ledger_id.is_(None), Message.state.in_(_NOT_YET))
    stayed = and_(Message.attempts == 0, or_(Message.state.in_(_NEVER_LEFT), greeting))
    return select(Message.id).where(
        or_(to_her, Message.id.in_(about)), Message.created_at >= brought.since, ~stayed
    )


def _tasks(brought: Brought) -> Select[Any]:
    by_people = or_(*(TaskEvent.actor.like(kind) for kind in _PEOPLE))
    touched = exists().where(TaskEvent.task_id == Task.id, TaskEvent.recorded_at >= brought.since, by_people)
    return select(Task.id).where(or_(brought.tasks, Task.visit_id.in_(brought.marked)), touched)


def _entries(brought: Brought) -> Select[Any]:
    said = or_(
        VisitEvent.fact.in_(_SAID_BY_PEOPLE),
        and_(VisitEvent.fact.in_(_DATED_BY_PEOPLE), Visit.dated_by_person),
    )
    return (
        select(VisitEvent.id)
        .join(Visit, Visit.id == VisitEvent.visit_id)
        .where(
            or_(Visit.id.in_(brought.visits), Visit.id.in_(brought.marked)),
            VisitEvent.recorded_at >= brought.since,
            func.coalesce(VisitEvent.import_id != brought.id, True),
            said,
        )
    )


def _visits(brought: Brought) -> Select[Any]:
    others = func.coalesce(Visit.import_id != brought.id, True)
    return select(Visit.id).where(
        or_(Visit.client_id.in_(brought.clients), brought.of_infants(Visit)), Visit.dated_by_person, others
    )


def _consents(brought: Brought) -> Select[Any]:
    return (
        select(Consent.id)
        .join(Person, Person.id == Consent.person_id)
        .where(Person.id.in_(brought.people), Consent.recorded_at > Person.created_at)
    )


def _phones(brought: Brought) -> Select[Any]:
    later = or_(PersonPhone.since > Person.created_at, PersonPhone.until.is_not(None))
    return (
        select(PersonPhone.id)
        .join(Person, Person.id == PersonPhone.person_id)
        .where(Person.id.in_(brought.people), later)
    )


def _changed(brought: Brought) -> Select[Any]:
    elsewhere = or_(Client.state != ClientState.ACTIVE, Client.merged_into.is_not(None))
    infants = select(Infant.id).where(Infant.import_id == brought.id, Infant.state != ClientState.ACTIVE)
    return select(
        union(select(Client.id).where(Client.import_id == brought.id, elsewhere), infants).subquery()
    )


def _infants(brought: Brought) -> Select[Any]:
    return select(Infant.id).where(
        Infant.mother_id.in_(brought.clients), func.coalesce(Infant.import_id != brought.id, True)
    )
