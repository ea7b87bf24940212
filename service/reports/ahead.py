"""What is still to come, and how far the service has come."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from service.domain.ledger import LedgerKind, LedgerState
from service.domain.message import MessageState
from service.domain.tasks import TaskState
from service.store.models.care import Task, TaskEvent, VisitEvent
from service.store.models.messages import Inbound, LedgerEntry, Message, UssdSession
from service.store.models.operations import AuditRow, Mark
from service.store.transaction import Reading

_HAPPENED: Final = (
    Mark.recorded_at,
    AuditRow.recorded_at,
    VisitEvent.recorded_at,
    TaskEvent.recorded_at,
    LedgerEntry.ended_at,
    Message.sent_at,
    Inbound.recorded_at,
    UssdSession.updated_at,
)


@dataclass(frozen=True)
class Coming:
    """A reminder that is still to come, with the reason why it waits if it does."""

    due_at: datetime
    plan: str
    step: str
    speaks_of: date
    reason: str | None


def coming(reading: Reading, client_id: UUID, most: int) -> tuple[Coming, ...]:
    """A client's next texts, whatever earned them, each to be judged once more when its time has come."""
    rows = reading.connection.execute(
        select(
            LedgerEntry.due_at,
            LedgerEntry.plan,
            LedgerEntry.step,
            LedgerEntry.speaks_of,
            LedgerEntry.reason,
        )
        .where(
            LedgerEntry.client_id == client_id,
            LedgerEntry.kind == LedgerKind.TEXT,
            LedgerEntry.state == LedgerState.PLANNED,
        )
        .order_by(LedgerEntry.due_at, LedgerEntry.id)
        .limit(most)
    )
    return tuple(Coming(*row) for row in rows)


def next_moment(reading: Reading) -> datetime | None:
    """The next moment after now at which a reminder falls due or a waiting text may leave."""
    due = (
        select(LedgerEntry.due_at)
        .where(LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.due_at > reading.now)
        .order_by(LedgerEntry.due_at)
    )
    leaves = (
        select(Message.next_attempt_at)
        .where(Message.state == MessageState.QUEUED, Message.next_attempt_at > reading.now)
        .order_by(Message.next_attempt_at)
    )
    first = (reading.connection.scalar(due.limit(1)), reading.connection.scalar(leaves.limit(1)))
    return min((moment for moment in first if moment), default=None)


def next_climb(reading: Reading) -> datetime | None:
    """The next moment after now at which a task climbs that nobody takes care of."""
    return reading.connection.scalar(
        select(func.min(Task.escalate_at)).where(
            Task.escalate_at > reading.now, Task.state != TaskState.CLOSED
        )
    )


def reminded_since(reading: Reading, moment: datetime) -> tuple[UUID, ...]:
    """The clients for whom a reminder went into the outbox since ``moment``, the first in front."""
    return tuple(
        reading.connection.scalars(
            select(LedgerEntry.client_id)
            .join(Message, Message.ledger_id == LedgerEntry.id)
            .where(Message.created_at >= moment, Message.state != MessageState.CANCELLED)
            .order_by(Message.created_at, Message.id)
        )
    )


def newest_moment(reading: Reading) -> datetime | None:
    """When the last thing happened of which the database knows."""
    moments = (reading.connection.scalar(select(func.max(column))) for column in _HAPPENED)
    return max((moment for moment in moments if moment), default=None)
