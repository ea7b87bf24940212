"""A comparison is told only where it is fair, and small figures are told to nobody outside."""

from decimal import Decimal
from uuid import UUID

import pytest

from service.reports.counting.cells import read_cell
from service.reports.figures import NETWORK, Counted, Figure, Level, Place, read_period, shipped
from service.reports.small_cells import hide_small
from service.reports.told_figures import only_fair

RULES = shipped()
NOVEMBER = read_period("2026-11")
HERE, THERE, THIRD = (Place(Level.SITE, UUID(int=number)) for number in range(1, 4))


def figure(
    indicator: str, cases: int, of: int | None = None, place: Place = NETWORK, cell: str = ""
) -> Figure:
    value = Decimal(cases) / of if of else Decimal(cases)
    return Figure(indicator, NOVEMBER, place, read_cell(cell), value, Counted(cases, of))


@pytest.mark.parametrize(
    ("reminded", "not_reminded", "known", "known_not", "told"),
    [
        (30, 30, 24, 24, True),
        (29, 30, 29, 30, False),
        (30, 29, 30, 29, False),
        (30, 30, 23, 30, False),
        (30, 30, 30, 23, False),
    ],
)
def test_whoever_was_not_reminded_is_compared_only_where_that_is_fair(
    reminded: int, not_reminded: int, known: int, known_not: int, told: bool
) -> None:
    found = (
        figure("ES_ATT7", 20, reminded),
        figure("ES_ATT7_NOT", 10, not_reminded),
        figure("ES_ATT_KNOWN", known, reminded),
        figure("ES_ATT_KNOWN_NOT", known_not, not_reminded),
    )
    kept = {one.indicator for one in only_fair(RULES, found)}
    assert ("ES_ATT7_NOT" in kept) is told
    assert kept >= {"ES_ATT7", "ES_ATT_KNOWN", "ES_ATT_KNOWN_NOT"}


def values(*found: Figure) -> list[Decimal | None]:
    return [one.value for one in hide_small(RULES, found)]


def test_a_figure_of_fewer_than_five_is_hidden_and_nought_is_not() -> None:
    assert values(figure("ES_NEW", 4)) == [None]
    assert values(figure("ES_NEW", 5)) == [5]
    assert values(figure("ES_NEW", 0)) == [0]
    assert values(figure("MSG_PARTS", 2)) == [2]


@pytest.mark.parametrize(
    ("cases", "of", "hidden"), [(10, 20, False), (4, 20, True), (17, 20, True), (3, 3, True)]
)
def test_of_a_share_those_who_are_not_counted_are_people_too(cases: int, of: int, hidden: bool) -> None:
    assert (values(figure("ES_REPLY48", cases, of)) == [None]) is hidden


def test_the_rest_gives_no_hidden_part_away() -> None:
    by_sex = (
        figure("NEW", 9, cell="dreams_band=20-24"),
        figure("NEW", 2, cell="dreams_band=25-29"),
        figure("NEW", 30, cell="dreams_band=other"),
    )
    assert values(figure("NEW", 41), *by_sex) == [41, None, None, 30]
    sites = (figure("NEW", 3, place=HERE), figure("NEW", 8, place=THERE), figure("NEW", 30, place=THIRD))
    assert values(figure("NEW", 41), *sites) == [41, None, None, 30]
