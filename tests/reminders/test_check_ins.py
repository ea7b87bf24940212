""" "How are you?" and what a silence brings, worked out by hand in ``tables/adherence_silence.txt``."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from service.domain.care import Done
from service.reminders.due import due
from service.reminders.outcome import Awaits, Send
from service.reminders.plan import Plan
from service.reminders.subject import Known, Subject
from service.reminders.tasks import tasks_due
from service.reminders.timing import Span, ahead
from service.reminders.vocabulary import After, Anchor, Circumstance, Unless, Whose
from tests.reminders import tables
from tests.reminders.maseru import CALENDAR, MASERU, maseru, read
from tests.reminders.tables import Row

ENROLLED = date(2027, 2, 1)
WEEKLY = Subject(
    id=UUID(int=9),
    whose=Whose.SELF,
    anchors={Anchor.ENROLMENT: Known(ENROLLED, maseru("2027-02-01 11:00"))},
    circumstances=frozenset({Circumstance.WEEKLY_CHECK_IN}),
)
MONTHLY = replace(WEEKLY, circumstances=frozenset({Circumstance.MONTHLY_CHECK_IN}))
CODED = replace(WEEKLY, circumstances=frozenset({Circumstance.CODED_REMINDER}))


@pytest.fixture
def adherence(plans: tuple[Plan, ...]) -> Plan:
    return next(plan for plan in plans if plan.name == "adherence")


def woman(row: Row) -> Subject:
    number = int(row["week"]) - 1
    steps = {"check_in_weekly": row["went"], "check_in_weekly_again": row["again went"]}
    asked = {(step, number): maseru(when) for step, when in steps.items() if when}
    last = list(asked)[-1:] if row["answered"] == "yes" else ()
    return replace(WEEKLY, asked=asked, answered=frozenset(last))


@pytest.mark.parametrize("row", tables.rows("adherence_silence.txt"), ids=tables.title)
def test_a_silence_brings_what_was_worked_out(adherence: Plan, row: Row) -> None:
    number, span = int(row["week"]) - 1, Span(ENROLLED, ENROLLED + timedelta(weeks=12))
    texts = {
        one.step.id: read(one.outcome)
        for one in due([adherence], woman(row), CALENDAR, span)
        if one.occurrence == number
    }
    (call,) = (
        read(one.outcome)
        for one in tasks_due([adherence], woman(row), CALENDAR, span)
        if one.occurrence == number
    )
    assert [texts["check_in_weekly"], texts["check_in_weekly_again"], call] == [
        row["question"],
        row["again"],
        row["call"],
    ]


def questions(adherence: Plan, subject: Subject, today: date) -> list[str]:
    rows = due([adherence], subject, CALENDAR, ahead(today))
    return [read(one.outcome) for one in rows if one.step.after is After.NONE]


def test_eight_weeks_ahead_are_planned(adherence: Plan) -> None:
    assert questions(adherence, WEEKLY, ENROLLED) == [
        "Mon 2027-02-08 10:00",
        "Mon 2027-02-15 10:00",
        "Mon 2027-02-22 10:00",
        "Mon 2027-03-01 10:00",
        "Mon 2027-03-08 10:00",
        "Mon 2027-03-15 10:00",
        "Mon 2027-03-22 10:00",
        "Tue 2027-03-30 10:00",  # the eighth Monday is Easter Monday
    ]


def test_whoever_is_stable_may_choose_a_month_of_28_days(adherence: Plan) -> None:
    assert questions(adherence, MONTHLY, ENROLLED) == ["Mon 2027-03-01 10:00", "Tue 2027-03-30 10:00"]


def test_nobody_is_asked_who_did_not_choose_it(adherence: Plan) -> None:
    nobody = replace(WEEKLY, circumstances=frozenset())
    assert list(due([adherence], nobody, CALENDAR, ahead(ENROLLED))) == []
    assert list(tasks_due([adherence], nobody, CALENDAR, ahead(ENROLLED))) == []


def test_what_was_due_before_she_was_known_is_not_made_up_for(adherence: Plan) -> None:
    imported = replace(WEEKLY, anchors={Anchor.ENROLMENT: Known(ENROLLED, maseru("2027-03-10 11:00"))})
    today = date(2027, 3, 10)
    assert questions(adherence, imported, today)[:2] == ["skip: too_late", "Mon 2027-03-15 10:00"]


def test_the_rounds_keep_their_numbers_as_the_days_go_by(adherence: Plan) -> None:
    first = {one.key: one for one in due([adherence], WEEKLY, CALENDAR, ahead(ENROLLED))}
    later = {one.key: one for one in due([adherence], WEEKLY, CALENDAR, ahead(ENROLLED + timedelta(weeks=3)))}
    assert first.keys() & later.keys()
    assert all(first[key] == later[key] for key in first.keys() & later.keys())


@pytest.mark.parametrize("born_on", [date(2028, 2, 29), date(2027, 8, 31)])
def test_weeks_from_an_awkward_day_keep_the_weekday(adherence: Plan, born_on: date) -> None:
    enrolled = replace(WEEKLY, anchors={Anchor.ENROLMENT: Known(born_on, maseru(f"{born_on} 11:00"))})
    rows = list(due([adherence], enrolled, CALENDAR, ahead(born_on)))
    assert {row.about.weekday() for row in rows} == {born_on.weekday()}


def test_the_sign_that_she_asked_for_comes_at_her_hour(adherence: Plan) -> None:
    usual = questions(adherence, CODED, ENROLLED)[0]
    hers = questions(adherence, replace(CODED, hours={"coded": time(9, 30)}), ENROLLED)[0]
    assert (usual, hers) == ("Fri 2027-02-05 16:00", "Fri 2027-02-05 09:30")


def test_an_hour_that_is_not_safe_for_her_moves_into_her_hours(adherence: Plan) -> None:
    at_night = replace(CODED, hours={"coded": time(21)})
    assert questions(adherence, at_night, ENROLLED)[0] == "Fri 2027-02-05 09:00"


def test_an_hour_later_than_the_plan_thought_is_still_in_time(adherence: Plan) -> None:
    long_day = replace(CALENDAR, safe=replace(CALENDAR.safe, ends=time(20)))
    late = replace(CODED, hours={"coded": time(19, 30)})
    row = next(iter(due([adherence], late, long_day, ahead(ENROLLED))))
    assert row.outcome == Send(row.due_at)
    assert row.latest == row.due_at == datetime(2027, 2, 5, 19, 30, tzinfo=MASERU)


def test_a_silence_without_a_question_is_none(adherence: Plan) -> None:
    rows = [one for one in due([adherence], WEEKLY, CALENDAR, ahead(ENROLLED)) if one.step.follows]
    assert {one.outcome for one in rows} == {Awaits(After.SILENCE)}


def test_no_home_visit_ever_follows_a_silence(adherence: Plan) -> None:
    assert {task.task for task in adherence.tasks} == {"no_answer"}


# --- outreach ---------------------------------------------------------------------------------------------


@pytest.fixture
def outreach(plans: tuple[Plan, ...]) -> Plan:
    return next(plan for plan in plans if plan.name == "outreach")


def invitation(day: str, known: str, *happened: Unless) -> Subject:
    anchors = {Anchor.EVENT: Known(date.fromisoformat(day), maseru(known))}
    return Subject(UUID(int=4), Whose.SELF, anchors, happened=frozenset(happened))


@pytest.mark.parametrize(
    ("day", "known", "invited"),
    [
        ("2027-03-10", "2027-02-20 12:00", "Wed 2027-03-03 10:00"),
        ("2028-02-29", "2028-02-01 12:00", "Tue 2028-02-22 10:00"),
        ("2027-04-05", "2027-03-01 12:00", "Sat 2027-03-27 10:00"),  # a week before is Easter Monday
        ("2027-03-10", "2027-03-05 12:00", "Fri 2027-03-05 12:00"),
        ("2027-03-10", "2027-03-08 16:00", "Mon 2027-03-08 16:00"),
        ("2027-03-10", "2027-03-08 17:00", "skip: too_late"),
    ],
)
def test_an_invitation_goes_a_week_ahead_or_as_soon_as_there_is_one(
    outreach: Plan, day: str, known: str, invited: str
) -> None:
    (row,) = due([outreach], invitation(day, known), CALENDAR)
    assert (read(row.outcome), row.about) == (invited, date.fromisoformat(day))


def test_an_event_that_is_cancelled_invites_nobody(outreach: Plan) -> None:
    (row,) = due([outreach], invitation("2027-03-10", "2027-02-20 12:00", Unless.CANCELLED), CALENDAR)
    assert read(row.outcome) == "skip: cancelled_visit"


# --- rules that no shipped plan shows ---------------------------------------------------------------------


def test_a_silence_lasts_as_long_as_the_plan_says(adherence: Plan) -> None:
    asks, again, *_ = adherence.steps
    patient = replace(adherence, steps=(asks, replace(again, offset_days=10)))
    went = replace(WEEKLY, asked={("check_in_weekly", 0): maseru("2027-02-08 16:30")})
    rows = {one.key[0]: one for one in due([patient], went, CALENDAR, Span(ENROLLED, date(2027, 2, 12)))}
    assert read(rows["check_in_weekly_again"].outcome) == "Thu 2027-02-11 16:30"


def test_nothing_is_planned_for_days_before_she_was_known(adherence: Plan) -> None:
    imported = replace(WEEKLY, anchors={Anchor.ENROLMENT: Known(ENROLLED, maseru("2027-03-10 11:00"))})
    rows = list(due([adherence], imported, CALENDAR, Span(ENROLLED, date(2027, 3, 12))))
    assert {row.about for row in rows if row.step.after is After.NONE} == {date(2027, 3, 1)}


def test_what_follows_an_act_follows_no_other(plans: tuple[Plan, ...]) -> None:
    services = next(plan for plan in plans if plan.name == "services")
    came = Subject(UUID(int=4), Whose.SELF, {Anchor.ATTENDED: Known(ENROLLED, maseru("2027-02-01 11:00"))})
    asked = {one.step for one in tasks_due([services], replace(came, done=Done.LEEP_REFERRAL), CALENDAR)}
    assert asked == {"leep_14", "leep_30"}
    assert list(tasks_due([services], came, CALENDAR)) == []


def test_of_two_texts_for_one_day_the_later_speaks_whatever_the_order_of_the_file(adherence: Plan) -> None:
    asks, again, *_ = adherence.steps
    closed = replace(CALENDAR, holidays=frozenset({date(2027, 2, 8), date(2027, 2, 9)}))
    went = replace(WEEKLY, asked={("check_in_weekly", 0): maseru("2027-02-08 10:00")})
    for steps in ((asks, again), (again, asks)):
        rows = due([replace(adherence, steps=steps)], went, closed, Span(ENROLLED, date(2027, 2, 12)))
        assert {row.step.id: read(row.outcome) for row in rows if row.occurrence == 0} == {
            "check_in_weekly": "skip: merged",
            "check_in_weekly_again": "Wed 2027-02-10 10:00",
        }
