"""Figures as they were counted last, or as they were published: no fact is looked at."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy import Row as ResultRow
from sqlalchemy.orm import InstrumentedAttribute

from service.domain.period import Period, PeriodKind
from service.reports.counting.cells import Place, read_cell, read_place
from service.reports.counting.definitions import Definitions
from service.reports.counting.ground import Counting
from service.reports.counting.tally import Counted
from service.reports.figures import (
    ALL_CELLS,
    EVERYWHERE,
    TOTAL,
    Detail,
    Figure,
    Scope,
    figures,
    worth,
)
from service.store.models.figures import FigureCell, FigureMark, FrozenFigure, Publication
from service.store.models.people import Client
from service.store.transaction import Reading

_Kept = tuple[str, str, str, int, int | None, int | None]


@dataclass(frozen=True)
class Published:
    """That a period's figures were frozen, by whom and by which version of the rules."""

    id: UUID
    period: Period
    version: str
    checksum: str
    at: datetime
    actor: str


@dataclass(frozen=True)
class Restated:
    """A figure that late data has changed: as it was published, and as it is counted now."""

    published: Figure | None
    now: Figure | None


def rolled_up(
    reading: Reading,
    counting: Counting,
    ids: Iterable[str],
    period: Period,
    scope: Scope = EVERYWHERE,
    detail: Detail = ALL_CELLS,
) -> tuple[Figure, ...]:
    """The same as ``figures``, as it was counted last."""
    kept = select(
        FigureCell.indicator,
        FigureCell.place,
        FigureCell.cell,
        FigureCell.cases,
        FigureCell.of,
        FigureCell.amount,
    ).where(FigureCell.period == period.code, *_cells(FigureCell.cell, detail))
    if scope.site_ids is not None:
        kept = kept.where(FigureCell.place.in_([code(site_id) for site_id in scope.site_ids]))
    found = kept.where(FigureCell.indicator.in_(list(ids)))
    return tuple(one for one in _figures(reading, counting.definitions, period, found) if one.place in scope)


def _cells(cell: InstrumentedAttribute[str], detail: Detail) -> Iterator[ColumnElement[bool]]:
    if detail.by is not None:
        alone = (cell.startswith(f"{one}=") & ~cell.contains(";") for one in detail.by)
        yield or_(cell == TOTAL.code, *alone)


def code(site_id: UUID) -> str:
    return f"site:{site_id}"


def quickest(
    reading: Reading,
    counting: Counting,
    ids: Collection[str],
    period: Period,
    scope: Scope = EVERYWHERE,
    detail: Detail = ALL_CELLS,
) -> tuple[Figure, ...]:
    """What was counted last where the period was counted at all, and else ``figures``.

    Of a day only what longer periods are added up from is kept, so that it is counted anew. Before the first
    woman was enrolled there is nothing to count.
    """
    known = select(FigureCell.period).where(FigureCell.period == period.code).limit(1)
    is_kept = period.kind is not PeriodKind.DAY and reading.connection.scalar(known) is not None
    if is_kept or _is_before_everybody(reading, period):
        return rolled_up(reading, counting, ids, period, scope, detail)
    return tuple(one for one in figures(reading, counting, ids, period, scope) if one.cell in detail)


def _is_before_everybody(reading: Reading, period: Period) -> bool:
    first = reading.connection.scalar(select(func.min(Client.enrolled_on)))
    return first is not None and period.end <= first


def is_counted(reading: Reading, period: Period) -> bool:
    """Whether nothing of a period waits to be counted anew."""
    waits = select(FigureMark.period).where(FigureMark.period.in_([*_made_of(period)])).limit(1)
    return reading.connection.scalar(waits) is None


def _made_of(period: Period) -> Iterator[str]:
    yield period.code
    yield from (part.code for kind in (PeriodKind.DAY, PeriodKind.MONTH) for part in period.parts(kind))


def last_published(reading: Reading, period: Period) -> Published | None:
    row = reading.connection.execute(
        select(Publication.__table__)
        .where(Publication.period == period.code)
        .order_by(Publication.published_at.desc(), Publication.id.desc())
        .limit(1)
    ).one_or_none()
    return Published(row.id, period, row.version, row.checksum, row.published_at, row.actor) if row else None


def frozen(
    reading: Reading, counting: Counting, published: Published, detail: Detail = ALL_CELLS
) -> tuple[Figure, ...]:
    """The figures as they were published."""
    kept = _frozen(published.id).where(*_cells(FrozenFigure.cell, detail))
    return tuple(_figures(reading, counting.definitions, published.period, kept))


def _frozen(publication_id: UUID) -> Select[str, str, str, int, int | None, int | None]:
    return select(
        FrozenFigure.indicator,
        FrozenFigure.place,
        FrozenFigure.cell,
        FrozenFigure.cases,
        FrozenFigure.of,
        FrozenFigure.amount,
    ).where(FrozenFigure.publication_id == publication_id)


def is_whole(reading: Reading, published: Published) -> bool:
    """Whether every published figure is as it was on the day."""
    rows = reading.connection.execute(_frozen(published.id))
    return checksum(published.version, (_kept(row) for row in rows)) == published.checksum


def checksum(version: str, rows: Iterable[_Kept]) -> str:
    """SHA-256 over the version of the rules and every figure, in an order of their own."""
    lines = sorted("\t".join("" if one is None else str(one) for one in row) for row in rows)
    return hashlib.sha256("\n".join((version, *lines)).encode()).hexdigest()


def restated(reading: Reading, counting: Counting, published: Published) -> tuple[Restated, ...]:
    """What has changed since the figures were published, by what is counted last."""
    before = _by_place(frozen(reading, counting, published))
    now = _by_place(rolled_up(reading, counting, counting.definitions.indicators, published.period))
    changed = (where for where in sorted({*before, *now}) if _counted(before, where) != _counted(now, where))
    return tuple(Restated(before.get(where), now.get(where)) for where in changed)


_Where = tuple[str, str, str]


def _by_place(found: Iterable[Figure]) -> Mapping[_Where, Figure]:
    return {(one.indicator, one.place.code, one.cell.code): one for one in found}


def _counted(found: Mapping[_Where, Figure], where: _Where) -> Counted | None:
    return found[where].counted if where in found else None


def _figures(
    reading: Reading,
    definitions: Definitions,
    period: Period,
    kept: Select[str, str, str, int, int | None, int | None],
) -> Iterator[Figure]:
    """Those of indicators that there are no more are left out."""
    for row in reading.connection.execute(kept):
        indicator = definitions.indicators.get(row.indicator)
        if indicator:
            counted = Counted(row.cases, row.of, row.amount)
            where: Place = read_place(row.place)
            yield Figure(
                row.indicator, period, where, read_cell(row.cell), worth(indicator, counted), counted
            )


def _kept(row: ResultRow[str, str, str, int, int | None, int | None]) -> _Kept:
    return row[0], row[1], row[2], row[3], row[4], row[5]
