"""How long what was dispensed lasts. Days are local."""

from bisect import bisect_right
from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class Supply(StrEnum):
    """Lengths of supply as the national register (eRegister) groups them: months of 28 days.

    It names none under 10 days and none of 196 days or more.
    """

    UNDER_TWO_WEEKS = "under_2_weeks"
    TWO_WEEKS = "2_weeks"
    ONE_MONTH = "1_month"
    TWO_MONTHS = "2_months"
    THREE_MONTHS = "3_months"
    FOUR_MONTHS = "4_months"
    FIVE_MONTHS = "5_months"
    SIX_MONTHS = "6_months"
    OVER_SIX_MONTHS = "over_6_months"


_FIRST_DAYS: Final = (10, 28, 56, 84, 112, 140, 168, 196)


def supply_of(days_supplied: int) -> Supply:
    """The register's group for a number of days (its report of multi-month dispensing, txcurr_mmd)."""
    return tuple(Supply)[bisect_right(_FIRST_DAYS, days_supplied)]


def next_date(dispensed_on: date, days_supplied: int) -> date:
    """The first day for which nothing is left; a date that the nurse wrote wins over it."""
    return dispensed_on + timedelta(days=days_supplied)
