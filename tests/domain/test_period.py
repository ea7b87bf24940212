"""The spans of days for which figures are told, and what they are called."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.period import PeriodKind, period_of, read_period


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-11-23", date(2026, 11, 23), date(2026, 11, 23)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("FY2027", date(2026, 10, 1), date(2027, 9, 30)),
    ],
)
def test_a_code_names_a_period_and_a_period_its_code(code: str, first: date, last: date) -> None:
    period = read_period(code)
    assert (period.first, period.last, period.code) == (first, last, code)
    assert period_of(period.kind, first) == period_of(period.kind, last) == period


def test_the_code_of_dhis2_names_a_month_too() -> None:
    assert read_period("202601").code == "2026-01"


@pytest.mark.parametrize("code", ["2026-13", "2026Q5", "2026", "last month", "2026-02-30"])
def test_what_names_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"Write a month|There is no"):
        read_period(code)


def test_the_last_day_of_september_is_in_the_year_that_ends_with_it() -> None:
    assert period_of(PeriodKind.YEAR, date(2026, 9, 30)).code == "FY2026"
    assert period_of(PeriodKind.YEAR, date(2026, 10, 1)).code == "FY2027"


def test_a_year_is_made_of_its_months() -> None:
    assert [part.code for part in read_period("FY2027").parts(PeriodKind.MONTH)][::11] == [
        "2026-10",
        "2027-09",
    ]


def test_a_period_begins_at_midnight_on_the_clocks_of_the_place() -> None:
    begins, ends = read_period("2026-11").moments(ZoneInfo("Africa/Maseru"))
    assert (begins, ends) == (
        datetime(2026, 10, 31, 22, tzinfo=UTC),
        datetime(2026, 11, 30, 22, tzinfo=UTC),
    )
