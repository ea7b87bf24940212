"""A task of which nobody takes care climbs: to the backup, the coordinator, whoever is on call."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from sqlalchemy import select, update

from service.actions.reply import alert, alert_owner
from service.actions.roster import backup_of, holder, on_call, who_acts_at
from service.actions.task_life import UNHEARD
from service.actions.tasks import note_event
from service.domain import alarms
from service.domain.alarms import ALARM_AGAIN, ALARM_EVERY, Asked
from service.domain.hours import first_open_day, local_day
from service.domain.tasks import TaskFact, TaskState, Urgency
from service.programme import Programme
from service.reminders.tasks import morning
from service.store.models.care import Task
from service.store.transaction import Reading, Transaction


@dataclass(frozen=True)
class _Late:
    """An open task whose time is up."""

    id: UUID
    urgency: Urgency
    state: TaskState
    site_id: UUID | None
    owner_id: UUID | None
    due_at: datetime
    acknowledged_at: datetime | None
    escalations: int

    @property
    def alarms(self) -> bool:
        return self.urgency is Urgency.NOW and self.state is TaskState.OPEN

    @property
    def taken_at(self) -> datetime | None:
        """When somebody said that she has it, if it is danger."""
        return self.acknowledged_at if self.urgency is Urgency.NOW else None


def late_tasks(reading: Reading, most: int) -> tuple[UUID, ...]:
    """The open tasks that nobody has taken care of in time, the longest waiting first."""
    return tuple(
        reading.connection.scalars(
            select(Task.id)
            .where(Task.escalate_at <= reading.now, Task.state != TaskState.CLOSED)
            .order_by(Task.escalate_at, Task.id)
            .limit(most)
        )
    )


def escalate(tx: Transaction, programme: Programme, task_id: UUID) -> None:
    """Let a late task climb one step. Whoever comes second to the same task finds that it has climbed.

    Danger climbs every ten minutes until somebody has it, and each who is asked is alarmed by text; then it
    is hers, and people are asked what came of it. What is late otherwise climbs on the mornings of working
    days.
    """
    task = _lock(tx, task_id)
    if task is None:
        return
    if task.alarms and task.escalations == UNHEARD:
        _alarm_owner(tx, programme, task.id)
        return
    if task.alarms:
        _climb(tx, programme, task, tx.now + ALARM_EVERY)
        return
    if task.taken_at:
        _ask_what_came_of_it(tx, programme, task, task.taken_at)
        return
    from_morning = _next_morning(programme, max(task.due_at, task.acknowledged_at or task.due_at))
    if tx.now < from_morning:
        _look_again(tx, task.id, from_morning)
    else:
        _climb(tx, programme, task, _next_morning(programme, tx.now))


def _lock(tx: Transaction, task_id: UUID) -> _Late | None:
    row = tx.connection.execute(
        select(
            Task.id,
            Task.urgency,
            Task.state,
            Task.site_id,
            Task.owner_id,
            Task.due_at,
            Task.acknowledged_at,
            Task.escalations,
        )
        .where(Task.id == task_id, Task.escalate_at <= tx.now, Task.state != TaskState.CLOSED)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return _Late(*row) if row else None


def _alarm_owner(tx: Transaction, programme: Programme, task_id: UUID) -> None:
    """Danger was given to somebody: she is alarmed like whoever had it first."""
    alarmed = {"escalations": 0, "escalate_at": tx.now + ALARM_EVERY}
    tx.connection.execute(update(Task).where(Task.id == task_id).values(alarmed))
    alert_owner(tx, programme, task_id, "staff_danger")


def _ask_what_came_of_it(tx: Transaction, programme: Programme, task: _Late, taken_at: datetime) -> None:
    """It stays hers. After the last question nobody is texted, for it stands on top of what they look at."""
    elapsed = tx.now - taken_at
    question, after_it = alarms.reached(elapsed), alarms.following(elapsed)
    _look_again(tx, task.id, taken_at + after_it.after if after_it else None)
    if question is None:
        return
    asked = _who_is_asked(tx, task, question.asked)
    note_event(tx, task.id, TaskFact.ASKED_AGAIN, owner_id=asked)
    if asked:
        alert(tx, programme, task.id, asked, "staff_outcome")


def _who_is_asked(reading: Reading, task: _Late, asked: Asked) -> UUID | None:
    match asked:
        case Asked.WHO_HAS_IT:
            return task.owner_id
        case Asked.COORDINATOR:
            return who_acts_at(reading, task.site_id)
        case _:
            assert_never(asked)


def _next_morning(programme: Programme, moment: datetime) -> datetime:
    """When work begins on the first open day after that of ``moment``."""
    calendar = programme.calendar
    tomorrow = local_day(moment, calendar.zone) + timedelta(days=1)
    return morning(first_open_day(tomorrow, calendar), calendar)


def _climb(tx: Transaction, programme: Programme, task: _Late, again_at: datetime) -> None:
    """To the next who is there; at the top it stays, and what is danger is said there again and again."""
    above = _next_above(tx, task)
    if above:
        _give(tx, task.id, *above, again_at)
    elif task.alarms:
        note_event(tx, task.id, TaskFact.ASKED_AGAIN, owner_id=task.owner_id)
        _look_again(tx, task.id, tx.now + ALARM_AGAIN)
    else:
        _look_again(tx, task.id, None)
    if task.alarms:
        alert_owner(tx, programme, task.id, "staff_escalated")


def _next_above(reading: Reading, task: _Late) -> tuple[int, UUID] | None:
    for step, owner_id in enumerate(_above(reading, task), start=1):
        if step > task.escalations and owner_id and owner_id != task.owner_id:
            return step, owner_id
    return None


def _above(reading: Reading, task: _Late) -> Iterator[UUID | None]:
    """Who is asked next, in this order; whoever is not there, or has it already, is passed over."""
    yield backup_of(reading, task.owner_id)
    yield holder(reading, task.site_id) if task.site_id else None
    yield on_call(reading)


def _give(tx: Transaction, task_id: UUID, step: int, owner_id: UUID, again_at: datetime) -> None:
    tx.connection.execute(
        update(Task)
        .where(Task.id == task_id)
        .values(
            owner_id=owner_id,
            state=TaskState.OPEN,
            acknowledged_at=None,
            escalations=step,
            escalate_at=again_at,
        )
    )
    note_event(tx, task_id, TaskFact.ESCALATED, owner_id=owner_id)


def _look_again(tx: Transaction, task_id: UUID, at: datetime | None) -> None:
    tx.connection.execute(update(Task).where(Task.id == task_id).values(escalate_at=at))
