"""Keeping figures counted: what changed is marked, and what is marked is counted anew, the days first.

A day is counted from the facts and a month from its days, so that what was counted stays right when facts are
erased or grow too old to be kept. Where women count once each, every period is counted from the facts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import delete, func, insert, select, tuple_

from service.domain.people import Actor
from service.domain.period import Period, PeriodKind, period_of, read_period
from service.reports.counting.cells import Level, places_of, read_place
from service.reports.counting.definitions import Indicator
from service.reports.counting.ground import Counting, Ground, survey
from service.reports.counting.sources import ONCE_EACH
from service.reports.counting.tags import Source
from service.reports.counting.tally import Counted
from service.reports.counting.touched import Stale, days_from, stale, touched
from service.reports.figures import count
from service.store.models.figures import FigureCell, FigureMark
from service.store.models.operations import Mark
from service.store.store import Store
from service.store.transaction import Reading, Transaction

LOOKED_UP_TO: Final = "figures_looked_up_to"
OVERLAP: Final = timedelta(minutes=10)
"""What was recorded just before we looked may have been committed after."""

LOOK_EVERY: Final = timedelta(hours=1)
MENDED_DAYS: Final = 35
"""So many days are counted anew each night, whatever was seen to change."""

_AT_ONCE: Final = 2000
_RANK: Final = (PeriodKind.DAY, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
_PARTS: Final = {
    PeriodKind.MONTH: PeriodKind.DAY,
    PeriodKind.QUARTER: PeriodKind.MONTH,
    PeriodKind.YEAR: PeriodKind.MONTH,
}

_Where = tuple[str, str, str]
_Cells = Mapping[_Where, Counted]
"""By indicator, place and cell."""


@dataclass(frozen=True)
class Changes:
    """What must be counted anew by what was recorded up to a moment."""

    found: frozenset[Stale]
    up_to: datetime


def look(reading: Reading, counting: Counting) -> Changes | None:
    """What has changed since somebody looked last; ``None`` if that was just now."""
    since = reading.connection.scalar(select(Mark.recorded_at).where(Mark.name == LOOKED_UP_TO))
    if since and since > reading.now - LOOK_EVERY:
        return None
    ground = survey(reading, counting)
    found = touched(ground, since - OVERLAP if since else None)
    if since and ground.day(since) < ground.today:
        found |= _recent(ground)
    elif since:
        found = frozenset(one for one in found if not _waits_for_night(ground, one))
    return Changes(found, reading.now)


def _waits_for_night(ground: Ground, one: Stale) -> bool:
    """What takes long to count and moves little in a day, of a period that is not over."""
    is_long = one.period.kind in (PeriodKind.QUARTER, PeriodKind.YEAR)
    slow = one.source is Source.ABSENCES or (one.source is Source.REACHED and is_long)
    return slow and one.period.end > ground.today


def _recent(ground: Ground) -> frozenset[Stale]:
    days = days_from(ground.today - timedelta(days=MENDED_DAYS - 1), ground.today)
    return stale(ground, ((day, source) for day in days for source in Source), PeriodKind)


def mark(tx: Transaction, changes: Changes) -> None:
    """Note what must be counted anew."""
    marks = [
        {"period": one.period.code, "source": str(one.source), "marked_at": tx.now} for one in changes.found
    ]
    which = tuple_(FigureMark.period, FigureMark.source)
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE]
        known = [(one["period"], one["source"]) for one in some]
        tx.connection.execute(delete(FigureMark).where(which.in_(known)))
        tx.connection.execute(insert(FigureMark), some)
    tx.connection.execute(delete(Mark).where(Mark.name == LOOKED_UP_TO))
    tx.add_once(Mark, name=LOOKED_UP_TO, value=changes.up_to.isoformat(), recorded_at=changes.up_to)


@dataclass(frozen=True)
class Renewal:
    """The cells of a period that are not as they were, and the marks because of which it was counted."""

    period: Period
    marks: Mapping[Source, datetime]
    gone: Collection[_Where]
    new: _Cells


def marked(reading: Reading, most: int) -> tuple[Period, ...]:
    """What waits to be counted: days before the months that are made of them, the newest first."""
    codes = reading.connection.scalars(select(FigureMark.period).distinct())
    waiting = [read_period(code) for code in codes]
    waiting.sort(key=lambda period: (-_RANK.index(period.kind), period.first), reverse=True)
    return tuple(waiting[:most])


def recount(reading: Reading, counting: Counting, period: Period) -> Renewal | None:
    """Count anew what is marked in a period; ``None`` if another worker has done so."""
    rows = reading.connection.execute(
        select(FigureMark.source, FigureMark.marked_at).where(FigureMark.period == period.code)
    )
    marks = {Source(source): marked_at for source, marked_at in rows}
    if not marks:
        return None
    ground = survey(reading, counting)
    wanted = [one for one in ground.definitions.indicators.values() if one.source in marks]
    now = (_of_day if period.kind is PeriodKind.DAY else _of_longer)(ground, wanted, period)
    before = _kept(reading, wanted, period)
    new = {where: counted for where, counted in now.items() if before.get(where) != counted}
    return Renewal(period, marks, before.keys() - now.keys(), new)


def renew(tx: Transaction, renewal: Renewal) -> bool:
    """Keep what was counted, unless something has changed again meanwhile; says which."""
    period = renewal.period.code
    if not _unmark(tx, renewal):
        return False
    changed = [*renewal.gone, *renewal.new]
    where = tuple_(FigureCell.indicator, FigureCell.place, FigureCell.cell)
    for start in range(0, len(changed), _AT_ONCE):
        some = changed[start : start + _AT_ONCE]
        tx.connection.execute(delete(FigureCell).where(FigureCell.period == period, where.in_(some)))
    rows = [
        {
            "period": period,
            "indicator": indicator,
            "place": place,
            "cell": cell,
            "cases": counted.cases,
            "of": counted.of,
            "amount": counted.amount,
        }
        for (indicator, place, cell), counted in renewal.new.items()
    ]
    if rows:
        tx.connection.execute(insert(FigureCell), rows)
    return True


def _unmark(tx: Transaction, renewal: Renewal) -> bool:
    """Take the marks away, if each is still the one because of which was counted."""
    of_it = select(FigureMark.source, FigureMark.marked_at).where(FigureMark.period == renewal.period.code)
    found = {Source(row.source): row.marked_at for row in tx.connection.execute(of_it.with_for_update())}
    if any(found.get(source) != marked_at for source, marked_at in renewal.marks.items()):
        return False
    mine = (FigureMark.period == renewal.period.code) & FigureMark.source.in_([*renewal.marks])
    tx.connection.execute(delete(FigureMark).where(mine))
    return True


def refresh(store: Store, counting: Counting, actor: Actor, most: int) -> int:
    """Look for changes and count up to ``most`` of the periods that wait; how many were counted."""
    changes = store.read(lambda reading: look(reading, counting))
    if changes:
        store.write(lambda tx: mark(tx, changes), actor)
    periods = store.read(lambda reading: marked(reading, most))
    for period in periods:
        renewal = store.read(partial(recount, counting=counting, period=period))
        if renewal:
            store.write(partial(renew, renewal=renewal), actor)
    return len(periods)


def _of_day(ground: Ground, indicators: Iterable[Indicator], period: Period) -> _Cells:
    """Of sites alone; from these everything longer and larger is added up."""
    wanted = [one for one in indicators if one.is_additive]
    return {
        (indicator.id, place.code, cell.code): counted
        for indicator, tally in count(ground, wanted, period)
        for (place, cell), counted in tally.items()
        if place.level is Level.SITE
    }


def _of_longer(ground: Ground, indicators: Collection[Indicator], period: Period) -> _Cells:
    found = dict(_added_up(ground, [one.id for one in indicators if one.is_additive], period))
    wanted = [one for one in indicators if not one.is_additive]
    if period.kind is not PeriodKind.MONTH:
        at_the_end = [one for one in wanted if one.source is Source.ABSENCES]
        found |= _kept(ground.reading, at_the_end, _last_month(ground, period))
        wanted = [one for one in wanted if one.source is not Source.ABSENCES]
    for indicator, tally in count(ground, wanted, period, ONCE_EACH):
        for (place, cell), counted in tally.items():
            found[indicator.id, place.code, cell.code] = counted
    return found


def _last_month(ground: Ground, period: Period) -> Period:
    """At the end of which whoever is away is away at the end of the longer period, counted before it."""
    return period_of(PeriodKind.MONTH, min(period.last, ground.today))


def _added_up(ground: Ground, ids: Collection[str], period: Period) -> _Cells:
    """What is the sum of its days and its sites."""
    parts = [part.code for part in period.parts(_PARTS[period.kind])]
    sites = ground.reading.connection.execute(
        select(
            FigureCell.indicator,
            FigureCell.place,
            FigureCell.cell,
            func.sum(FigureCell.cases),
            func.sum(FigureCell.of),
            func.sum(FigureCell.amount),
        )
        .where(
            FigureCell.period.in_(parts),
            FigureCell.indicator.in_(ids),
            FigureCell.place.startswith(f"{Level.SITE}:"),
        )
        .group_by(FigureCell.indicator, FigureCell.place, FigureCell.cell)
    )
    found: dict[_Where, Counted] = {}
    for indicator, place, cell, cases, of, amount in sites:
        counted = Counted(int(cases), _whole(of), _whole(amount))
        for larger in _larger(ground, place):
            where = indicator, larger, cell
            found[where] = found[where] + counted if where in found else counted
    return found


def _larger(ground: Ground, code: str) -> Iterable[str]:
    site_id = read_place(code).id
    assert site_id, "a site has an id"
    return (place.code for place in places_of(site_id, ground.districts.get(site_id)))


def _whole(sum_: int | None) -> int | None:
    """PostgreSQL adds whole numbers up to decimal ones."""
    return None if sum_ is None else int(sum_)


def _kept(reading: Reading, indicators: Iterable[Indicator], period: Period) -> dict[_Where, Counted]:
    rows = reading.connection.execute(
        select(FigureCell.__table__).where(
            FigureCell.period == period.code, FigureCell.indicator.in_([one.id for one in indicators])
        )
    )
    return {(row.indicator, row.place, row.cell): Counted(row.cases, row.of, row.amount) for row in rows}
