"""The spans of local days for which figures are told.

A quarter is one of the calendar, a year is PEPFAR's: October to September, called by the year of its end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

_FIRST_OF_YEAR: Final = 10
"""October: the month in which PEPFAR's year begins."""


class PeriodKind(StrEnum):
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """``first`` is its first local day. Made by ``period_of`` and ``read_period`` alone."""

    first: date
    kind: PeriodKind

    @property
    def end(self) -> date:
        """The first local day after it."""
        match self.kind:
            case PeriodKind.DAY:
                return self.first + timedelta(days=1)
            case PeriodKind.MONTH:
                return _months_after(self.first, 1)
            case PeriodKind.QUARTER:
                return _months_after(self.first, 3)
            case PeriodKind.YEAR:
                return _months_after(self.first, 12)
            case _:
                assert_never(self.kind)

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def code(self) -> str:
        """``2026-11-23``, ``2026-11``, ``2026Q4`` or ``FY2027``, which ``read_period`` reads again."""
        match self.kind:
            case PeriodKind.DAY:
                return self.first.isoformat()
            case PeriodKind.MONTH:
                return f"{self.first:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.first.year:04}Q{(self.first.month + 2) // 3}"
            case PeriodKind.YEAR:
                return f"FY{self.end.year:04}"
            case _:
                assert_never(self.kind)

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def parts(self, kind: PeriodKind) -> Iterator["Period"]:
        """The periods of a shorter kind of which it is made."""
        day = self.first
        while day < self.end:
            part = period_of(kind, day)
            yield part
            day = part.end

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and when the next one does, aware, UTC."""
        return _midnight(self.first, zone), _midnight(self.end, zone)


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of a kind in which a local day lies."""
    match kind:
        case PeriodKind.DAY:
            return Period(day, kind)
        case PeriodKind.MONTH:
            return Period(day.replace(day=1), kind)
        case PeriodKind.QUARTER:
            return Period(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), kind)
        case PeriodKind.YEAR:
            return Period(date(day.year - (day.month < _FIRST_OF_YEAR), _FIRST_OF_YEAR, 1), kind)
        case _:
            assert_never(kind)


_CODES: Final = (
    (PeriodKind.DAY, re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")),
    (PeriodKind.MONTH, re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})")),
    (PeriodKind.QUARTER, re.compile(r"(?P<year>\d{4})-?Q(?P<quarter>[1-4])")),
    (PeriodKind.YEAR, re.compile(r"FY(?P<year>\d{4})")),
)


def read_period(code: str) -> Period:
    """The period that a code names (also DHIS2's ``202611``). Raises ``ValueError`` with what to write."""
    for kind, pattern in _CODES:
        if found := pattern.fullmatch(code.strip().upper()):
            return period_of(kind, _day_in(kind, found))
    raise ValueError(
        "Write a month (2026-11), a quarter (2026Q4) or a year from October to September (FY2027)."
    )


def _day_in(kind: PeriodKind, found: re.Match[str]) -> date:
    named = {name: int(value) for name, value in found.groupdict().items()}
    month = named.get("month") or named.get("quarter", 1) * 3
    try:
        return date(named["year"], month, named.get("day", 1))
    except ValueError:
        raise ValueError(f"There is no {kind} {found[0]}.") from None


def _months_after(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
