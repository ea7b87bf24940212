"""Taking back a whole import."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, update

from service.actions.climb import settle
from service.actions.next_look import look_again
from service.actions.visits import note
from service.domain.care import VisitFact, VisitState
from service.domain.ledger import LedgerState
from service.intake.brought import Brought, Since, happened
from service.store import outbox
from service.store.models.care import Task, TaskEvent, Visit, VisitEvent
from service.store.models.columns import Row
from service.store.models.messages import Inbound, LedgerEntry, Message, UssdSession
from service.store.models.people import Client, Consent, Import, Infant, Person, PersonPhone, PhoneNumber
from service.store.models.plans import RungTaken
from service.store.transaction import Transaction

UNDONE = "import_undone"

_OUTCOMES = {
    VisitFact.ATTENDED: VisitState.ATTENDED,
    VisitFact.MISSED: VisitState.MISSED,
    VisitFact.NOT_KNOWN: VisitState.NOT_KNOWN,
    VisitFact.PLANNED: VisitState.PLANNED,
    VisitFact.MOVED: VisitState.PLANNED,
    VisitFact.REOPENED: VisitState.PLANNED,
}


def undo(tx: Transaction, import_id: UUID) -> tuple[Since, ...]:
    """Take back all that an import brought; if something has happened to it since, nothing, and say what.

    Sites that it made stay. The plans of others of whom it spoke are gone through at the next tick.

    1. Look what has happened since.
    2. Give the visits that it spoke of the state that they had.
    3. Delete what it made, and what plans made of that.
    """
    brought = Brought.by(tx, import_id)
    since = happened(tx, brought)
    if since:
        return since
    look_again(tx, Client.id.in_(_others(brought)))
    _give_back(tx, brought)
    _delete_care(tx, brought)
    _delete_people(tx, brought)
    tx.connection.execute(update(Import).where(Import.id == import_id).values(undone_at=tx.now))
    tx.audit("undo", "import", import_id)
    return ()


def _others(brought: Brought) -> Select[UUID]:
    spoken_of = or_(Visit.id.in_(brought.visits), Visit.id.in_(brought.marked))
    mothers = select(Infant.mother_id).where(Infant.import_id == brought.id)
    return select(Visit.client_id).where(spoken_of).union(mothers)  # type: ignore[return-value]


def _give_back(tx: Transaction, brought: Brought) -> None:
    """What was planned or ended because of an outcome is planned anew, and nobody is asked about it."""
    visits = sorted(set(tx.connection.scalars(brought.marked)))
    for visit_id in visits:
        tx.connection.execute(
            update(Visit).where(Visit.id == visit_id).values(state=_state_before(tx, brought, visit_id))
        )
        note(tx, visit_id, VisitFact.REOPENED, reason=UNDONE)
    decided = or_(LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.ended_at >= brought.since)
    unsent = LedgerEntry.message_id.is_(None) & decided
    _drop(tx, LedgerEntry, unsent & LedgerEntry.subject_id.in_(visits))
    _drop(tx, RungTaken, RungTaken.visit_id.in_(visits) & (RungTaken.taken_at >= brought.since))
    settle(tx, Task.visit_id.in_(visits))


def _state_before(tx: Transaction, brought: Brought, visit_id: UUID) -> VisitState:
    fact = tx.connection.scalar(
        select(VisitEvent.fact)
        .where(
            VisitEvent.visit_id == visit_id,
            VisitEvent.fact.in_(_OUTCOMES),
            or_(VisitEvent.import_id.is_(None), VisitEvent.import_id != brought.id),
        )
        .order_by(VisitEvent.recorded_at.desc(), VisitEvent.id.desc())
        .limit(1)
    )
    return _OUTCOMES[fact] if fact else VisitState.PLANNED


def _delete_care(tx: Transaction, brought: Brought) -> None:
    greetings = tx.connection.scalars(select(Message.id).where(Message.person_id.in_(brought.clients))).all()
    outbox.free_keys(tx, greetings)
    _drop(tx, LedgerEntry, brought.entries)
    _drop(tx, Message, Message.person_id.in_(brought.clients))
    tasks = select(Task.id).where(brought.tasks)
    _drop(tx, RungTaken, or_(RungTaken.visit_id.in_(brought.visits), RungTaken.task_id.in_(tasks)))
    _drop(tx, TaskEvent, TaskEvent.task_id.in_(tasks))
    _drop(tx, Task, brought.tasks)
    _drop(tx, VisitEvent, VisitEvent.visit_id.in_(brought.visits))
    _drop(tx, Visit, Visit.id.in_(brought.visits))


def _delete_people(tx: Transaction, brought: Brought) -> None:
    people = tx.connection.scalars(brought.people).all()
    phones = tx.connection.scalars(
        select(PersonPhone.phone_id).where(PersonPhone.person_id.in_(brought.people))
    ).all()
    _drop(tx, Consent, Consent.person_id.in_(brought.people))
    _drop(tx, PersonPhone, PersonPhone.person_id.in_(brought.people))
    _drop(tx, Infant, Infant.import_id == brought.id)
    _drop(tx, Client, Client.import_id == brought.id)
    for some in _some(people):
        _drop(tx, Person, Person.id.in_(some))
    for some in _some(phones):
        _drop(tx, PhoneNumber, PhoneNumber.id.in_(some) & _is_nobodys(brought))


def _is_nobodys(brought: Brought) -> ColumnElement[bool]:
    """The number is known for the sake of this import alone."""
    used = (
        exists().where(table.phone_id == PhoneNumber.id)
        for table in (PersonPhone, Message, Inbound, UssdSession, Task)
    )
    return (PhoneNumber.created_at >= brought.since) & ~or_(*used)


_AT_ONCE = 500


def _some(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _drop(tx: Transaction, table: type[Row], which: ColumnElement[bool]) -> None:
    tx.connection.execute(delete(table).where(which))
