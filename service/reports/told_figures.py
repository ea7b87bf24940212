"""The figures that are told, on pages, terminals and in files: all but comparisons that would mislead."""

from collections.abc import Iterable, Iterator
from typing import Final

from service.reports.figures import (
    ALL_CELLS,
    EVERYWHERE,
    Counting,
    Definitions,
    Detail,
    Figure,
    Period,
    Scope,
)
from service.reports.rolled_up import quickest
from service.store.transaction import Reading

_KNOWN: Final = ("ES_ATT_KNOWN", "ES_ATT_KNOWN_NOT")
"""Of the visits of each of the two groups that are compared, those of which it is known whether she came."""


def told_figures(
    reading: Reading,
    counting: Counting,
    ids: Iterable[str],
    period: Period,
    scope: Scope = EVERYWHERE,
    detail: Detail = ALL_CELLS,
) -> tuple[Figure, ...]:
    """As ``quickest``, without comparisons of too few visits, or of visits of which too little is known."""
    wanted, definitions = tuple(ids), counting.definitions
    compared = [one.compares for id_ in wanted if (one := definitions.indicators[id_]).compares]
    beside = [*compared, *_KNOWN] if compared else []
    asked = tuple(dict.fromkeys((*wanted, *(one for one in beside if one))))
    found = quickest(reading, counting, asked, period, scope, detail)
    return tuple(one for one in only_fair(definitions, found) if one.indicator in wanted)


def only_fair(definitions: Definitions, found: Iterable[Figure]) -> Iterator[Figure]:
    """By the numbers of the rules: enough visits in both groups, and enough of them known."""
    by_cell = {(one.indicator, one.place, one.cell): one for one in found}
    for one in by_cell.values():
        beside = definitions.indicators[one.indicator].compares
        if beside is None:
            yield one
            continue
        groups = [one, by_cell.get((beside, one.place, one.cell))]
        known = [by_cell.get((id_, one.place, one.cell)) for id_ in _KNOWN]
        if _are_many(definitions, groups) and _are_known(definitions, known):
            yield one


def _are_many(definitions: Definitions, groups: Iterable[Figure | None]) -> bool:
    least = definitions.numbers.compare_least
    return all(one and (one.counted.of or 0) >= least for one in groups)


def _are_known(definitions: Definitions, known: Iterable[Figure | None]) -> bool:
    least = definitions.numbers.compare_known_percent
    return all(one and one.counted.cases * 100 >= least * (one.counted.of or 0) for one in known)
