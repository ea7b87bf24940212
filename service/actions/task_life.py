"""A task in people's hands: who has it, what was tried, what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from service.actions.contacts import note_contact
from service.actions.corrections import to_tell
from service.actions.loss import NewLoss, record_loss
from service.actions.roster import present
from service.actions.tasks import Ending, close_where, note_event
from service.domain.alarms import ALARM_EVERY
from service.domain.care import ContactMode, VisitKind
from service.domain.safety import LossKind
from service.domain.tasks import (
    FollowUpMethod,
    FollowUpOutcome,
    FollowUpReason,
    InformationSource,
    TaskFact,
    TaskKind,
    TaskState,
    Trouble,
    Urgency,
    usual_reason,
)
from service.programme import Programme
from service.store.models.care import Task, TaskEvent, Visit
from service.store.models.follow_up import TaskTrouble
from service.store.models.safety import Loss
from service.store.records import client
from service.store.transaction import Reading, Transaction

UNHEARD: Final = -1
"""The step of danger of which its owner has not been alarmed yet."""


class TaskFault(StrEnum):
    """Why a task was left as it is, and what to do instead."""

    CLOSED = "This task is closed already."
    NOT_THERE = "She is blocked or on leave; choose somebody who is there."
    TRIED_TOO_LITTLE = "Note more tries, at other hours of the day, before you say that she was not found."
    STILL_TO_TELL = "Note who was told of the correction; with the last of them this closes by itself."


@dataclass(frozen=True)
class Closing:
    """What came of a follow-up, in the code lists. Where no ``reason`` is given the usual one is noted."""

    outcome: FollowUpOutcome
    method: FollowUpMethod | None = None
    reason: FollowUpReason | None = None
    source: InformationSource | None = None
    troubles: frozenset[Trouble] = frozenset()


def acknowledge(tx: Transaction, task_id: UUID, staff_id: UUID) -> TaskFault | None:
    """Somebody says "I have it": from now on it is hers, and nobody else is alarmed.

    What came of danger she is asked, if she notes nothing (``alarms``).
    """
    task = _lock(tx, task_id)
    if task is None:
        return TaskFault.CLOSED
    tx.connection.execute(
        update(Task)
        .where(Task.id == task_id)
        .values(
            state=TaskState.ACKNOWLEDGED,
            acknowledged_at=tx.now,
            owner_id=staff_id,
            escalate_at=max(task.due_at, tx.now),
        )
    )
    note_event(tx, task_id, TaskFact.ACKNOWLEDGED, owner_id=staff_id)
    return None


def reassign(tx: Transaction, task_id: UUID, staff_id: UUID) -> TaskFault | None:
    """Give a task to somebody else, who has not seen it yet."""
    task = _lock(tx, task_id)
    if task is None:
        return TaskFault.CLOSED
    if present(tx, staff_id) != staff_id:
        return TaskFault.NOT_THERE
    give(tx, task_id, staff_id, TaskFact.REASSIGNED)
    return None


def give(tx: Transaction, task_id: UUID, staff_id: UUID, fact: TaskFact) -> None:
    """Let a task be somebody's, who has as long to answer as whoever had it first; danger alarms her now."""
    urgency, due_at = tx.connection.execute(select(Task.urgency, Task.due_at).where(Task.id == task_id)).one()
    if urgency is Urgency.NOW:
        _put_before(tx, task_id, staff_id, UNHEARD, tx.now)
    else:
        _put_before(tx, task_id, staff_id, 0, max(due_at, tx.now))
    note_event(tx, task_id, fact, owner_id=staff_id)


def stand_in(tx: Transaction, task_id: UUID, staff_id: UUID) -> None:
    """Let whoever acts for an owner on leave have a task. Danger that somebody has rings for nobody anew."""
    somebody_has_it = (Task.urgency == Urgency.NOW) & (Task.state == TaskState.ACKNOWLEDGED)
    hers = update(Task).where(Task.id == task_id, somebody_has_it)
    if tx.connection.execute(hers.values(owner_id=staff_id)).rowcount:
        note_event(tx, task_id, TaskFact.PASSED_ON, owner_id=staff_id)
    else:
        give(tx, task_id, staff_id, TaskFact.PASSED_ON)


def alarm_anew(tx: Transaction, task_id: UUID) -> None:
    """Danger that is reported again climbs again, unless whoever has it said so just now."""
    before = tx.now - ALARM_EVERY
    had = (Task.state == TaskState.ACKNOWLEDGED) & (Task.acknowledged_at <= before)
    owner_id = tx.connection.scalar(select(Task.owner_id).where(Task.id == task_id, had).with_for_update())
    if owner_id:
        _put_before(tx, task_id, owner_id, 0, tx.now + ALARM_EVERY)


def _put_before(
    tx: Transaction, task_id: UUID, staff_id: UUID, escalations: int, escalate_at: datetime
) -> None:
    """Let a task be somebody's who has not seen it yet."""
    tx.connection.execute(
        update(Task)
        .where(Task.id == task_id)
        .values(
            owner_id=staff_id,
            state=TaskState.OPEN,
            acknowledged_at=None,
            escalations=escalations,
            escalate_at=escalate_at,
        )
    )


def note_try(
    tx: Transaction, task_id: UUID, method: FollowUpMethod, occurred_at: datetime | None = None
) -> TaskFault | None:
    """Note that she was sought and not reached."""
    if _lock(tx, task_id) is None:
        return TaskFault.CLOSED
    note_event(tx, task_id, TaskFact.TRIED, method=method, occurred_at=occurred_at or tx.now)
    return None


def close_task(tx: Transaction, programme: Programme, task_id: UUID, closing: Closing) -> TaskFault | None:
    """Close a task with what came of it. A death mutes everything in the same transaction.

    "Not located" needs as many tries as the task asks for, each at another hour of the day; the last of them
    may be this one. Whoever was given a record that was corrected is told one by one.
    """
    task = _lock(tx, task_id)
    if task is None:
        return TaskFault.CLOSED
    if task.kind is TaskKind.TELL_RECIPIENTS and task.client_id and to_tell(tx, task.client_id):
        return TaskFault.STILL_TO_TELL
    if closing.outcome is FollowUpOutcome.NOT_LOCATED and not _tried_enough(tx, programme, task, closing):
        return TaskFault.TRIED_TOO_LITTLE
    _note_contact(tx, task, closing)
    for trouble in sorted(closing.troubles):
        tx.add(TaskTrouble, task_id=task_id, trouble=trouble)
    ending = Ending(
        method=closing.method,
        outcome=closing.outcome,
        reason=closing.reason or usual_reason(task.kind, _visit_kind(tx, task.visit_id)),
        source=closing.source,
    )
    close_where(tx, Task.id == task_id, ending)
    if closing.outcome is FollowUpOutcome.DIED and task.client_id:
        _record_death(tx, programme, task.client_id, task.subject_id)
    return None


def _record_death(tx: Transaction, programme: Programme, client_id: UUID, infant_id: UUID | None) -> None:
    """Of the infant that the task was about, else of the mother; unless it is known. It can be undone."""
    kind = LossKind.INFANT_DEATH if infant_id else LossKind.MATERNAL_DEATH
    known = (Loss.client_id == client_id) & (Loss.kind == kind) & Loss.undone_at.is_(None)
    if not tx.connection.scalar(select(Loss.id).where(known, Loss.infant_id.is_not_distinct_from(infant_id))):
        record_loss(tx, programme, NewLoss(client_id, kind, infant_id))


@dataclass(frozen=True)
class _Open:
    kind: TaskKind
    client_id: UUID | None
    subject_id: UUID | None
    visit_id: UUID | None
    due_at: datetime
    tries: int | None
    id: UUID


def _lock(tx: Transaction, task_id: UUID) -> _Open | None:
    row = tx.connection.execute(
        select(Task.kind, Task.client_id, Task.subject_id, Task.visit_id, Task.due_at, Task.tries, Task.id)
        .where(Task.id == task_id, Task.state != TaskState.CLOSED)
        .with_for_update()
    ).one_or_none()
    return _Open(*row) if row else None


def _tried_enough(reading: Reading, programme: Programme, task: _Open, closing: Closing) -> bool:
    tried = list(
        reading.connection.scalars(
            select(TaskEvent.occurred_at).where(
                TaskEvent.task_id == task.id, TaskEvent.event == TaskFact.TRIED
            )
        )
    )
    if closing.method:
        tried.append(reading.now)
    hours = {moment.astimezone(programme.calendar.zone).hour for moment in tried}
    return len(hours) >= (task.tries or 1)


def _visit_kind(reading: Reading, visit_id: UUID | None) -> VisitKind | None:
    return reading.connection.scalar(select(Visit.kind).where(Visit.id == visit_id))


_MODES: Final = {
    FollowUpMethod.PHONE: ContactMode.CALL,
    FollowUpMethod.HOME_VISIT: ContactMode.HOME_VISIT,
    FollowUpMethod.TEXT: ContactMode.SMS,
}


def _note_contact(tx: Transaction, task: _Open, closing: Closing) -> None:
    """Only what she said herself is a two-way contact with her."""
    if task.client_id and closing.method and closing.source is InformationSource.CLIENT:
        note_contact(tx, client(tx, task.client_id), _MODES[closing.method], "task", task.id)
