"""Figures: how many, of whom, where and when, by the rules of ``indicators.toml``.

What others use, all of it from here:

``shipped()`` -> ``Definitions``: the rules as data (``.indicators[id]``: title, means, measure, by)
``Counting(definitions, zone)``: the rules and the zone, handed to every question
``read_period("2026-11")`` -> ``Period`` (month ``2026-11``, quarter ``2026Q4``, PEPFAR year ``FY2027``)
``figures(reading, counting, ids, period, scope)`` -> ``tuple[Figure, ...]``: exact, from the facts, slow
``EVERYWHERE``, ``Scope(site_ids)``: for whom, all levels or some sites alone
``ALL_CELLS``, ``WHOLES``, ``Detail(by)``: which cells are asked for
``Figure(indicator, period, place, cell, value, counted)``, ``Place(level, id)``, ``Cell(parts)``, ``TOTAL``
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, assert_never
from uuid import UUID

from service.domain.period import Period, PeriodKind, period_of, read_period
from service.reports.counting.cells import NETWORK, TOTAL, Cell, Level, Place
from service.reports.counting.definitions import Definitions, Dimension, Indicator, Measure, shipped
from service.reports.counting.ground import Counting, Ground, survey
from service.reports.counting.sources import SOURCES, Sources
from service.reports.counting.tally import Counted, Tally, gather, tally
from service.store.transaction import Reading

__all__ = (
    "ALL_CELLS",
    "EVERYWHERE",
    "NETWORK",
    "TOTAL",
    "WHOLES",
    "Cell",
    "Counted",
    "Counting",
    "Definitions",
    "Detail",
    "Dimension",
    "Figure",
    "Level",
    "Measure",
    "Period",
    "PeriodKind",
    "Place",
    "Scope",
    "figures",
    "period_of",
    "read_period",
    "shipped",
)

_SECONDS_IN_HOUR: Final = 3600
_MICROS: Final = Decimal(1_000_000)


@dataclass(frozen=True)
class Scope:
    """The sites of which somebody may see figures; ``None``: of all, and of districts and the network."""

    site_ids: frozenset[UUID] | None = None

    def __contains__(self, place: Place) -> bool:
        return self.site_ids is None or (place.level is Level.SITE and place.id in self.site_ids)


EVERYWHERE: Final = Scope()


@dataclass(frozen=True)
class Detail:
    """Which cells: the wholes, and what is told apart by one of these alone; ``None``: all there are."""

    by: tuple[Dimension, ...] | None = None

    def __contains__(self, cell: Cell) -> bool:
        return self.by is None or cell == TOTAL or (len(cell.parts) == 1 and cell.dimensions[0] in self.by)


ALL_CELLS: Final = Detail()
WHOLES: Final = Detail(())


@dataclass(frozen=True)
class Figure:
    """One figure: a count, a share between 0 and 1, hours, parts, or an amount of a currency.

    ``counted`` has what it was made of: the cases, and of how many they are. What is not in a list of figures
    is nought, or for a share or a median, nothing. ``value`` is ``None`` where it is not shown.
    """

    indicator: str
    period: Period
    place: Place
    cell: Cell
    value: Decimal | None
    counted: Counted


def figures(
    reading: Reading, counting: Counting, ids: Iterable[str], period: Period, scope: Scope = EVERYWHERE
) -> tuple[Figure, ...]:
    """Indicators of a period, counted anew from the facts. Raises ``KeyError`` for an unknown id."""
    ground = survey(reading, counting)
    wanted = [counting.definitions.indicators[one] for one in ids]
    return tuple(
        figure
        for indicator, found in count(ground, wanted, period)
        for figure in as_figures(indicator, period, found)
        if figure.place in scope
    )


def count(
    ground: Ground, wanted: Iterable[Indicator], period: Period, sources: Sources = SOURCES
) -> Iterator[tuple[Indicator, Tally]]:
    """What each indicator comes to; the facts of a source are looked for once."""
    by_source: dict[str, list[Indicator]] = {}
    for indicator in wanted:
        by_source.setdefault(indicator.source, []).append(indicator)
    for indicators in by_source.values():
        facts = sources[indicators[0].source](ground, period)
        gathered = gather(ground.definitions, indicators, facts)
        for indicator in indicators:
            yield indicator, tally(ground.districts, indicator, gathered)


def as_figures(indicator: Indicator, period: Period, found: Tally) -> Iterator[Figure]:
    for (place, cell), counted in found.items():
        yield Figure(indicator.id, period, place, cell, worth(indicator, counted), counted)


def worth(indicator: Indicator, counted: Counted) -> Decimal | None:
    """What is shown of what was counted."""
    match indicator.measure:
        case Measure.EVENTS | Measure.CLIENTS:
            return Decimal(counted.cases)
        case Measure.SHARE:
            return Decimal(counted.cases) / counted.of if counted.of else None
        case Measure.SUM:
            return Decimal(counted.amount or 0)
        case Measure.MONEY:
            return Decimal(counted.amount or 0) / _MICROS
        case Measure.MEDIAN:
            return (Decimal(counted.amount or 0) / _SECONDS_IN_HOUR).quantize(Decimal("0.01"))
        case _:
            assert_never(indicator.measure)
