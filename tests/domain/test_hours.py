"""Safe hours. Maseru is two hours ahead of UTC the whole year: 09:00 there is 07:00 UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.hours import HOURS as OFFERED
from service.domain.hours import (
    Calendar,
    at_local,
    common,
    count_since,
    first_open_day,
    is_allowed,
    is_never,
    is_open,
    last_open_day,
    local_day,
    narrowed,
    next_allowed,
    next_allowed_day,
)
from service.domain.people import SafeTimes

MASERU = ZoneInfo("Africa/Maseru")
LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE = SafeTimes(time(9), time(17), frozenset(range(1, 7)))
CALENDAR = Calendar(MASERU, NINE_TO_FIVE, frozenset({date(2026, 12, 25), date(2026, 12, 26)}))


def maseru(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MASERU).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-12-24 08:59:59", False),
        ("2026-12-24 09:00", True),
        ("2026-12-24 16:59:59", True),
        ("2026-12-24 17:00", False),
        ("2026-12-25 12:00", False),  # Christmas
        ("2026-12-27 12:00", False),  # Sunday
    ],
)
def test_the_first_minute_is_allowed_and_the_last_is_not(moment: str, allowed: bool) -> None:
    assert is_allowed(maseru(moment), CALENDAR) is allowed


@pytest.mark.parametrize(
    ("moment", "next_one"),
    [
        ("2026-12-23 11:30", "2026-12-23 11:30"),
        ("2026-12-23 00:00", "2026-12-23 09:00"),
        ("2026-12-23 08:59:59", "2026-12-23 09:00"),
        ("2026-12-23 17:00", "2026-12-24 09:00"),
        ("2026-12-23 23:59:59", "2026-12-24 09:00"),
        ("2026-12-24 17:00", "2026-12-28 09:00"),  # Christmas, Boxing Day, Sunday
        ("2026-12-27 10:00", "2026-12-28 09:00"),
        ("2028-02-28 20:00", "2028-02-29 09:00"),
    ],
)
def test_the_next_allowed_moment_is_now_or_the_next_opening(moment: str, next_one: str) -> None:
    assert next_allowed(maseru(moment), CALENDAR) == maseru(next_one)


def test_the_first_allowed_moment_of_a_day_is_its_opening() -> None:
    assert next_allowed_day(date(2026, 12, 23), CALENDAR) == maseru("2026-12-23 09:00")
    assert next_allowed_day(date(2026, 12, 25), CALENDAR) == maseru("2026-12-28 09:00")


def test_her_own_hours_only_narrow_those_of_the_place() -> None:
    afternoons = SafeTimes(time(14), time(20), frozenset({3, 7}))
    assert common(NINE_TO_FIVE, afternoons) == SafeTimes(time(14), time(17), frozenset({3}))
    hers = narrowed(CALENDAR, afternoons)
    assert next_allowed(maseru("2026-12-21 10:00"), hers) == maseru("2026-12-23 14:00")
    assert narrowed(CALENDAR, None) == CALENDAR


@pytest.mark.parametrize(
    "own",
    [
        SafeTimes(time(18), time(20), frozenset(range(1, 8))),
        SafeTimes(time(9), time(17), frozenset({7})),
        SafeTimes(time(9), time(17), frozenset()),
        SafeTimes(time(12), time(12), frozenset({1})),
    ],
)
def test_hours_that_leave_no_moment_are_never(own: SafeTimes) -> None:
    hers = narrowed(CALENDAR, own)
    assert is_never(hers.safe)
    assert next_allowed(maseru("2026-12-21 10:00"), hers) is None


def test_a_closed_day_gives_way_to_the_open_ones_beside_it() -> None:
    christmas = date(2026, 12, 25)
    assert last_open_day(christmas, CALENDAR) == date(2026, 12, 24)
    assert first_open_day(christmas, CALENDAR) == date(2026, 12, 28)
    assert last_open_day(date(2026, 12, 24), CALENDAR) == date(2026, 12, 24)


def test_without_any_open_weekday_a_day_stays_where_it_is() -> None:
    nowhere = narrowed(CALENDAR, SafeTimes(time(9), time(17), frozenset()))
    assert first_open_day(date(2026, 12, 25), nowhere) == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("utc", "day"),
    [("2026-12-23 21:59", date(2026, 12, 23)), ("2026-12-23 22:00", date(2026, 12, 24))],
)
def test_the_local_day_begins_two_hours_before_that_of_utc(utc: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(utc).replace(tzinfo=UTC), MASERU) == day


def test_moments_are_counted_by_local_day() -> None:
    moments = [maseru("2026-12-22 23:59"), maseru("2026-12-23 00:00"), maseru("2026-12-24 10:00")]
    assert count_since(date(2026, 12, 23), moments, MASERU) == 2


def test_a_clock_time_that_is_skipped_is_later_by_the_jump() -> None:
    # In London the clocks went from 01:00 to 02:00 on 29 March 2026.
    assert at_local(date(2026, 3, 29), time(1, 30), LONDON) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert at_local(date(2026, 3, 29), time(1, 30), LONDON).astimezone(LONDON).time() == time(2, 30)


def test_a_clock_time_that_comes_twice_is_taken_once_and_first() -> None:
    # In London the clocks went back from 02:00 to 01:00 on 25 October 2026.
    assert at_local(date(2026, 10, 25), time(1, 30), LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_safe_hours_that_start_twice_are_not_looked_for_in_the_past() -> None:
    # In London it was 01:05 for the second time, 65 minutes after the first.
    early = Calendar(LONDON, SafeTimes(time(1, 15), time(17), frozenset(range(1, 8))))
    again = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)
    assert next_allowed(again, early) == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)


ZONES = st.sampled_from([MASERU, LONDON, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")])
HOURS = st.builds(
    lambda starts, length, days: SafeTimes(time(starts), time(starts + length), days),
    starts=st.integers(5, 12),
    length=st.integers(1, 10),
    days=st.frozensets(st.integers(1, 7), min_size=1),
)
DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))
CALENDARS = st.builds(Calendar, ZONES, HOURS, st.frozensets(DAYS, max_size=20))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))


@given(moment=MOMENTS, calendar=CALENDARS)
def test_the_next_allowed_moment_is_allowed_and_none_lies_before_it(
    moment: datetime, calendar: Calendar
) -> None:
    found = next_allowed(moment, calendar)
    assert found is not None
    assert found >= moment
    assert is_allowed(found, calendar)
    assert found == moment or not is_allowed(found - timedelta(seconds=1), calendar)
    half_hours = range(int((found - moment) / timedelta(minutes=30)))
    assert not any(is_allowed(moment + timedelta(minutes=30) * n, calendar) for n in half_hours[:400])


@given(day=DAYS, calendar=CALENDARS)
def test_an_open_day_beside_a_closed_one_is_the_nearest(day: date, calendar: Calendar) -> None:
    before, after = last_open_day(day, calendar), first_open_day(day, calendar)
    assert before <= day <= after
    assert is_open(before, calendar) and is_open(after, calendar)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(is_open(other, calendar) for other in between)


def test_no_hours_are_offered_to_her_in_which_no_text_goes() -> None:
    offered = [SafeTimes(*hours, NINE_TO_FIVE.days) for hours in OFFERED.values()]
    assert [common(NINE_TO_FIVE, hours) for hours in offered] == offered
