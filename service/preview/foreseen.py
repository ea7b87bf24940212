"""What a preview shows: every text and task, and what it comes to by month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from service.domain.care import VisitKind
from service.domain.hours import local_day
from service.domain.ledger import LedgerState
from service.domain.people import Wording
from service.domain.reason import Reason
from service.domain.tasks import TaskKind, Urgency
from service.store.models.care import Task, Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Site
from service.store.records import first_name
from service.store.transaction import Reading


@dataclass(frozen=True)
class ForeseenText:
    """A text that would reach her. ``at`` is UTC; ``about`` the local day that it counts from.

    ``reply_to`` is the text of hers that it answers.
    """

    at: datetime
    gateway: str
    text: str = field(repr=False)
    parts: int
    language: str
    wording: Wording
    plan: str | None
    step: str | None
    about: date | None
    reply_to: UUID | None
    visit: VisitKind | None


@dataclass(frozen=True)
class ForeseenTask:
    """What a person would be asked to do, from when and until when."""

    opened_at: datetime
    due_at: datetime
    kind: TaskKind
    urgency: Urgency
    owner: str | None
    visit: VisitKind | None
    about: date | None


@dataclass(frozen=True)
class LeftOut:
    """A step that would not go, and why."""

    at: datetime
    plan: str
    step: str
    about: date
    reason: str


@dataclass(frozen=True)
class Foreseen:
    """All that would come of one client's dates, in the order of time."""

    texts: tuple[ForeseenText, ...]
    tasks: tuple[ForeseenTask, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, order=True)
class Volume:
    """What would go over one gateway in one month, whose first local day ``month`` is."""

    month: date
    gateway: str
    texts: int
    parts: int


_NOT_EARNED: Final = frozenset(
    {
        Reason.SWITCHED_OFF,
        Reason.SHORT_INTERVAL,
        Reason.OVERTAKEN,
        Reason.ATTENDED,
        Reason.MISSED,
        Reason.MISS_NOT_RECORDED,
        Reason.CANCELLED_VISIT,
        Reason.MOVED,
        Reason.ANSWERED,
    }
)
"""Why a step does not concern her, or not any more; nothing is left out then."""


def foreseen(reading: Reading, client_id: UUID, since: datetime) -> Foreseen:
    return Foreseen(
        _texts(reading, client_id, since),
        _tasks(reading, client_id, since),
        _left_out(reading, client_id, since),
    )


def _texts(reading: Reading, client_id: UUID, since: datetime) -> tuple[ForeseenText, ...]:
    rows = reading.connection.execute(
        select(
            Message.id,
            Message.body,
            Message.sent_at,
            Message.gateway,
            Message.parts,
            Message.language,
            Message.wording,
            Message.plan,
            Message.step,
            Message.speaks_of,
            Message.reply_to,
            Visit.kind,
        )
        .outerjoin(LedgerEntry, LedgerEntry.id == Message.ledger_id)
        .outerjoin(Visit, Visit.id == LedgerEntry.subject_id)
        .where(Message.person_id == client_id, Message.sent_at >= since)
        .order_by(Message.sent_at, Message.id)
    )
    return tuple(
        ForeseenText(sent_at, gateway, reading.vault.open_if(Message.body, message_id, body) or "", *rest)
        for message_id, body, sent_at, gateway, *rest in rows
        if sent_at and gateway
    )


def _tasks(reading: Reading, client_id: UUID, since: datetime) -> tuple[ForeseenTask, ...]:
    rows = reading.connection.execute(
        select(Task.opened_at, Task.due_at, Task.kind, Task.urgency, Task.owner_id, Visit.kind, Visit.day)
        .outerjoin(Visit, Visit.id == Task.visit_id)
        .where(Task.client_id == client_id, Task.opened_at >= since)
        .order_by(Task.opened_at, Task.id)
    )
    return tuple(
        ForeseenTask(opened_at, due_at, kind, urgency, first_name(reading, owner_id), visit, day)
        for opened_at, due_at, kind, urgency, owner_id, visit, day in rows
    )


def _left_out(reading: Reading, client_id: UUID, since: datetime) -> tuple[LeftOut, ...]:
    rows = reading.connection.execute(
        select(
            LedgerEntry.due_at, LedgerEntry.plan, LedgerEntry.step, LedgerEntry.speaks_of, LedgerEntry.reason
        )
        .where(LedgerEntry.client_id == client_id, LedgerEntry.ended_at >= since)
        .where(LedgerEntry.state == LedgerState.SUPPRESSED, LedgerEntry.reason.not_in(_NOT_EARNED))
        .order_by(LedgerEntry.due_at, LedgerEntry.id)
    )
    return tuple(
        LeftOut(due_at, plan, step, about, reason) for due_at, plan, step, about, reason in rows if reason
    )


def volumes(reading: Reading, since: datetime, zone: ZoneInfo) -> Mapping[str, tuple[Volume, ...]]:
    """What went to everybody: of each site, by its name, by month and gateway, the earliest first.

    What concerns no site goes under the empty name.
    """
    found: dict[str, list[Volume]] = defaultdict(list)
    sent = (
        select(Message.sent_at, Message.gateway, Message.parts, Site.name)
        .outerjoin(Site, Site.id == Message.site_id)
        .where(Message.sent_at >= since)
    )
    for sent_at, gateway, parts, site in reading.connection.execute(sent):
        if sent_at:
            month = local_day(sent_at, zone).replace(day=1)
            found[site or ""].append(Volume(month, gateway or "", 1, parts))
    return {site: summed(found[site]) for site in sorted(found)}


def summed(volumes: Iterable[Volume]) -> tuple[Volume, ...]:
    """What several come to, by month and gateway, the earliest first."""
    texts: Counter[tuple[date, str]] = Counter()
    parts: Counter[tuple[date, str]] = Counter()
    for volume in volumes:
        key = volume.month, volume.gateway
        texts[key] += volume.texts
        parts[key] += volume.parts
    return tuple(Volume(*key, texts[key], parts[key]) for key in sorted(texts))
