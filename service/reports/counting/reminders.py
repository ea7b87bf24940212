"""What became of reminders, and which check-ins were answered."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from service.domain.care import ContactMode
from service.domain.ledger import LedgerKind, LedgerState
from service.domain.message import MessageState
from service.domain.period import Period
from service.reports.counting.definitions import Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, Row, Women, women
from service.store.models.care import Contact, Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client

HANDED_OVER: Final = frozenset(
    {
        MessageState.ACCEPTED,
        MessageState.SENT,
        MessageState.BUFFERED,
        MessageState.DELIVERED,
        MessageState.UNDELIVERED,
        MessageState.EXPIRED,
    }
)
"""The states of a text that a provider took."""

NO_VISIT: Final = "none"
"""The service of a reminder that is about no visit."""


def reminders(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each reminder that fell due and whose turn came."""
    rows = ground.reading.connection.execute(
        _fallen_due(ground, period)
        .outerjoin(Visit, Visit.id == LedgerEntry.subject_id)
        .add_columns(Visit.kind)
    )
    for row in rows:
        values = {Dimension.PLAN: row.plan, Dimension.SERVICE: row.kind or NO_VISIT}
        yield _fact(ground, row, _ends(row), values)


def fell_due(ground: Ground) -> ColumnElement[bool]:
    """A reminder whose turn came. Of one whose time had passed when its date became known, it never did."""
    return and_(
        LedgerEntry.kind == LedgerKind.TEXT,
        LedgerEntry.state != LedgerState.PLANNED,
        LedgerEntry.due_at <= ground.reading.now,
        or_(LedgerEntry.state != LedgerState.SUPPRESSED, LedgerEntry.due_at >= LedgerEntry.planned_at),
    )


def _fallen_due(ground: Ground, period: Period) -> Women:
    begins, ends = period.moments(ground.counting.zone)
    return (
        women()
        .join(LedgerEntry, LedgerEntry.client_id == Client.id)
        .outerjoin(Message, Message.id == LedgerEntry.message_id)
        .where(
            LedgerEntry.due_at >= begins,
            LedgerEntry.due_at < ends,
            fell_due(ground),
        )
        .add_columns(
            LedgerEntry.due_at,
            LedgerEntry.plan,
            LedgerEntry.state,
            Message.state.label("text_state"),
            Message.sent_at,
        )
    )


def _ends(row: Row) -> frozenset[str]:
    told = {
        "due": True,
        "sent": row.text_state in HANDED_OVER,
        "delivered": row.state is LedgerState.DELIVERED,
        "failed": row.state is LedgerState.FAILED,
    }
    return frozenset(tag for tag, holds in told.items() if holds)


def _fact(ground: Ground, row: Row, tags: frozenset[str], values: Mapping[Dimension, str]) -> Fact:
    woman, day = ground.woman(row), ground.day(row.due_at)
    return Fact(woman.who, ground.site(woman, day), day, tags, values)


def check_ins(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each delivered text that asked how she is."""
    steps = ground.definitions.rules.check_ins.steps
    delivered = _fallen_due(ground, period).where(LedgerEntry.state == LedgerState.DELIVERED)
    found = ground.reading.connection.execute(delivered.add_columns(LedgerEntry.step))
    rows = [row for row in found if row.step in steps]  # asked for the step, SQLite goes through all years
    within = timedelta(hours=ground.definitions.numbers.answered_within_hours)
    sent = [row.sent_at for row in rows]
    heard = _heard(ground, min(sent), max(sent) + within) if sent else {}
    for row in rows:
        answered = any(row.sent_at <= moment <= row.sent_at + within for moment in heard.get(row.her_id, ()))
        yield _fact(ground, row, frozenset({"delivered", *(["answered"] if answered else [])}), {})


def _heard(ground: Ground, first: datetime, last: datetime) -> Mapping[UUID, list[datetime]]:
    """When each woman wrote or dialled between two moments."""
    heard: dict[UUID, list[datetime]] = defaultdict(list)
    wrote = select(Contact.client_id, Contact.occurred_at).where(
        Contact.occurred_at >= first,
        Contact.occurred_at <= last,
        Contact.mode.in_((ContactMode.SMS, ContactMode.USSD)),
    )
    for client_id, occurred_at in ground.reading.connection.execute(wrote):
        heard[client_id].append(occurred_at)
    return heard
