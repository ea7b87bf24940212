"""What people were asked to do, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select

from service.domain.tasks import (
    FollowUpMethod,
    FollowUpOutcome,
    TaskFact,
    TaskKind,
    TaskState,
    Urgency,
)
from service.store.models.care import Task, TaskEvent
from service.store.models.people import Client, Site
from service.store.transaction import Reading


@dataclass(frozen=True)
class TaskRow:
    """One task; never a name, a number or what she wrote.

    ``owner`` is the id of whoever has it. ``first_act_at`` is when a person first did something about it:
    took it, tried to reach her, gave it to somebody or closed it. ``tries`` are those that were in vain.
    """

    task: UUID
    kind: TaskKind
    urgency: Urgency
    state: TaskState
    client: str | None
    site: str | None
    owner: UUID | None
    opened_at: datetime
    due_at: datetime
    first_act_at: datetime | None
    closed_at: datetime | None
    tries: int
    escalations: int
    method: FollowUpMethod | None
    outcome: FollowUpOutcome | None
    reason: str | None


COLUMNS: Final = (
    "task",
    "kind",
    "urgency",
    "state",
    "client",
    "site",
    "owner",
    "opened_at",
    "due_at",
    "first_act_at",
    "closed_at",
    "tries",
    "escalations",
    "method",
    "outcome",
    "reason",
)
"""The names of the columns, in the order of the fields."""

_ACTS: Final = (TaskFact.ACKNOWLEDGED, TaskFact.TRIED, TaskFact.REASSIGNED, TaskFact.CLOSED)


def tasks(reading: Reading, since: datetime, until: datetime) -> tuple[TaskRow, ...]:
    """The tasks that were opened from ``since`` on and before ``until``, in that order."""
    first_act = (
        select(func.min(TaskEvent.recorded_at))
        .where(TaskEvent.task_id == Task.id, TaskEvent.event.in_(_ACTS))
        .scalar_subquery()
    )
    rows = reading.connection.execute(
        select(
            Task.id.label("task"),
            Task.kind,
            Task.urgency,
            Task.state,
            Client.code.label("client"),
            Site.name.label("site"),
            Task.owner_id.label("owner"),
            Task.opened_at,
            Task.due_at,
            first_act.label("first_act_at"),
            Task.closed_at,
            _counted(TaskFact.TRIED).label("tries"),
            _counted(TaskFact.ESCALATED).label("escalations"),
            Task.method,
            Task.outcome,
            Task.reason,
        )
        .outerjoin(Client, Client.id == Task.client_id)
        .outerjoin(Site, Site.id == Task.site_id)
        .where(Task.opened_at >= since, Task.opened_at < until)
        .order_by(Task.opened_at, Task.id)
    )
    return tuple(TaskRow(**row._asdict()) for row in rows)


def _counted(fact: TaskFact) -> ScalarSelect[int]:
    counted = select(func.count()).select_from(TaskEvent)
    return counted.where(TaskEvent.task_id == Task.id, TaskEvent.event == fact).scalar_subquery()
