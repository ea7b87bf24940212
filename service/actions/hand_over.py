"""What a person gets to do: the tasks of the plans, and reminders that could not go in time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.actions.dated_visit import dated_visit
from service.actions.ledger import end_entry
from service.actions.tasks import NewTask, open_task
from service.domain.hours import at_local
from service.domain.ledger import LedgerKind, LedgerState
from service.domain.message import MessageState
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.reminders.plan import Late, TaskStep
from service.reminders.vocabulary import Asked
from service.store import outbox
from service.store.models.care import Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Infant
from service.store.models.plans import InfantSample
from service.store.transaction import Reading, Transaction


@dataclass(frozen=True)
class Entry:
    """A row of the ledger that is still to come."""

    id: UUID
    kind: LedgerKind
    plan: str
    step: str
    client_id: UUID
    subject_id: UUID
    latest: datetime
    speaks_of: date
    reason: str | None


def hand_over(tx: Transaction, programme: Programme, entry: Entry) -> None:
    """Ask the person whom the plan names. One task is open for a step and a subject at a time."""
    asked, finish_by = _asked(programme, entry)
    if asked is None:
        end_entry(tx, entry.id, LedgerState.SUPPRESSED, Reason.SWITCHED_OFF)
        return
    task = NewTask(
        asked.task,
        entry.client_id,
        visit_id=_visit(tx, entry),
        subject_id=_infant(tx, entry),
        about=f"{entry.step}:{entry.subject_id}",
        urgency=asked.urgency,
        owner=asked.owner,
        finish_by=finish_by,
    )
    end_entry(tx, entry.id, LedgerState.HANDED_TO_PERSON, None, open_task(tx, task))


def _asked(programme: Programme, entry: Entry) -> tuple[Asked | None, datetime | None]:
    """What is asked of whom, and by when if the plan gives more time than the urgency does."""
    step = programme.task(entry.plan, entry.step)
    if step is not None:
        return step, _finish_by(programme, step, entry.speaks_of)
    date_step = programme.date(entry.plan, entry.step)
    return (date_step.overdue if date_step else None), None


def _finish_by(programme: Programme, step: TaskStep, counts_from: date) -> datetime | None:
    if not step.within_days:
        return None
    last_day = counts_from + timedelta(days=step.offset_days + step.within_days)
    return at_local(last_day, programme.calendar.safe.ends, programme.calendar.zone)


def _visit(reading: Reading, entry: Entry) -> UUID | None:
    """The visit that earned the task, or the one that its plan made and that is overdue now."""
    if dated_visit(reading, entry.subject_id):
        return entry.subject_id
    return reading.connection.scalar(
        select(Visit.id)
        .where(Visit.earned_step == entry.step, Visit.earned_from == entry.subject_id)
        .limit(1)
    )


def _infant(reading: Reading, entry: Entry) -> UUID | None:
    """The infant whom the task is about, if it is about one."""
    visit = dated_visit(reading, entry.subject_id)
    if visit:
        return visit.infant_id
    sampled = select(InfantSample.infant_id).where(InfantSample.id == entry.subject_id)
    infant = select(Infant.id).where((Infant.id == entry.subject_id) | Infant.id.in_(sampled))
    return reading.connection.scalar(infant)


_OUT_OF_TIME: Final = frozenset(
    {
        Reason.TOO_LATE,
        Reason.OUTSIDE_HOURS,
        Reason.DAILY_CAP,
        Reason.WEEKLY_CAP,
        Reason.INSTANCE_CAP,
        Reason.SPEND_CAP,
    }
)
"""Why a text missed its last useful moment, or could only leave after it."""


def end_reminder(tx: Transaction, programme: Programme, ledger_id: UUID, reason: Reason) -> None:
    """End a reminder that is not to go; what its plan does not let end in silence goes to a person."""
    row = tx.connection.execute(
        select(LedgerEntry.plan, LedgerEntry.step, LedgerEntry.client_id, LedgerEntry.subject_id).where(
            LedgerEntry.id == ledger_id
        )
    ).one()
    step = programme.step(row.plan, row.step)
    by_hand = step is not None and step.late is Late.HAND_TO_PERSON and reason in _OUT_OF_TIME
    if not by_hand and reason is not Reason.NO_SAFE_TIME:
        end_entry(tx, ledger_id, LedgerState.SUPPRESSED, reason)
        return
    visit = dated_visit(tx, row.subject_id)
    task = NewTask(
        TaskKind.NOT_DELIVERED, row.client_id, visit_id=visit.id if visit else None, about=row.step
    )
    end_entry(tx, ledger_id, LedgerState.HANDED_TO_PERSON, reason, open_task(tx, task))


def end_late(tx: Transaction, programme: Programme, most: int = 200) -> int:
    """End reminders whose text still waits to leave though its last useful moment has passed; how many.

    So one ends in time even while no gateway takes anything.
    """
    late = tx.connection.execute(
        select(Message.id, Message.ledger_id)
        .where(
            Message.state == MessageState.QUEUED,
            Message.not_after < tx.now,
            Message.ledger_id.is_not(None),
        )
        .limit(most)
    ).all()
    if not late:
        return 0
    cancelled = set(outbox.cancel_waiting(tx, Message.id.in_([row.id for row in late]), Reason.TOO_LATE))
    for row in late:
        if row.id in cancelled and row.ledger_id:
            end_reminder(tx, programme, row.ledger_id, Reason.TOO_LATE)
    return len(cancelled)
