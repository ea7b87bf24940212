"""Whether the service keeps up, and what awaits somebody's word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import distinct, func, or_, select

from service.domain.ledger import LedgerState
from service.domain.message import MessageState
from service.domain.reason import Reason
from service.store.models.messages import LedgerEntry, Message
from service.store.models.operations import Approval
from service.store.transaction import Reading

LATE_AFTER: Final = timedelta(minutes=5)
"""A text that is due and may go leaves within a minute; after five nobody is at work."""

APPROVERS: Final = 2


@dataclass(frozen=True)
class Backlog:
    """``late`` reminders and texts should have been looked at by now, the oldest since ``since``.

    ``unknown`` texts may or may not have reached the provider.
    """

    late: int
    since: datetime | None
    unknown: int


def backlog(reading: Reading) -> Backlog:
    """What waits although its time has come."""
    before = reading.now - LATE_AFTER
    reminders, first = reading.connection.execute(
        select(func.count(), func.min(LedgerEntry.due_at)).where(
            LedgerEntry.state == LedgerState.PLANNED,
            LedgerEntry.due_at <= before,
            LedgerEntry.held_at.is_(None),
            or_(LedgerEntry.reason.is_(None), LedgerEntry.reason != Reason.PAUSED),
        )
    ).one()
    texts, first_text = reading.connection.execute(
        select(func.count(), func.min(Message.next_attempt_at)).where(
            Message.state == MessageState.QUEUED, Message.next_attempt_at <= before
        )
    ).one()
    unknown = reading.connection.scalar(
        select(func.count()).select_from(Message).where(Message.state == MessageState.UNKNOWN)
    )
    oldest = min((moment for moment in (first, first_text) if moment), default=None)
    return Backlog(reminders + texts, oldest, unknown or 0)


def is_approved(reading: Reading, kind: str, name: str, content_hash: str) -> bool:
    """Whether two people gave their word for a plan or text as it stands."""
    people = reading.connection.scalar(
        select(func.count(distinct(Approval.actor))).where(
            Approval.kind == kind, Approval.name == name, Approval.content_hash == content_hash
        )
    )
    return (people or 0) >= APPROVERS
