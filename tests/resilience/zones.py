"""Every day on which some zone of the world puts its clocks forward or back, from 2020 to 2040."""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from service.domain.care import VisitKind
from service.domain.hours import Calendar, at_local, is_allowed, next_allowed
from service.domain.people import SafeTimes
from service.reminders.due import Known, Send, Subject, due
from service.reminders.vocabulary import Anchor, Whose
from tests.resilience.outcome import Outcome, judged
from tests.worker.village import shipped_programme

FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
DAY: Final = timedelta(days=1)
QUARTER: Final = timedelta(minutes=15)
ALL_DAYS: Final = frozenset(range(1, 8))
WORKDAYS: Final = frozenset(range(1, 7))
HOURS: Final = (
    SafeTimes(time(9), time(17), WORKDAYS),
    SafeTimes(time(0), time(4), ALL_DAYS),
    SafeTimes(time(1, 30), time(23, 45), ALL_DAYS),
)
"""What is usual, and hours within which clocks are changed."""

VISIT: Final = UUID(int=7)


def every_edge(zones: int, seed: int) -> Outcome:
    """``zones`` drawn from all that there are; 0 means all."""
    names = sorted(zoneinfo.available_timezones())
    chosen = Random(seed).sample(names, zones) if zones else names
    wrong: list[str] = []
    edges = 0
    for zone in map(ZoneInfo, chosen):
        for day in _edges(zone):
            edges += 1
            wrong += [f"{sentence} in {zone} around {day}" for sentence in _wrong_around(day, zone)]
    return judged(
        {"zones": len(chosen), "days on which clocks change": edges, "wrong": len(wrong)},
        {f"{len(wrong)} wrong, such as: {'; '.join(wrong[:5])}": not wrong},
    )


def _edges(zone: ZoneInfo) -> Iterator[date]:
    day, before = FIRST, _offset(FIRST, zone)
    while day <= LAST:
        after = _offset(day + DAY, zone)
        if after != before:
            yield day
        day, before = day + DAY, after


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).astimezone(zone).utcoffset()


def _wrong_around(day: date, zone: ZoneInfo) -> Iterator[str]:
    yield from _clock_times(day, zone)
    for safe in HOURS:
        calendar = Calendar(zone, safe)
        yield from _next_moments(day, calendar)
        yield from _reminders(day, calendar)


def _clock_times(day: date, zone: ZoneInfo) -> Iterator[str]:
    """A clock time that is skipped comes later on its day; of one that comes twice, the first is meant."""
    for clock in (time(quarter // 4, quarter % 4 * 15) for quarter in range(96)):
        moment = at_local(day, clock, zone)
        shown = moment.astimezone(zone)
        if shown.date() != day or shown.time() < clock:
            yield f"{clock} is {shown}"
        if any((moment - back).astimezone(zone).time() == clock for back in (2 * QUARTER, 4 * QUARTER)):
            yield f"the second {clock}"


def _next_moments(day: date, calendar: Calendar) -> Iterator[str]:
    """The next moment that is allowed is allowed, and none before it is."""
    moment = at_local(day - DAY, time(12), calendar.zone)
    for _ in range(60):
        found = next_allowed(moment, calendar)
        if found is None or found < moment:
            yield f"no next moment after {moment}"
        elif not is_allowed(found, calendar):
            yield f"{found} is not allowed"
        elif (
            _is_on_time(found, calendar)
            and moment <= found - QUARTER
            and is_allowed(found - QUARTER, calendar)
        ):
            yield f"{found - QUARTER} was allowed before {found}"
        moment += timedelta(minutes=47)


def _is_on_time(found: datetime, calendar: Calendar) -> bool:
    """Where the start of the hours is skipped, they start later by the jump."""
    return found.astimezone(calendar.zone).time() == calendar.safe.starts


def _reminders(day: date, calendar: Calendar) -> Iterator[str]:
    """Around a visit on each of the days, each step comes once, at an hour that is allowed."""
    plans = shipped_programme().plans
    for visit in (day, day + DAY, day + 7 * DAY):
        known = at_local(visit - 30 * DAY, time(12), calendar.zone)
        subject = Subject(VISIT, Whose.SELF, {Anchor.VISIT: Known(visit, known)}, VisitKind.REFILL, 84)
        rows = list(due(plans, subject, calendar))
        keys = {row.key for row in rows}
        if len(keys) < len(rows):
            yield f"a step twice for {visit}"
        again = {row.key for row in due(plans, subject, calendar)}
        if keys != again:
            yield f"other steps the second time for {visit}"
        for row in rows:
            if isinstance(row.outcome, Send) and not is_allowed(row.outcome.at, calendar):
                yield f"{row.step.id} at {row.outcome.at}"
