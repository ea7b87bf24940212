"""Figures as the rows of a table, the same for the terminal, the pages and every file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from service.reports.figures import Definitions, Dimension, Figure, Level, Measure, Place
from service.store.models.people import District, Site
from service.store.transaction import Reading

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "enrolment": ("NEW", "ES_NEW", "ES_NEW_ENR"),
    "eservices": (
        *("ES_REACHED", "ES_CONTACTS", "CONTACTS_IN_PERSON", "ES_REM_DUE", "ES_REM_SENT", "ES_REM_DLVD"),
        *("ES_REM_FAIL", "ES_REPLY48", "ES_ATT7", "ES_ATT28", "ES_ATT7_NOT", "ES_ATT28_NOT", "ES_ATT_KNOWN"),
        *("ES_ATT_KNOWN_NOT", "ES_RTC", "ES_TASK_TAT", "ES_TASK_INTIME", "ES_OPTOUT", "ES_WRONGNO"),
        "ES_INCIDENT",
    ),
    "infant-tests": (
        *("EID_FIRST", "EID_POS", "EID_POS_ART", "EID_2M", "EID_9M", "EID_12M", "EID_18M", "EID_FINAL"),
        "EID_OUTCOME",
    ),
    "absences": ("ABS_MISSED", "ABS_DEFAULTER", "ABS_INTERRUPTED", "ABS_LOST"),
    "costs": ("MSG_SENT", "MSG_DLVD", "MSG_PARTS", "MSG_COST"),
}
"""The indicators of each report, in the order in which they are told."""

FEW: Final = "few"
"""Stands where a figure is too small to be shown."""


@dataclass(frozen=True)
class FigureRow:
    """``told_apart`` is empty for the whole. ``value`` is empty where there is none, or ``few``.

    ``cases`` and ``of`` are what a share or a median was made of.
    """

    indicator: str
    title: str
    period: str
    level: str
    place: str
    told_apart: str
    value: float | int | str | None
    cases: int | None
    of: int | None


COLUMNS: Final = tuple(FigureRow.__dataclass_fields__)


@dataclass(frozen=True)
class Names:
    """What places are called."""

    of: Mapping[Place, str]

    def __getitem__(self, place: Place) -> str:
        return self.of.get(place, str(place.level))


def place_names(reading: Reading) -> Names:
    names: dict[Place, str] = {}
    for level, table in ((Level.DISTRICT, District), (Level.SITE, Site)):
        for row in reading.connection.execute(select(table.id, table.name)):
            names[Place(level, row.id)] = row.name
    return Names(names)


def figure_rows(definitions: Definitions, names: Names, found: Iterable[Figure]) -> list[FigureRow]:
    """In the order of the rules; the whole before its parts, the network before its districts and sites."""
    order = {indicator: number for number, indicator in enumerate(definitions.indicators)}
    levels = {level: number for number, level in enumerate(Level)}

    def place_of(one: Figure) -> tuple[object, ...]:
        where = (levels[one.place.level], names[one.place])
        return (order[one.indicator], one.period.first, *where, len(one.cell.parts), one.cell.code)

    return [_row(definitions, names, one) for one in sorted(found, key=place_of)]


def _row(definitions: Definitions, names: Names, one: Figure) -> FigureRow:
    indicator = definitions.indicators[one.indicator]
    made_of = indicator.measure in (Measure.SHARE, Measure.MEDIAN) and one.value is not None
    return FigureRow(
        one.indicator,
        indicator.title,
        one.period.code,
        one.place.level,
        names[one.place],
        one.cell.code,
        shown_value(one),
        one.counted.cases if made_of else None,
        one.counted.of if made_of else None,
    )


_PLACES: Final = Decimal("0.0001")


def shown_value(one: Figure) -> float | int | str | None:
    """Whole numbers as such; shares, hours and money to four places."""
    if one.value is None:
        return FEW if one.counted.cases else None
    whole = one.value == one.value.to_integral_value()
    return int(one.value) if whole else float(one.value.quantize(_PLACES))


def cell_words(parts: Iterable[tuple[Dimension, str]]) -> str:
    """Such as *20-24, female*."""
    return ", ".join(value.replace("_", " ") for _, value in parts)
