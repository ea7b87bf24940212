"""Figures so small that somebody could be known by them are not shown to whoever may not see the people."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from service.reports.counting.definitions import Definitions, Measure
from service.reports.figures import Figure

_OF_PEOPLE: Final = (Measure.EVENTS, Measure.CLIENTS, Measure.SHARE, Measure.MEDIAN)


def hide_small(definitions: Definitions, found: Iterable[Figure]) -> tuple[Figure, ...]:
    """The same figures, without the values of small ones.

    Where one part of a whole alone would be hidden, the next smallest is too: else the rest would give it
    away. Parts are the cells of a place that are told apart in one way, and the places of a level.
    """
    figures = tuple(found)
    hidden = {number for number, one in enumerate(figures) if is_small(definitions, one)}
    for key in (_among_cells, _among_places):
        for group in _alike(figures, key):
            shown = [number for number in group if number not in hidden]
            if len(group) - len(shown) == 1 and shown:
                hidden.add(min(shown, key=lambda number: figures[number].counted.cases))
    return tuple(replace(one, value=None) if number in hidden else one for number, one in enumerate(figures))


def _alike(figures: Sequence[Figure], key: Callable[[Figure], Hashable]) -> Iterable[list[int]]:
    """The numbers of those that belong together."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number, one in enumerate(figures):
        groups[key(one)].append(number)
    return groups.values()


def _among_cells(one: Figure) -> Hashable:
    return one.indicator, one.period, one.place, one.cell.dimensions


def _among_places(one: Figure) -> Hashable:
    return one.indicator, one.period, one.place.level, one.cell


def is_small(definitions: Definitions, one: Figure) -> bool:
    """Of a share, those whom it does not count are people too."""
    if definitions.indicators[one.indicator].measure not in _OF_PEOPLE:
        return False
    least, counted = definitions.numbers.suppress_below, one.counted
    rest = (counted.of, counted.of - counted.cases) if counted.of is not None else ()
    return any(0 < number < least for number in (counted.cases, *rest))
