"""Whether women came after they were reminded, and after they should have been."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from service.domain.care import VisitFact, VisitState
from service.domain.period import Period
from service.domain.reason import Reason
from service.reports.counting.definitions import Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, Row, chunks, women
from service.reports.counting.reminders import HANDED_OVER, fell_due
from service.store.models.care import Visit, VisitEvent
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client

_NOT_NEEDED: Final = (
    Reason.ATTENDED,
    Reason.MISSED,
    Reason.MOVED,
    Reason.CANCELLED_VISIT,
    Reason.MERGED,
    Reason.DUPLICATE,
    Reason.SHORT_INTERVAL,
    Reason.SWITCHED_OFF,
)
"""Reminders that were held back for these were none that she should have had."""

_RECORDED: Final = (VisitState.ATTENDED, VisitState.MISSED)


@dataclass(frozen=True)
class _Reminded:
    """A visit whose last reminder before the day fell due ``on`` a local day; ``sent``: one of them went."""

    row: Row
    on: date
    sent: bool


def attendance(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each visit whose last reminder before the day fell due in the period."""
    visits = [one for one in _reminded(ground, period) if one.on in period]
    came = days_attended(ground, {one.row.visit_id for one in visits})
    for one in visits:
        on = came.get(one.row.visit_id)
        if on is None or on >= one.on:
            woman = ground.woman(one.row)
            values = {Dimension.SERVICE: str(one.row.kind)}
            yield Fact(woman.who, ground.site(woman, one.on), one.on, _tags(ground, one, on), values)


def _tags(ground: Ground, one: _Reminded, came: date | None) -> frozenset[str]:
    numbers, group = ground.definitions.numbers, "reminded" if one.sent else "not_reminded"
    told = {
        group: True,
        f"{group}_known": one.row.state in _RECORDED,
        f"{group}_came_soon": _within(came, one.on, numbers.attended_soon_days),
        f"{group}_came_later": _within(came, one.on, numbers.attended_later_days),
    }
    return frozenset(tag for tag, holds in told.items() if holds)


def _within(came: date | None, reminded: date, days: int) -> bool:
    return came is not None and reminded <= came <= reminded + timedelta(days=days)


def _reminded(ground: Ground, period: Period) -> Iterator[_Reminded]:
    """Every visit that was to be reminded of in the period, with all of its reminders before the day."""
    reminders: dict[UUID, list[Row]] = defaultdict(list)
    for row in _reminders(ground, period):
        if ground.day(row.due_at) <= row.day:
            reminders[row.visit_id].append(row)
    for rows in reminders.values():
        last = max(rows, key=lambda row: row.due_at)
        yield _Reminded(last, ground.day(last.due_at), any(row.text_state in HANDED_OVER for row in rows))


def _reminders(ground: Ground, period: Period) -> Iterator[Row]:
    begins, ends = period.moments(ground.counting.zone)
    of_the_period = select(LedgerEntry.subject_id).where(
        fell_due(ground), LedgerEntry.due_at >= begins, LedgerEntry.due_at < ends
    )
    yield from ground.reading.connection.execute(
        women()
        .join(Visit, Visit.client_id == Client.id)
        .join(LedgerEntry, LedgerEntry.subject_id == Visit.id)
        .outerjoin(Message, Message.id == LedgerEntry.message_id)
        .where(
            fell_due(ground),
            Visit.id.in_(of_the_period),
            Visit.state != VisitState.CANCELLED,
            LedgerEntry.speaks_of == Visit.day,
            func.coalesce(LedgerEntry.reason, "").not_in(_NOT_NEEDED),
        )
        .add_columns(
            Visit.id.label("visit_id"),
            Visit.kind,
            Visit.day,
            Visit.state,
            LedgerEntry.due_at,
            Message.state.label("text_state"),
        )
    )


def days_attended(ground: Ground, visit_ids: Collection[UUID]) -> Mapping[UUID, date]:
    """The local days on which women came to those of the visits that are recorded as attended."""
    came: dict[UUID, date] = {}
    for some in chunks(visit_ids):
        attended = (
            select(VisitEvent.visit_id, func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type))
            .join(Visit, Visit.id == VisitEvent.visit_id)
            .where(
                Visit.id.in_(some),
                Visit.state == VisitState.ATTENDED,
                VisitEvent.fact == VisitFact.ATTENDED,
            )
            .order_by(VisitEvent.recorded_at, VisitEvent.id)
        )
        for visit_id, day in ground.reading.connection.execute(attended):
            came[visit_id] = day
    return came
