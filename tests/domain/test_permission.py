"""What stops a text for good. Everything is in order but what each test changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.care import VisitState
from service.domain.message import MessageClass
from service.domain.people import ClientState, Wording
from service.domain.permission import Go, Permission, Stop, Wait, permit
from service.domain.permission_facts import AboutVisit, Acknowledgement, MessageFacts, RecipientFacts
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
    UNASKED,
    WEDNESDAY,
    maseru,
    of,
)


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
    assert permit(of(message_class), recipient, SERVICE, NOW) == Stop(reason)


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (replace(HER, opted_out=True), Reason.OPTED_OUT),
        (replace(HER, suspended=True), Reason.NUMBER_SUSPENDED),
        (replace(HER, state=ClientState.DIED), Reason.DIED),
    ],
)
def test_of_all_answers_only_the_one_about_danger_reaches_a_number_that_was_silenced(
    recipient: RecipientFacts, reason: Reason
) -> None:
    answers = {kind: permit(replace(of(kind), answers=NOW), recipient, SERVICE, NIGHT) for kind in CLASSES}
    assert answers.pop(MessageClass.U) == Go()
    assert set(answers.values()) == {Stop(reason)}


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (replace(HER, has_phone=False), Reason.NO_PHONE),
        (replace(HER, destination_allowed=False), Reason.DESTINATION_NOT_ALLOWED),
    ],
)
def test_even_an_answer_about_danger_needs_somewhere_to_go(recipient: RecipientFacts, reason: Reason) -> None:
    assert permit(DANGER_ANSWER, recipient, SERVICE, NOW) == Stop(reason)


@pytest.mark.parametrize("message_class", ["A", "U"])
def test_whoever_wants_no_texts_still_gets_an_answer_when_she_writes(message_class: str) -> None:
    answer = replace(of(message_class), answers=NOW)
    assert permit(answer, replace(HER, wording=Wording.NONE), SERVICE, NOW) == Go()


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
        (visit(VisitState.NOT_KNOWN, of_a_miss=True), Stop(Reason.MISS_NOT_RECORDED)),
        (visit(VisitState.PLANNED, of_a_miss=True), Stop(Reason.MISS_NOT_RECORDED)),
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


@pytest.mark.parametrize("message_class", ["R1", "R2", "U", "B"])
def test_a_site_reminds_nobody_before_it_is_activated(message_class: str) -> None:
    idle = replace(SERVICE, site_activated=False)
    assert permit(of(message_class), HER, idle, NOW) == Stop(Reason.SITE_NOT_ACTIVATED)


@pytest.mark.parametrize("message_class", ["C", "A", "S"])
def test_what_a_site_asks_or_answers_waits_until_it_is_activated(message_class: str) -> None:
    idle = replace(SERVICE, site_activated=False)
    assert permit(of(message_class), HER, idle, NOW) == Wait(None, Reason.SITE_NOT_ACTIVATED)


# --- which reason wins ------------------------------------------------------------------------------------


def test_what_stops_a_text_for_good_is_named_before_what_delays_it() -> None:
    paused_at_night = replace(SERVICE, paused=True, site_activated=False)
    stopped = replace(HER, opted_out=True, consents=False, confirmed=False)
    assert permit(REMINDER, stopped, paused_at_night, NIGHT) == Stop(Reason.OPTED_OUT)


def test_a_missing_consent_is_named_before_an_unconfirmed_number() -> None:
    neither = replace(HER, consents=False, confirmed=False)
    assert permit(REMINDER, neither, SERVICE, NOW) == Stop(Reason.NO_CONSENT)


def test_where_she_stands_is_named_before_what_she_agreed_to() -> None:
    moved_away = replace(HER, state=ClientState.TRANSFERRED, consents=False)
    assert permit(REMINDER, moved_away, SERVICE, NOW) == Stop(Reason.TRANSFERRED)
