"""Whether a text may go. Everything is in order in the facts below but what each test changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from service.domain.care import VisitState
from service.domain.hours import Calendar
from service.domain.message import MessageClass
from service.domain.people import ClientState, SafeTimes, Wording
from service.domain.permission import (
    CAPPED,
    AboutVisit,
    Acknowledgement,
    Go,
    InstanceFacts,
    MessageFacts,
    Permission,
    RecipientFacts,
    Stop,
    Wait,
    permit,
)
from service.domain.reason import Reason

MASERU = ZoneInfo("Africa/Maseru")


def maseru(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MASERU).astimezone(UTC)


WEDNESDAY: Final = date(2026, 12, 23)
NOW = maseru("2026-12-23 10:00")
NIGHT = maseru("2026-12-23 22:30")
CLASSES = sorted(MessageClass)
UNASKED = ["R1", "R2", "B", "U"]

REMINDER = MessageFacts(MessageClass.R2, not_after=maseru("2026-12-23 17:00"))
DANGER_ANSWER = MessageFacts(MessageClass.U, answers=NOW)
HER = RecipientFacts(
    has_phone=True,
    destination_allowed=True,
    suspended=False,
    confirmed=True,
    opted_out=False,
    consents=True,
    state=ClientState.ACTIVE,
    wording=Wording.T0,
    safe=None,
    recent=(),
)
SERVICE = InstanceFacts(
    calendar=Calendar(
        MASERU, SafeTimes(time(9), time(17), frozenset(range(1, 7))), frozenset({date(2026, 12, 25)})
    ),
    site_activated=True,
    paused=False,
    texts_today=0,
    text_cap=20_000,
)
STRANGER = replace(HER, confirmed=False, consents=False, state=None, wording=None)


def of(message_class: str) -> MessageFacts:
    return MessageFacts(MessageClass(message_class))


def visit(state: VisitState, day: date = date(2026, 12, 24), of_a_miss: bool = False) -> AboutVisit:
    return AboutVisit(planned_day=date(2026, 12, 24), day=day, state=state, of_a_miss=of_a_miss)


@pytest.mark.parametrize("message_class", CLASSES)
def test_a_text_to_a_woman_who_agreed_may_go_in_the_day(message_class: str) -> None:
    assert permit(of(message_class), HER, SERVICE, NOW) == Go()


# --- what stops a text for good ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (replace(HER, has_phone=False), Reason.NO_PHONE),
        (replace(HER, opted_out=True), Reason.OPTED_OUT),
        (replace(HER, suspended=True), Reason.NUMBER_SUSPENDED),
        (replace(HER, state=ClientState.DIED), Reason.DIED),
        (replace(HER, wording=Wording.NONE), Reason.WORDING_NONE),
        (replace(HER, destination_allowed=False), Reason.DESTINATION_NOT_ALLOWED),
    ],
)
@pytest.mark.parametrize("message_class", CLASSES)
def test_what_silences_a_number_silences_it_for_every_class(
    message_class: str, recipient: RecipientFacts, reason: Reason
) -> None:
    answer = replace(of(message_class), answers=NOW)
    assert permit(answer, recipient, SERVICE, NOW) == Stop(reason)


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (replace(HER, consents=False), Reason.NO_CONSENT),
        (replace(HER, confirmed=False), Reason.NUMBER_NOT_CONFIRMED),
        (replace(HER, state=ClientState.PENDING), Reason.PENDING),
        (replace(HER, state=ClientState.MUTED), Reason.MUTED),
        (replace(HER, state=ClientState.TRANSFERRED), Reason.TRANSFERRED),
        (replace(HER, state=ClientState.ENDED), Reason.ENDED),
    ],
)
@pytest.mark.parametrize("message_class", CLASSES)
def test_only_what_she_did_not_ask_for_needs_her_agreement(
    message_class: str, recipient: RecipientFacts, reason: Reason
) -> None:
    expected = Stop(reason) if message_class in UNASKED else Go()
    assert permit(of(message_class), recipient, SERVICE, NOW) == expected


def test_a_number_that_is_to_be_confirmed_gets_the_text_that_asks() -> None:
    unconfirmed = replace(HER, confirmed=False, state=ClientState.PENDING)
    assert permit(of("C"), unconfirmed, SERVICE, NOW) == Go()


@pytest.mark.parametrize("message_class", ["A", "U"])
def test_whoever_writes_gets_an_answer(message_class: str) -> None:
    answer = replace(of(message_class), answers=NOW)
    assert permit(answer, STRANGER, SERVICE, NOW) == Go()


LAST_WORD_ON_STOP = MessageFacts(MessageClass.A, answers=NOW, acknowledges=Acknowledgement.STOP)
LAST_WORD_ON_MISTAKE = replace(LAST_WORD_ON_STOP, acknowledges=Acknowledgement.WRONG_NUMBER)


@pytest.mark.parametrize(
    ("message", "recipient", "expected"),
    [
        (LAST_WORD_ON_STOP, replace(HER, opted_out=True), Go()),
        (LAST_WORD_ON_MISTAKE, replace(HER, suspended=True), Go()),
        (LAST_WORD_ON_MISTAKE, replace(HER, opted_out=True), Stop(Reason.OPTED_OUT)),
        (LAST_WORD_ON_STOP, replace(HER, suspended=True), Stop(Reason.NUMBER_SUSPENDED)),
        (LAST_WORD_ON_MISTAKE, replace(HER, suspended=True, opted_out=True), Stop(Reason.OPTED_OUT)),
    ],
)
def test_a_silenced_number_gets_the_one_text_that_says_so(
    message: MessageFacts, recipient: RecipientFacts, expected: Permission
) -> None:
    assert permit(message, recipient, SERVICE, NOW) == expected


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (visit(VisitState.PLANNED), Go()),
        (visit(VisitState.ATTENDED), Stop(Reason.ATTENDED)),
        (visit(VisitState.CANCELLED), Stop(Reason.CANCELLED_VISIT)),
        (visit(VisitState.MISSED), Stop(Reason.MISSED)),
        (visit(VisitState.PLANNED, day=date(2026, 12, 29)), Stop(Reason.MOVED)),
        (visit(VisitState.MISSED, of_a_miss=True), Go()),
        (visit(VisitState.NOT_KNOWN, of_a_miss=True), Stop(Reason.NOT_TRUE_ANY_MORE)),
        (visit(VisitState.PLANNED, of_a_miss=True), Stop(Reason.NOT_TRUE_ANY_MORE)),
        (visit(VisitState.ATTENDED, of_a_miss=True), Stop(Reason.ATTENDED)),
        (visit(VisitState.MISSED, day=date(2026, 12, 29), of_a_miss=True), Stop(Reason.MOVED)),
    ],
)
def test_a_text_about_a_visit_goes_only_while_it_is_so(about: AboutVisit, expected: Permission) -> None:
    assert permit(replace(REMINDER, visit=about), HER, SERVICE, NOW) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-12-23 16:59", Go()),
        ("2026-12-23 17:00", Stop(Reason.OUTSIDE_HOURS)),
        ("2026-12-23 17:00:01", Stop(Reason.TOO_LATE)),
        ("2026-12-24 10:00", Stop(Reason.TOO_LATE)),
    ],
)
def test_a_text_is_useful_until_its_last_moment(now: str, expected: Permission) -> None:
    assert permit(REMINDER, HER, SERVICE, maseru(now)) == expected


def test_even_an_answer_about_danger_can_be_too_late() -> None:
    late = replace(DANGER_ANSWER, not_after=NOW - timedelta(seconds=1))
    assert permit(late, HER, SERVICE, NOW) == Stop(Reason.TOO_LATE)


@pytest.mark.parametrize(
    ("true_on", "expected"),
    [
        (WEDNESDAY, Go()),
        (date(2026, 12, 22), Stop(Reason.NOT_TRUE_ANY_MORE)),
        (date(2026, 12, 24), Stop(Reason.NOT_TRUE_ANY_MORE)),
    ],
)
def test_a_text_that_names_a_day_by_its_place_goes_on_one_day_only(
    true_on: date, expected: Permission
) -> None:
    assert permit(replace(of("R2"), true_on=true_on), HER, SERVICE, NOW) == expected


def test_the_day_on_which_a_text_is_true_is_the_local_one() -> None:
    text = replace(of("S"), true_on=date(2026, 12, 24))
    assert permit(text, STRANGER, SERVICE, maseru("2026-12-24 00:30")) == Go()


@pytest.mark.parametrize("message_class", CLASSES)
def test_a_gated_word_never_leaves(message_class: str) -> None:
    gated = replace(of(message_class), answers=NOW, gated=True)
    assert permit(gated, HER, SERVICE, NOW) == Stop(Reason.GATED_WORD)


@pytest.mark.parametrize("message_class", CLASSES)
def test_a_site_sends_nothing_before_it_is_activated(message_class: str) -> None:
    idle = replace(SERVICE, site_activated=False)
    assert permit(of(message_class), HER, idle, NOW) == Stop(Reason.SITE_NOT_ACTIVATED)


# --- what delays it ---------------------------------------------------------------------------------------


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


# --- which reason wins ------------------------------------------------------------------------------------


def test_what_stops_a_text_for_good_is_named_before_what_delays_it() -> None:
    paused_at_night = replace(SERVICE, paused=True, site_activated=False)
    stopped = replace(HER, opted_out=True, consents=False, confirmed=False)
    assert permit(REMINDER, stopped, paused_at_night, NIGHT) == Stop(Reason.OPTED_OUT)


def test_a_missing_consent_is_named_before_an_unconfirmed_number() -> None:
    neither = replace(HER, consents=False, confirmed=False)
    assert permit(REMINDER, neither, SERVICE, NOW) == Stop(Reason.NO_CONSENT)
