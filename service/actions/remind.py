"""The ledger: what a visit earns, and when it falls due."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import func, select, update

from service.actions.ledger import take_back
from service.actions.tasks import NewTask, open_task
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.hours import narrowed
from service.domain.ledger import LedgerState
from service.domain.people import SafeTimes
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.reminders.due import Awaits, DueStep, HandToPerson, Known, Send, Skip, Subject, due
from service.reminders.plan import Anchor, Unless, Whose
from service.store.models.care import Visit, VisitEvent
from service.store.models.messages import LedgerEntry, Message
from service.store.records import ClientRecord, client
from service.store.transaction import Reading, Transaction

_HAPPENED = {
    VisitState.ATTENDED: Unless.ATTENDED,
    VisitState.MISSED: Unless.MISSED,
    VisitState.CANCELLED: Unless.CANCELLED,
}
_NEVER_LEFT = (LedgerState.PLANNED, LedgerState.SUPPRESSED, LedgerState.HANDED_TO_PERSON)
_OF_THE_VISIT = (Reason.ATTENDED, Reason.MISSED, Reason.CANCELLED_VISIT, Reason.MOVED, Reason.MERGED)
"""Ends that a correction of the visit undoes."""


@dataclass(frozen=True)
class DatedVisit:
    """A visit as the plans need it. ``day`` is local, ``known_at`` when the service learnt of that day."""

    id: UUID
    client_id: UUID
    subject_id: UUID
    kind: VisitKind
    day: date
    state: VisitState
    interval_days: int | None
    known_at: datetime

    @property
    def whose(self) -> Whose:
        return Whose.SELF if self.subject_id == self.client_id else Whose.CHILD


def dated_visit(reading: Reading, visit_id: UUID) -> DatedVisit:
    row = reading.connection.execute(
        select(
            Visit.id,
            Visit.client_id,
            Visit.subject_id,
            Visit.kind,
            Visit.day,
            Visit.state,
            Visit.interval_days,
            Visit.known_at,
        ).where(Visit.id == visit_id)
    ).one()
    return DatedVisit(*row)


def plan_reminders(tx: Transaction, programme: Programme, visit_id: UUID) -> None:
    """Bring the ledger of a visit in line with its date and state. Running it again changes nothing.

    1. Ask the plans what the visit earns.
    2. Add a row for each step that has none; re-date or reopen the rows of which nothing has left.
    3. Take back the texts that are queued for a date that no longer holds.
    """
    visit = dated_visit(tx, visit_id)
    woman = client(tx, visit.client_id)
    _take_back(tx, visit)
    calendar = narrowed(programme.calendar, own_hours(woman, programme))
    for earned in due(programme.plans, _subject(tx, visit), calendar):
        _enter(tx, programme, visit, earned)


def own_hours(woman: ClientRecord, programme: Programme) -> SafeTimes:
    return woman.safe_times(programme.calendar.safe)


def _take_back(tx: Transaction, visit: DatedVisit) -> None:
    """Cancel what waits in the outbox for another day of this visit, and let its rows be planned anew."""
    stale = select(LedgerEntry.message_id).where(
        LedgerEntry.subject_id == visit.id,
        LedgerEntry.state == LedgerState.QUEUED,
        LedgerEntry.speaks_of != visit.day,
    )
    take_back(tx, Message.id.in_(stale), Reason.MOVED)


def _subject(tx: Transaction, visit: DatedVisit) -> Subject:
    happened = _HAPPENED.get(visit.state)
    return Subject(
        id=visit.id,
        whose=visit.whose,
        anchors={Anchor.VISIT: Known(visit.day, visit.known_at)},
        kind=visit.kind,
        interval_days=visit.interval_days or _days_since_last(tx, visit),
        missed_at=_missed_at(tx, visit),
        happened=frozenset({happened} if happened else ()),
        told=_told(tx, visit),
    )


def _days_since_last(tx: Transaction, visit: DatedVisit) -> int | None:
    last = tx.connection.scalar(
        select(func.max(Visit.day)).where(
            Visit.subject_id == visit.subject_id, Visit.kind == visit.kind, Visit.day < visit.day
        )
    )
    return (visit.day - last).days if last else None


def _missed_at(tx: Transaction, visit: DatedVisit) -> datetime | None:
    if visit.state is not VisitState.MISSED:
        return None
    return tx.connection.scalar(
        select(VisitEvent.recorded_at)
        .where(VisitEvent.visit_id == visit.id, VisitEvent.fact == VisitFact.MISSED)
        .order_by(VisitEvent.recorded_at.desc())
        .limit(1)
    )


def _told(tx: Transaction, visit: DatedVisit) -> Mapping[str, int]:
    """How many texts of each step went out up to the last one that named another day than her date.

    So she is told anew of a date to which it came back, if she had been told of another one meanwhile.
    """
    rows = tx.connection.execute(
        select(LedgerEntry.step, LedgerEntry.speaks_of)
        .where(LedgerEntry.subject_id == visit.id, LedgerEntry.state.not_in(_NEVER_LEFT))
        .order_by(LedgerEntry.planned_at, LedgerEntry.id)
    )
    went_out: Counter[str] = Counter()
    told: dict[str, int] = {}
    for step, day in rows:
        went_out[step] += 1
        if day != visit.day:
            told[step] = went_out[step]
    return told


def _enter(tx: Transaction, programme: Programme, visit: DatedVisit, earned: DueStep) -> None:
    values = _values(tx, visit, earned)
    step, subject_id, occurrence = earned.key
    keys = {"step": step, "subject_id": subject_id, "occurrence": str(occurrence)}
    known = tx.connection.execute(
        select(
            LedgerEntry.id,
            LedgerEntry.state,
            LedgerEntry.reason,
            LedgerEntry.due_at,
            LedgerEntry.speaks_of,
        ).filter_by(**keys)
    ).one_or_none()
    if known is None:
        tx.add(
            LedgerEntry,
            **keys,
            **values,
            plan=earned.plan,
            timing_version=programme.timing[earned.plan],
            client_id=visit.client_id,
            planned_at=tx.now,
        )
        return
    same = (known.due_at, known.speaks_of) == (values["due_at"], values["speaks_of"])
    ended = known.state is not LedgerState.PLANNED and known.reason not in _OF_THE_VISIT
    if known.state not in _NEVER_LEFT or (same and ended):
        return
    tx.connection.execute(
        update(LedgerEntry)
        .where(LedgerEntry.id == known.id)
        .values(**values, timing_version=programme.timing[earned.plan])
    )


def _values(tx: Transaction, visit: DatedVisit, earned: DueStep) -> dict[str, Any]:
    values: dict[str, Any] = {
        "due_at": earned.due_at,
        "latest": earned.latest,
        "speaks_of": earned.about,
        "state": LedgerState.PLANNED,
        "reason": None,
        "ended_at": None,
    }
    match earned.outcome:
        case Send(at):
            return values | {"due_at": at}
        case Awaits():
            return values
        case Skip(reason):
            return values | {"state": LedgerState.SUPPRESSED, "reason": reason, "ended_at": tx.now}
        case HandToPerson(reason):
            task = NewTask(TaskKind.NOT_DELIVERED, visit.client_id, visit_id=visit.id, about=earned.step.id)
            return values | {
                "state": LedgerState.HANDED_TO_PERSON,
                "reason": reason,
                "ended_at": tx.now,
                "task_id": open_task(tx, task),
            }
        case _:
            assert_never(earned.outcome)
