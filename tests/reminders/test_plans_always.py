"""What holds for all shipped plans, whoever they are for and whatever the calendar."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.care import Done, VisitKind
from service.domain.cascade import Edge, EdgeRule
from service.domain.hours import Calendar, is_allowed, is_never, is_open, local_day
from service.domain.people import Role, SafeTimes, Wording
from service.domain.tasks import TaskKind, Urgency
from service.reminders.dates import Diary, Expected, NoDate, expected, overdue_task
from service.reminders.due import DueStep, due
from service.reminders.outcome import Ask, Send
from service.reminders.plan import Plan, Step, text_for
from service.reminders.subject import Known, Subject
from service.reminders.tasks import AskedTask, tasks_due
from service.reminders.testing import edge_rules, infant_tests
from service.reminders.timing import Span, ahead
from service.reminders.vocabulary import Anchor, Circumstance, Unless, Whose

ZONES = st.sampled_from(["Africa/Maseru", "Europe/London", "America/New_York", "Pacific/Auckland"])
AWKWARD = st.sampled_from([date(2028, 2, 29), date(2027, 12, 31), date(2028, 1, 1), date(2027, 2, 28)])
DAYS = AWKWARD | st.dates(date(2026, 1, 1), date(2028, 12, 31))
HOURS = st.builds(
    lambda starts, length, days: SafeTimes(time(starts), time(starts + length), days),
    starts=st.integers(5, 13),
    length=st.integers(0, 10),
    days=st.frozensets(st.integers(1, 7)),
)
OPEN_HOURS = st.builds(
    lambda starts, length, days: SafeTimes(time(starts), time(starts + length), days),
    starts=st.integers(5, 13),
    length=st.integers(1, 10),
    days=st.frozensets(st.integers(1, 7), min_size=1),
)
OF_ONE_SUBJECT = (
    (Anchor.BIRTH, Anchor.WEANING),
    (Anchor.ENROLMENT, Anchor.EDD, Anchor.ART_START),
    (Anchor.VISIT, Anchor.ATTENDED, Anchor.DISPENSING),
    (Anchor.EVENT,),
    (Anchor.SAMPLE, Anchor.RESULT, Anchor.POSITIVE),
    (Anchor.SAMPLE, Anchor.INCONCLUSIVE),
)


@st.composite
def calendars(draw: st.DrawFn, hours: st.SearchStrategy[SafeTimes], around: date) -> Calendar:
    near = st.integers(-30, 90).map(lambda days: around + timedelta(days))
    return Calendar(ZoneInfo(draw(ZONES)), draw(hours), draw(st.frozensets(near, max_size=20)))


@st.composite
def subjects(draw: st.DrawFn, first: date) -> Subject:
    moments = st.integers(-20 * 24 * 60, 900 * 24 * 60).map(
        lambda minutes: (
            datetime(first.year, first.month, first.day, tzinfo=ZoneInfo("UTC")) + timedelta(minutes=minutes)
        )
    )
    later = st.integers(0, 700).map(lambda days: first + timedelta(days))
    anchors = draw(st.sampled_from(OF_ONE_SUBJECT))
    days = [first, *(draw(later) for _ in anchors[1:])]
    questions = st.tuples(
        st.sampled_from(["check_in_weekly", "check_in_weekly_again", "check_in_monthly"]), st.integers(0, 20)
    )
    return Subject(
        id=UUID(int=1),
        whose=draw(st.sampled_from(Whose)),
        anchors={anchor: Known(day, draw(moments)) for anchor, day in zip(anchors, days, strict=True)},
        kind=draw(st.sampled_from(VisitKind)),
        interval_days=draw(st.none() | st.integers(1, 200)),
        supply_days=draw(st.none() | st.integers(1, 200)),
        missed_at=draw(st.none() | moments),
        happened=draw(st.frozensets(st.sampled_from(Unless), max_size=2)),
        switched=draw(st.frozensets(st.sampled_from(["eid_birth", "eid_14w", "eid_9m", "anc_26w"]))),
        circumstances=draw(st.frozensets(st.sampled_from(Circumstance))),
        done=draw(st.none() | st.sampled_from(Done)),
        hours=draw(st.dictionaries(st.sampled_from(["coded", "check_in_weekly"]), st.times(), max_size=2)),
        asked=draw(st.dictionaries(questions, moments, max_size=4)),
        answered=draw(st.frozensets(questions, max_size=3)),
    )


@st.composite
def cases(
    draw: st.DrawFn, hours: st.SearchStrategy[SafeTimes] = HOURS
) -> tuple[Subject, Calendar, Span, Diary]:
    first = draw(DAYS)
    today = first + timedelta(days=draw(st.integers(0, 800)))
    slots = st.tuples(st.sampled_from(Whose), st.sampled_from(VisitKind))
    dates = st.lists(st.integers(0, 800).map(lambda days: first + timedelta(days)), max_size=3)
    diary = st.dictionaries(slots, dates, max_size=4)
    return (
        draw(subjects(first)),
        draw(calendars(hours, draw(st.sampled_from([first, today])))),
        ahead(today),
        Diary(draw(diary), draw(diary)),
    )


Case = tuple[Subject, Calendar, Span, Diary]


def texts(plans: tuple[Plan, ...], case: Case) -> list[DueStep]:
    subject, calendar, span, _ = case
    return list(due(plans, subject, calendar, span))


def asked(plans: tuple[Plan, ...], case: Case) -> list[AskedTask]:
    subject, calendar, span, _ = case
    return list(tasks_due(plans, subject, calendar, span))


def dates(plans: tuple[Plan, ...], case: Case) -> list[Expected]:
    subject, calendar, span, diary = case
    return list(expected(plans, subject, diary, calendar, span))


@settings(deadline=None)
@given(case=cases())
def test_every_row_has_a_key_of_its_own_and_comes_the_same_way_each_time(
    plans: tuple[Plan, ...], case: Case
) -> None:
    rows: list[DueStep | AskedTask | Expected]
    rows = [*texts(plans, case), *asked(plans, case), *dates(plans, case)]
    assert len({row.key for row in rows}) == len(rows)
    assert rows == [*texts(plans, case), *asked(plans, case), *dates(plans, case)]


@settings(deadline=None)
@given(case=cases())
def test_every_step_that_comes_once_is_accounted_for(plans: tuple[Plan, ...], case: Case) -> None:
    subject, _, _, _ = case
    for steps, rows in (
        ([step for plan in plans for step in plan.steps], [row.step.id for row in texts(plans, case)]),
        ([step for plan in plans for step in plan.tasks], [row.step for row in asked(plans, case)]),
    ):
        mine = {
            step.id
            for step in steps
            if step.anchor in subject.anchors
            and step.every_days is None
            and step.only <= subject.circumstances
            and step.done in (None, subject.done)
        }
        assert mine <= set(rows)


@settings(deadline=None)
@given(case=cases())
def test_no_text_goes_on_a_closed_day_outside_her_hours_or_past_its_last_moment(
    plans: tuple[Plan, ...], case: Case
) -> None:
    _, calendar, _, _ = case
    for row in texts(plans, case):
        assert row.due_at <= row.latest
        if isinstance(row.outcome, Send):
            assert is_allowed(row.outcome.at, calendar)
            assert row.due_at <= row.outcome.at <= row.latest


@settings(deadline=None)
@given(case=cases())
def test_one_subject_brings_at_most_one_text_a_day(plans: tuple[Plan, ...], case: Case) -> None:
    _, calendar, _, _ = case
    days = [
        local_day(row.outcome.at, calendar.zone)
        for row in texts(plans, case)
        if isinstance(row.outcome, Send)
    ]
    assert len(days) == len(set(days))


@settings(deadline=None)
@given(case=cases())
def test_nobody_is_asked_before_it_is_known_or_before_it_is_time(plans: tuple[Plan, ...], case: Case) -> None:
    subject, _, _, _ = case
    for row in asked(plans, case):
        if isinstance(row.outcome, Ask):
            assert row.outcome.at >= row.due_at
            assert row.outcome.at >= min(known.at for known in subject.anchors.values())


@settings(deadline=None)
@given(case=cases(OPEN_HOURS))
def test_no_visit_falls_on_a_closed_day_or_before_it_can_be_told_of(
    plans: tuple[Plan, ...], case: Case
) -> None:
    _, calendar, _, _ = case
    for row in dates(plans, case):
        if row.why_not is None:
            assert is_open(row.day, calendar)
            assert row.day >= row.window.from_day


@settings(deadline=None)
@given(case=cases(OPEN_HOURS))
def test_a_date_of_a_person_wins(plans: tuple[Plan, ...], case: Case) -> None:
    _, _, _, diary = case
    for row in dates(plans, case):
        if row.why_not is NoDate.WRITTEN:
            assert row.day in diary.written[row.slot]
        if row.why_not is None and row.window.due == row.window.opens:
            assert row.window.due not in diary.written.get(row.slot, ())


@settings(deadline=None)
@given(case=cases())
def test_a_window_that_closes_on_nothing_ends_with_a_person(plans: tuple[Plan, ...], case: Case) -> None:
    _, calendar, _, _ = case
    for row in dates(plans, case):
        task = overdue_task(row, calendar)
        wanted = row.why_not in (None, NoDate.WRITTEN) and row.step.overdue is not None
        assert (task is not None and isinstance(task.outcome, Ask)) is wanted
        if task and isinstance(task.outcome, Ask):
            last = max(row.day, row.window.closes)
            assert local_day(task.outcome.at, calendar.zone) > last or is_never(calendar.safe)


@settings(deadline=None)
@given(case=cases(), ends=st.sampled_from([Unless.POSITIVE, Unless.IN_CARE, Unless.FINAL]))
def test_the_end_of_the_chain_takes_every_test_with_it(
    plans: tuple[Plan, ...], case: Case, ends: Unless
) -> None:
    subject, calendar, span, diary = case
    over = replace(subject, happened=frozenset({ends}))
    rows = expected(plans, over, diary, calendar, span)
    tests = [row for row in rows if row.visit is VisitKind.INFANT_TEST and row.step.visit]
    assert all(row.why_not in (NoDate.OVERTAKEN, NoDate.SWITCHED_OFF) for row in tests)


@settings(deadline=None)
@given(case=cases(), further=st.integers(0, 56))
def test_planning_a_later_span_changes_nothing_that_was_planned(
    plans: tuple[Plan, ...], case: Case, further: int
) -> None:
    subject, calendar, span, _ = case
    later = Span(span.first + timedelta(days=further), span.last + timedelta(days=further))
    for plan_rows in (
        partial(tasks_due, plans, subject, calendar),
        partial(expected, plans, subject, Diary(), calendar),
    ):
        first = {row.key: row for row in plan_rows(span)}
        second = {row.key: row for row in plan_rows(later)}
        assert all(first[key] == second[key] for key in first.keys() & second.keys())


# --- what ships -------------------------------------------------------------------------------------------


def test_what_ships_is_there(plans: tuple[Plan, ...]) -> None:
    assert [plan.name for plan in plans] == [
        "adherence",
        "children",
        "infant_testing",
        "lab",
        "mothers",
        "outreach",
        "services",
        "visits",
    ]


def test_only_dated_visits_have_words_that_differ_by_service(plans: tuple[Plan, ...]) -> None:
    for step in (step for plan in plans for step in plan.steps):
        for kind in VisitKind:
            for whose in Whose:
                neutral = text_for(step, whose, Wording.T0, kind)
                assert neutral == text_for(step, whose, Wording.T0, VisitKind.OTHER)


def test_every_text_step_belongs_to_a_visit_an_event_or_her_own_choice(plans: tuple[Plan, ...]) -> None:
    """Whatever else a plan asks for becomes a visit or a task first."""
    steps: list[Step] = [step for plan in plans for step in plan.steps]
    assert all(
        step.anchor in (Anchor.VISIT, Anchor.EVENT) or (step.anchor is Anchor.ENROLMENT and step.only)
        for step in steps
    )


@pytest.mark.parametrize(
    ("edge", "rule"),
    [
        (Edge.SAMPLE, EdgeRule(TaskKind.TEST_OVERDUE, Role.MENTOR, 0)),
        (Edge.RESULT, EdgeRule(TaskKind.CHASE_RESULT, Role.MENTOR, 28, every_days=28)),
        (Edge.GIVING, EdgeRule(TaskKind.GIVE_RESULT, Role.MENTOR, 7, every_days=28)),
        (Edge.NEW_SAMPLE, EdgeRule(TaskKind.NEW_SAMPLE, Role.MENTOR, 0, 28, Urgency.SOON)),
        (Edge.CARE, EdgeRule(TaskKind.SEE_AT_ONCE, Role.MENTOR, 0)),
        (Edge.WEANING, EdgeRule(TaskKind.ASK_WEANING, Role.MENTOR, 0, 28, Urgency.SOON, 91)),
    ],
)
def test_every_edge_of_the_cascade_has_its_rule_in_the_plan(
    plans: tuple[Plan, ...], edge: Edge, rule: EdgeRule
) -> None:
    assert edge_rules(plans)[edge] == rule


def infant(*circumstances: Circumstance, **further: object) -> Subject:
    born = Known(date(2027, 3, 1), datetime(2027, 3, 1, 10, tzinfo=ZoneInfo("UTC")))
    anchors = {Anchor.BIRTH: born} | ({Anchor.WEANING: born} if "weaned" in further else {})
    switched = frozenset({"eid_14w"} if "older" in further else ())
    return Subject(
        UUID(int=2), Whose.CHILD, anchors, circumstances=frozenset(circumstances), switched=switched
    )


@pytest.mark.parametrize(
    ("subject", "tests"),
    [
        (infant(), []),
        (infant(Circumstance.EXPOSED), ["eid_6w", "eid_9m", "eid_18m"]),
        (infant(Circumstance.EXPOSED, weaned=True), ["eid_6w", "eid_9m", "eid_18m", "eid_final"]),
        (infant(Circumstance.EXPOSED, older=True), ["eid_6w", "eid_14w", "eid_9m", "eid_18m"]),
        (
            infant(Circumstance.EXPOSED, Circumstance.HIGH_RISK),
            ["eid_birth_high_risk", "eid_6w", "eid_9m", "eid_18m"],
        ),
    ],
)
def test_the_cascade_knows_the_tests_that_apply(
    plans: tuple[Plan, ...], subject: Subject, tests: list[str]
) -> None:
    calendar = Calendar(ZoneInfo("Africa/Maseru"), SafeTimes(time(9), time(17), frozenset(range(1, 7))))
    found = infant_tests(plans, subject, calendar)
    assert [window.test for window in found] == tests
    assert all(window.from_day == date(2027, 3, 2) for window in found)
