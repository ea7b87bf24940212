"""When a text may reach a person: safe hours, safe days and the days on which a place rests.

Moments are aware and UTC; days and clock times are local to the calendar's zone.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from service.domain.people import SafeTimes

_DAY: Final = timedelta(days=1)


class PartOfDay(StrEnum):
    MORNING = "morning"
    MIDDAY = "midday"
    EVENING = "evening"
    ANY = "any"


HOURS: Final[dict[PartOfDay, tuple[time, time]]] = {
    PartOfDay.MORNING: (time(9), time(12)),
    PartOfDay.MIDDAY: (time(12), time(15)),
    PartOfDay.EVENING: (time(15), time(17)),
    PartOfDay.ANY: (time(9), time(17)),
}
"""Local hours in which texts and calls may reach her: the first included, the second not.

None ends later than texts do by default: what is offered is kept.
"""


@dataclass(frozen=True)
class Calendar:
    """The times in which a place, or one person there, may be sent a text. ``holidays`` are closed days."""

    zone: ZoneInfo
    safe: SafeTimes
    holidays: frozenset[date] = frozenset()


def narrowed(calendar: Calendar, own: SafeTimes | None) -> Calendar:
    """The calendar for a person with safe times of her own: what both allow, which may be nothing."""
    return calendar if own is None else replace(calendar, safe=common(calendar.safe, own))


def common(one: SafeTimes, other: SafeTimes) -> SafeTimes:
    """The days and hours that lie in both."""
    return SafeTimes(max(one.starts, other.starts), min(one.ends, other.ends), one.days & other.days)


def is_never(safe: SafeTimes) -> bool:
    """Whether no moment at all is safe, so that only a person can reach her."""
    return not safe.days or safe.starts >= safe.ends


def is_open(day: date, calendar: Calendar) -> bool:
    return day.isoweekday() in calendar.safe.days and day not in calendar.holidays


def is_allowed(moment: datetime, calendar: Calendar) -> bool:
    local = moment.astimezone(calendar.zone)
    return is_open(local.date(), calendar) and calendar.safe.starts <= local.time() < calendar.safe.ends


def next_allowed(moment: datetime, calendar: Calendar) -> datetime | None:
    """``moment`` if it is allowed, else the start of the next safe hours; ``None`` if there are none."""
    if is_never(calendar.safe):
        return None
    if is_allowed(moment, calendar):
        return moment
    local = moment.astimezone(calendar.zone)
    day = local.date() if local.time() < calendar.safe.starts else local.date() + _DAY
    open_day, starts = first_open_day(day, calendar), calendar.safe.starts
    found = at_local(open_day, starts, calendar.zone)
    # Where clocks are put back over the start, the safe hours start a second time.
    return found if found >= moment else at_local(open_day, starts.replace(fold=1), calendar.zone)


def next_allowed_day(day: date, calendar: Calendar) -> datetime | None:
    """The first allowed moment on ``day`` or after it; ``None`` if there is none."""
    return next_allowed(at_local(day, time.min, calendar.zone), calendar)


def first_open_day(day: date, calendar: Calendar) -> date:
    """``day`` or the first open day after it (``day`` itself if no weekday is open)."""
    return _open_day(day, _DAY, calendar)


def last_open_day(day: date, calendar: Calendar) -> date:
    """``day`` or the last open day before it (``day`` itself if no weekday is open)."""
    return _open_day(day, -_DAY, calendar)


def _open_day(day: date, direction: timedelta, calendar: Calendar) -> date:
    while calendar.safe.days and not is_open(day, calendar):
        day += direction
    return day


def at_local(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clock on the wall shows ``clock``.

    Where clocks are put forward over that time, it is as much later as they jump; where they are put back
    and show it twice, it is the first of the two.
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def count_since(first: date, moments: Collection[datetime], zone: ZoneInfo) -> int:
    """How many of ``moments`` lie on the local day ``first`` or later."""
    return sum(local_day(moment, zone) >= first for moment in moments)
