"""The rules by which a step is earned, held back, late, merged or kept apart."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from service.domain.hours import Calendar, narrowed
from service.domain.people import SafeTimes
from service.domain.reason import Reason
from service.reminders.due import Awaits, DueStep, HandToPerson, Outcome, Send, Skip, due, too_late
from service.reminders.plan import After, Late, PerSite, Plan, To, Unless
from tests.reminders.maseru import CALENDAR, MASERU, STEPS, VISIT_ID, earned, maseru, read, sent, visit


def test_nobody_is_told_that_she_missed_a_visit_before_a_person_recorded_it(visits: Plan) -> None:
    rows = [row for row in due([visits], visit("2028-02-29"), CALENDAR) if row.step.offset_days > 0]
    assert [row.outcome for row in rows] == [Awaits(After.RECORDED_MISS)] * 2


@pytest.mark.parametrize(
    ("interval", "d14"),
    [(84, "Tue 2028-02-15 10:00"), (83, "skip: short_interval"), (None, "skip: short_interval")],
)
def test_two_weeks_ahead_is_only_for_long_intervals(visits: Plan, interval: int | None, d14: str) -> None:
    assert earned(visits, visit("2028-02-29", interval=interval))["visit_d14"] == d14


@pytest.mark.parametrize(
    ("event", "before", "after"),
    [
        (Unless.ATTENDED, "skip: attended", "skip: attended"),
        (Unless.CANCELLED, "skip: cancelled_visit", "skip: cancelled_visit"),
        (Unless.MISSED, "skip: missed", "awaits recorded_miss"),
    ],
)
def test_what_has_happened_ends_the_steps_that_it_makes_pointless(
    visits: Plan, event: Unless, before: str, after: str
) -> None:
    subject = replace(visit("2028-02-29"), happened=frozenset({event}))
    assert list(earned(visits, subject).values()) == [before] * 3 + [after] * 2


@pytest.mark.parametrize(
    ("per_site", "switched", "goes"),
    [
        (PerSite.ALWAYS, False, True),
        (PerSite.ALWAYS, True, True),
        (PerSite.ON, False, True),
        (PerSite.ON, True, False),
        (PerSite.OFF, False, False),
        (PerSite.OFF, True, True),
    ],
)
def test_a_site_turns_only_what_the_plan_lets_it_turn(
    visits: Plan, per_site: PerSite, switched: bool, goes: bool
) -> None:
    plan = replace(visits, steps=tuple(replace(step, per_site=per_site) for step in visits.steps))
    subject = replace(visit("2028-02-29"), switched=frozenset({"visit_d7"}) if switched else frozenset())
    expected = "Tue 2028-02-22 10:00" if goes else "skip: switched_off"
    assert earned(plan, subject)["visit_d7"] == expected


@pytest.mark.parametrize(
    ("late", "outcome"),
    [
        (Late.NEXT_ALLOWED_HOUR, Send(maseru("2028-02-23 09:00"))),
        (Late.SEND_NOW, Send(maseru("2028-02-22 22:00"))),
        (Late.SKIP, Skip(Reason.TOO_LATE)),
        (Late.HAND_TO_PERSON, HandToPerson(Reason.TOO_LATE)),
    ],
)
def test_every_late_policy_says_what_becomes_of_a_late_step(
    visits: Plan, late: Late, outcome: Outcome
) -> None:
    plan = replace(visits, steps=(replace(visits.steps[1], late=late),))
    (row,) = due([plan], visit("2028-02-29", "2028-02-22 22:00"), CALENDAR)
    assert row.outcome == outcome


def test_a_date_that_becomes_known_at_the_very_moment_is_in_time(visits: Plan) -> None:
    plan = replace(visits, steps=(replace(visits.steps[1], late=Late.SKIP),))
    (row,) = due([plan], visit("2028-02-29", "2028-02-22 10:00"), CALENDAR)
    assert row.outcome == Send(row.due_at)


@pytest.mark.parametrize(
    ("known", "outcome"), [("17:00", "Sat 2028-02-26 17:00"), ("17:00:01", "skip: too_late")]
)
def test_the_latest_moment_is_still_useful(visits: Plan, known: str, outcome: str) -> None:
    until_eight = replace(CALENDAR, safe=replace(CALENDAR.safe, ends=time(20)))
    assert earned(visits, visit("2028-02-29", f"2028-02-26 {known}"), until_eight)["visit_d7"] == outcome


@pytest.mark.parametrize("late", Late)
def test_past_its_latest_moment_a_step_goes_to_a_person_or_nowhere(visits: Plan, late: Late) -> None:
    step = replace(visits.steps[1], late=late)
    expected = HandToPerson if late is Late.HAND_TO_PERSON else Skip
    assert too_late(step) == expected(Reason.TOO_LATE)


# --- her own hours ----------------------------------------------------------------------------------------


def day_before(plan: Plan, calendar: Calendar) -> DueStep:
    rows = due([plan], visit("2028-02-29"), calendar)
    return next(row for row in rows if row.step.id == "visit_d1")


@pytest.mark.parametrize(
    ("own", "d1", "latest"),
    [
        (SafeTimes(time(14), time(16), frozenset(range(1, 8))), "Mon 2028-02-28 14:00", "2028-02-28 17:00"),
        (SafeTimes(time(9), time(10), frozenset(range(1, 8))), "Mon 2028-02-28 09:00", "2028-02-28 17:00"),
        (SafeTimes(time(9), time(17), frozenset({3})), "Wed 2028-02-23 10:00", "2028-02-23 17:00"),
    ],
)
def test_her_own_hours_and_days_move_a_step_within_the_day_or_to_an_earlier_one(
    visits: Plan, own: SafeTimes, d1: str, latest: str
) -> None:
    row = {row.step.id: row for row in due([visits], visit("2028-02-29"), narrowed(CALENDAR, own))}[
        "visit_d1"
    ]
    assert read(row.outcome) == d1
    assert row.latest == maseru(latest)


def test_where_her_hours_begin_after_the_plans_last_moment_their_end_counts(visits: Plan) -> None:
    evenings = Calendar(MASERU, SafeTimes(time(18), time(20), frozenset(range(1, 8))))
    row = day_before(visits, evenings)
    assert (read(row.outcome), row.latest) == ("Mon 2028-02-28 18:00", maseru("2028-02-28 20:00"))


def test_a_woman_whom_no_hour_can_reach_is_left_to_a_person(visits: Plan) -> None:
    never = narrowed(CALENDAR, SafeTimes(time(17), time(12), frozenset(range(1, 8))))
    rows = list(due([visits], visit("2028-02-29", missed="2028-02-29 18:00"), never))
    assert [row.outcome for row in rows] == [HandToPerson(Reason.NO_SAFE_TIME)] * 5
    assert (rows[2].due_at, rows[2].latest) == (maseru("2028-02-28 10:00"), maseru("2028-02-28 17:00"))


# --- one text a day, stable keys --------------------------------------------------------------------------


def test_two_steps_that_a_closed_week_brings_together_become_one_text(visits: Plan) -> None:
    closed = replace(CALENDAR, holidays=frozenset(date(2028, 2, day) for day in range(21, 29)))
    rows = list(due([visits], visit("2028-02-29"), closed))
    assert sent(rows) == ["Tue 2028-02-15 10:00", "Sat 2028-02-19 10:00"]
    assert [row.step.id for row in rows if row.outcome == Skip(Reason.MERGED)] == ["visit_d7"]


def test_after_the_visit_too_the_later_step_speaks_for_both(visits: Plan) -> None:
    closed = replace(CALENDAR, holidays=frozenset(date(2028, 3, day) for day in range(1, 8)))
    rows = list(due([visits], visit("2028-02-29", missed="2028-02-29 17:30"), closed))
    assert [row.step.id for row in rows if row.outcome == Skip(Reason.MERGED)] == ["missed_d1"]
    assert sent(rows)[-1] == "Wed 2028-03-08 10:00"


def test_one_text_a_day_means_her_day_and_not_that_of_utc(visits: Plan) -> None:
    brisbane = replace(CALENDAR, zone=ZoneInfo("Australia/Brisbane"))  # ten hours ahead: 10:00 is midnight
    known = visit("2028-02-29", "2028-02-21 12:00")  # 20:00 there, so D-14 would go at nine next morning
    rows = list(due([visits], known, brisbane))
    assert rows[0].outcome == Skip(Reason.MERGED)
    assert rows[1].outcome == Send(datetime(2028, 2, 22, 0, 0, tzinfo=UTC))


def test_what_her_mentor_is_told_takes_no_place_of_hers(visits: Plan) -> None:
    told = replace(visits.steps[1], id="mentor_d7", to=To.MENTOR)
    plan = replace(visits, steps=(visits.steps[1], told))
    assert len(sent(due([plan], visit("2028-02-29"), CALENDAR))) == 2


def test_a_row_keeps_its_key_when_the_date_moves(visits: Plan) -> None:
    first = list(due([visits], visit("2028-02-29"), CALENDAR))
    moved = list(due([visits], visit("2028-03-14", "2028-02-01 09:00"), CALENDAR))
    assert [row.key for row in first] == [(step, VISIT_ID, 0) for step in STEPS]
    assert [row.key for row in moved] == [row.key for row in first]
    assert all(before.due_at < after.due_at for before, after in zip(first, moved, strict=True))


def test_a_step_that_went_out_about_another_day_is_earned_anew(visits: Plan) -> None:
    subject = replace(visit("2028-02-29"), told={"visit_d7": 1})
    assert [row.occurrence for row in due([visits], subject, CALENDAR)] == [0, 1, 0, 0, 0]


def test_a_row_says_what_it_is_about(visits: Plan) -> None:
    row = next(iter(due([visits], visit("2028-02-29"), CALENDAR)))
    assert (row.plan, row.about) == ("visits", date(2028, 2, 29))
    assert row.due_at == datetime(2028, 2, 15, 8, tzinfo=UTC)
    assert row.latest == datetime(2028, 2, 26, 15, tzinfo=UTC)


def test_a_subject_earns_only_steps_of_its_own_dates(visits: Plan) -> None:
    assert list(due([visits], replace(visit("2028-02-29"), anchors={}), CALENDAR)) == []


def test_rows_come_in_the_order_of_the_plan(visits: Plan) -> None:
    rows = list(due([visits], visit("2028-02-29", missed="2028-02-29 17:30"), CALENDAR))
    assert all(one.due_at < other.due_at for one, other in pairwise(rows))
