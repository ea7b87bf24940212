"""What delays a text: a pause, the hour and the caps."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from service.domain.message import MessageClass
from service.domain.people import SafeTimes
from service.domain.permission import CAPPED, Go, Permission, Stop, Wait, permit
from service.domain.permission_facts import MessageFacts
from service.domain.reason import Reason
from tests.domain.permission_facts import (
    CLASSES,
    DANGER_ANSWER,
    HER,
    NIGHT,
    NOW,
    REMINDER,
    SERVICE,
    STRANGER,
    maseru,
    of,
)


@pytest.mark.parametrize("message", [DANGER_ANSWER, *map(of, CLASSES)])
def test_a_pause_holds_everything_until_somebody_ends_it(message: MessageFacts) -> None:
    assert permit(message, HER, replace(SERVICE, paused=True), NOW) == Wait(None, Reason.PAUSED)


def test_a_pause_does_not_keep_what_has_become_too_late() -> None:
    paused = replace(SERVICE, paused=True)
    assert permit(REMINDER, HER, paused, maseru("2026-12-23 17:01")) == Stop(Reason.TOO_LATE)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-12-23 08:59", "2026-12-23 09:00"),
        ("2026-12-23 17:00", "2026-12-24 09:00"),
        ("2026-12-24 17:00", "2026-12-26 09:00"),  # Christmas
        ("2026-12-27 12:00", "2026-12-28 09:00"),  # Sunday
    ],
)
@pytest.mark.parametrize("message_class", ["R1", "R2", "B", "C", "U", "A"])
def test_nothing_goes_at_night_on_sundays_or_on_holidays(message_class: str, now: str, until: str) -> None:
    expected = Wait(maseru(until), Reason.OUTSIDE_HOURS)
    assert permit(of(message_class), HER, SERVICE, maseru(now)) == expected


def test_her_own_hours_count_too() -> None:
    mornings = replace(HER, safe=SafeTimes(time(9), time(10), frozenset({1, 3})))
    assert permit(of("R2"), mornings, SERVICE, NOW) == Wait(maseru("2026-12-28 09:00"), Reason.OUTSIDE_HOURS)


def test_hours_that_never_come_stop_what_minds_the_hour_and_nothing_else() -> None:
    evenings = replace(HER, safe=SafeTimes(time(18), time(20), frozenset(range(1, 8))))
    assert permit(of("R2"), evenings, SERVICE, NOW) == Stop(Reason.NO_SAFE_TIME)
    assert permit(DANGER_ANSWER, evenings, SERVICE, NOW) == Go()


@pytest.mark.parametrize("hours_later", [0, 5])
def test_an_answer_about_danger_minds_no_hour(hours_later: int) -> None:
    answer = replace(DANGER_ANSWER, answers=NIGHT)
    assert permit(answer, HER, SERVICE, NIGHT + timedelta(hours=hours_later)) == Go()


def test_an_alert_to_staff_minds_no_hour() -> None:
    assert permit(of("S"), STRANGER, SERVICE, NIGHT) == Go()


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, Go()),
        (10, Go()),
        (11, Wait(maseru("2026-12-24 09:00"), Reason.OUTSIDE_HOURS)),
    ],
)
def test_an_answer_goes_at_night_only_while_she_has_the_phone_in_her_hand(
    minutes: int, expected: Permission
) -> None:
    answer = replace(of("A"), answers=NIGHT)
    assert permit(answer, HER, SERVICE, NIGHT + timedelta(minutes=minutes)) == expected


def test_only_an_answer_may_go_at_night_because_she_wrote() -> None:
    reminder = replace(of("R2"), answers=NIGHT)
    expected = Wait(maseru("2026-12-24 09:00"), Reason.OUTSIDE_HOURS)
    assert permit(reminder, HER, SERVICE, NIGHT) == expected


# --- caps -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recent", "expected"),
    [
        (["2026-12-22 16:59"], Go()),
        (["2026-12-23 09:00"], Wait(maseru("2026-12-24 09:00"), Reason.DAILY_CAP)),
        (["2026-12-18 10:00", "2026-12-21 10:00"], Go()),
        (
            ["2026-12-17 10:00", "2026-12-19 10:00", "2026-12-21 10:00"],
            Wait(maseru("2026-12-24 09:00"), Reason.WEEKLY_CAP),
        ),
        (
            ["2026-12-21 10:00", "2026-12-18 10:00", "2026-12-19 10:00"],
            Wait(maseru("2026-12-26 09:00"), Reason.WEEKLY_CAP),  # the 25th is Christmas
        ),
        (["2026-12-16 16:00", "2026-12-19 10:00", "2026-12-21 10:00"], Go()),
    ],
)
@pytest.mark.parametrize("message_class", sorted(CAPPED))
def test_she_gets_one_reminder_a_day_and_three_in_seven_days(
    message_class: str, recent: list[str], expected: Permission
) -> None:
    reached = replace(HER, recent=tuple(map(maseru, recent)))
    assert permit(of(message_class), reached, SERVICE, NOW) == expected


def test_a_reminder_that_a_cap_would_hold_for_too_long_is_stopped_by_the_cap() -> None:
    reached = replace(HER, recent=(maseru("2026-12-23 09:00"),))
    assert permit(REMINDER, reached, SERVICE, NOW) == Stop(Reason.DAILY_CAP)


def test_a_reminder_waits_for_a_moment_that_is_still_useful() -> None:
    reached = replace(HER, recent=(maseru("2026-12-23 09:00"),))
    tomorrow_at_nine = maseru("2026-12-24 09:00")
    patient = replace(of("R2"), not_after=tomorrow_at_nine)
    assert permit(patient, reached, SERVICE, NOW) == Wait(tomorrow_at_nine, Reason.DAILY_CAP)


@pytest.mark.parametrize("message_class", sorted(set(MessageClass) - CAPPED))
def test_what_she_asked_for_and_what_is_urgent_has_no_cap(message_class: str) -> None:
    reached = replace(HER, recent=(NOW, NOW, NOW))
    assert permit(of(message_class), reached, SERVICE, NOW) == Go()


TOMORROW = Wait(maseru("2026-12-24 09:00"), Reason.INSTANCE_CAP)


@pytest.mark.parametrize(
    ("texts_today", "text_cap", "expected"),
    [(19_999, 20_000, Go()), (20_000, 20_000, TOMORROW), (20_001, 20_000, TOMORROW), (20_001, 0, Go())],
)
def test_the_whole_installation_has_a_cap_for_a_day(
    texts_today: int, text_cap: int, expected: Permission
) -> None:
    busy = replace(SERVICE, texts_today=texts_today, text_cap=text_cap)
    assert permit(of("R2"), HER, busy, NOW) == expected


@pytest.mark.parametrize("urgent", [DANGER_ANSWER, of("S")])
def test_danger_passes_every_cap(urgent: MessageFacts) -> None:
    full = replace(SERVICE, texts_today=20_000)
    assert permit(urgent, HER, full, NOW) == Go()
