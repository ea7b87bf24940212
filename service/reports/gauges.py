"""How the service stands at this moment, in counts and ages, for whoever watches machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select

from service.domain.message import MessageClass, MessageState
from service.domain.tasks import TaskState, Urgency
from service.reports.credit import Credit, credit_at
from service.reports.funnel import ScreenCount, funnel
from service.reports.readiness import backlog
from service.reports.troubles import TroubleKind, troubles
from service.store.models.care import Task
from service.store.models.messages import Message, Receipt, UssdSession
from service.store.models.news import News
from service.store.transaction import Reading

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Gauges:
    """Ages are in seconds of business time; ``None`` where there is nothing yet.

    ``oldest_due`` is how long ago the first text should have left that has not; ``refused`` are the gateways
    that refuse our account (credit, key, sender). ``screens`` and ``calls`` are of the last hour.
    """

    late: int
    oldest_due: float | None
    unknown: int
    queued: Mapping[MessageClass, int]
    last_receipt: float | None
    refused: frozenset[str]
    resting: frozenset[str]
    credit: tuple[Credit, ...]
    paused: int
    open_tasks: Mapping[Urgency, int]
    unanswered_danger: int
    news_waiting: int
    calls: Mapping[str, int]
    screens: tuple[ScreenCount, ...]


def gauges(reading: Reading, gateways: tuple[str, ...]) -> Gauges:
    waiting, found = backlog(reading), troubles(reading, gateways)
    urgent = Task.urgency == Urgency.NOW
    return Gauges(
        late=waiting.late,
        oldest_due=_age(reading, waiting.since),
        unknown=waiting.unknown,
        queued=_queued(reading),
        last_receipt=_age(reading, _last_receipt(reading)),
        refused=frozenset(one.about for one in found if one.kind is TroubleKind.ACCOUNT),
        resting=frozenset(one.about for one in found if one.kind is TroubleKind.PROVIDER),
        credit=tuple(one for name in gateways if (one := credit_at(reading, name))),
        paused=sum(one.kind is TroubleKind.PAUSED for one in found),
        open_tasks=_open_tasks(reading),
        unanswered_danger=_count(reading, select(Task.id).where(urgent, Task.state == TaskState.OPEN)),
        news_waiting=_count(reading, select(News.id).where(News.next_attempt_at.is_not(None))),
        calls=_calls(reading),
        screens=funnel(reading, reading.now - HOUR, reading.now),
    )


def _age(reading: Reading, moment: datetime | None) -> float | None:
    return (reading.now - moment).total_seconds() if moment else None


def _queued(reading: Reading) -> Mapping[MessageClass, int]:
    rows = reading.connection.execute(
        select(Message.message_class, func.count())
        .where(Message.state == MessageState.QUEUED)
        .group_by(Message.message_class)
    )
    return dict.fromkeys(MessageClass, 0) | {kind: count for kind, count in rows}


def _last_receipt(reading: Reading) -> datetime | None:
    return reading.connection.scalar(select(Receipt.recorded_at).order_by(Receipt.id.desc()).limit(1))


def _open_tasks(reading: Reading) -> Mapping[Urgency, int]:
    rows = reading.connection.execute(
        select(Task.urgency, func.count()).where(Task.state != TaskState.CLOSED).group_by(Task.urgency)
    )
    return dict.fromkeys(Urgency, 0) | {urgency: count for urgency, count in rows}


def _calls(reading: Reading) -> Mapping[str, int]:
    """How the calls of the last hour ended: at their goal, or not (yet)."""
    rows = reading.connection.execute(
        select(UssdSession.completed, func.count())
        .where(UssdSession.started_at > reading.now - HOUR)
        .group_by(UssdSession.completed)
    )
    counted = {completed: count for completed, count in rows}
    return {"completed": counted.get(True, 0), "cut_off": counted.get(False, 0), "open": counted.get(None, 0)}


def _count(reading: Reading, rows: Select[UUID]) -> int:
    return reading.connection.scalar(select(func.count()).select_from(rows.subquery())) or 0
