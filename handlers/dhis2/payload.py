"""Figures of sites as the data value set of a DHIS2. Aggregates alone; nothing about anybody."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from handlers.dhis2.mapping import BadMapping, Dhis2Mapping, Element
from service.reports.figure_rows import Names
from service.reports.figures import Definitions, Figure, Level, Period, PeriodKind, Place


@dataclass(frozen=True)
class DataValue:
    data_element: str
    period: str
    org_unit: str
    combo: str | None
    value: str

    def as_json(self, attribute_option_combo: str | None) -> dict[str, str]:
        told = {
            "dataElement": self.data_element,
            "period": self.period,
            "orgUnit": self.org_unit,
            "categoryOptionCombo": self.combo,
            "attributeOptionCombo": attribute_option_combo,
            "value": self.value,
        }
        return {name: text for name, text in told.items() if text is not None}


@dataclass(frozen=True)
class ValueSet:
    """What is sent. ``kept_back`` is how many small figures were not."""

    mapping: Dhis2Mapping
    values: tuple[DataValue, ...]
    kept_back: int

    def as_json(self) -> dict[str, Any]:
        combo = self.mapping.attribute_option_combo
        return {
            "dataSet": self.mapping.data_set,
            "dataValues": [value.as_json(combo) for value in self.values],
        }


_Key = tuple[str, Place, str]


def value_set(
    mapping: Dhis2Mapping, definitions: Definitions, names: Names, period: Period, found: Iterable[Figure]
) -> ValueSet:
    """The figures of every mapped site. Raises ``BadMapping`` for each site or cell without a code of theirs.

    The same figures make the same values, so that sending them again overwrites each with itself.
    """
    figures = {
        (one.indicator, one.place, one.cell.code): one for one in found if one.place.level is Level.SITE
    }
    if problems := [*_unmapped(mapping, names, figures), *_unknown_sites(mapping, names)]:
        raise BadMapping(sorted(set(problems)))
    kept = tuple(_values(mapping, definitions, names, period, figures))
    return ValueSet(mapping, tuple(one for one in kept if one), kept.count(None))


def _unmapped(mapping: Dhis2Mapping, names: Names, figures: Mapping[_Key, Figure]) -> Iterator[str]:
    by_indicator: dict[str, list[Element]] = {}
    for element in mapping.element:
        by_indicator.setdefault(element.indicator, []).append(element)
    for one in figures.values():
        for element in by_indicator.get(one.indicator, ()):
            if element.by != one.cell.dimensions:
                continue
            if names[one.place] not in mapping.org_units:
                yield f"org_units: the site {names[one.place]!r} has figures and no code."
            if element.by and one.cell.code not in element.combos:
                yield f"element {element.indicator}: the cell {one.cell.code!r} has figures and no combo."


def _unknown_sites(mapping: Dhis2Mapping, names: Names) -> Iterator[str]:
    known = {name for place, name in names.of.items() if place.level is Level.SITE}
    yield from (
        f"org_units: there is no site {name!r}; see khopotso site list."
        for name in mapping.org_units
        if name not in known
    )


def _values(
    mapping: Dhis2Mapping,
    definitions: Definitions,
    names: Names,
    period: Period,
    figures: Mapping[_Key, Figure],
) -> Iterator[DataValue | None]:
    sites = [place for place in names.of if names[place] in mapping.org_units and place.level is Level.SITE]
    for element in mapping.element:
        for place in sorted(sites, key=lambda place: names[place]):
            for cell in element.combos if element.by else ("",):
                one = figures.get((element.indicator, place, cell))
                if not mapping.inside and one and 0 < one.counted.cases < definitions.numbers.suppress_below:
                    yield None
                    continue
                value = _told(element, one)
                if value or element.zero:
                    yield DataValue(
                        element.data_element,
                        period_code(period),
                        mapping.org_units[names[place]],
                        element.combo_of(cell),
                        f"{value.normalize():f}",
                    )


def _told(element: Element, one: Figure | None) -> Decimal:
    if one is None:
        return Decimal(0)
    match element.value:
        case "value":
            return (one.value or Decimal(0)).quantize(Decimal("0.0001"))
        case "cases":
            return Decimal(one.counted.cases)
        case "of":
            return Decimal(one.counted.of or 0)
        case _:
            assert_never(element.value)


def period_code(period: Period) -> str:
    """As a DHIS2 writes it: ``202611``, ``2026Q4``, and ``2026Oct`` for the year that begins then."""
    first: date = period.first
    match period.kind:
        case PeriodKind.DAY:
            return f"{first:%Y%m%d}"
        case PeriodKind.MONTH:
            return f"{first:%Y%m}"
        case PeriodKind.QUARTER:
            return period.code
        case PeriodKind.YEAR:
            return f"{first.year}Oct"
        case _:
            assert_never(period.kind)
