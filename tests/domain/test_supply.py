"""How long a supply lasts, in the groups of the national register."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.supply import Supply, next_date, supply_of


@pytest.mark.parametrize(
    ("days", "group"),
    [
        (1, "under_2_weeks"),
        (9, "under_2_weeks"),
        (10, "2_weeks"),
        (27, "2_weeks"),
        (28, "1_month"),
        (30, "1_month"),
        (55, "1_month"),
        (56, "2_months"),
        (83, "2_months"),
        (84, "3_months"),
        (90, "3_months"),
        (111, "3_months"),
        (112, "4_months"),
        (140, "5_months"),
        (167, "5_months"),
        (168, "6_months"),
        (195, "6_months"),
        (196, "over_6_months"),
        (365, "over_6_months"),
    ],
)
def test_days_are_grouped_in_months_of_28(days: int, group: str) -> None:
    assert supply_of(days) == group


@given(months=st.integers(1, 6), more=st.integers(0, 27))
def test_a_month_more_is_the_next_group(months: int, more: int) -> None:
    assert list(Supply)[months + 1] is supply_of(28 * months + more)


@pytest.mark.parametrize(
    ("dispensed", "days", "next_day"),
    [
        (date(2027, 2, 1), 28, date(2027, 3, 1)),
        (date(2028, 2, 1), 28, date(2028, 2, 29)),
        (date(2028, 2, 29), 84, date(2028, 5, 23)),
        (date(2027, 12, 31), 1, date(2028, 1, 1)),
    ],
)
def test_she_comes_again_on_the_first_day_without(dispensed: date, days: int, next_day: date) -> None:
    assert next_date(dispensed, days) == next_day
    assert next_day - timedelta(days=days) == dispensed
