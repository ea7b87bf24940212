"""What holds for every visit, calendar and hour of entry."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.care import VisitKind
from service.domain.hours import Calendar, is_allowed, is_open, local_day
from service.domain.people import SafeTimes
from service.reminders.due import DueStep, HandToPerson, Known, Send, Subject, due
from service.reminders.plan import Anchor, KnownTexts, Late, PerSite, Plan, Unless, Whose, text_on

DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))
ZONES = st.sampled_from(["Africa/Maseru", "Europe/London", "America/New_York", "Pacific/Auckland"])
HOURS = st.builds(
    lambda starts, length, days: SafeTimes(time(starts), time(starts + length), days),
    starts=st.integers(5, 13),
    length=st.integers(0, 10),
    days=st.frozensets(st.integers(1, 7)),
)
LATE = st.sampled_from([late for late in Late if late is not Late.SEND_NOW])


@st.composite
def calendars_around(draw: st.DrawFn, day: date) -> Calendar:
    near = st.integers(-20, 20).map(lambda days: day + timedelta(days))
    return Calendar(ZoneInfo(draw(ZONES)), draw(HOURS), draw(st.frozensets(near, max_size=15)))


@st.composite
def visits_known_near(draw: st.DrawFn, day: date) -> Subject:
    hours = st.integers(-25 * 24 * 60, 20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Subject(
        id=UUID(int=1),
        whose=draw(st.sampled_from(Whose)),
        anchors={Anchor.VISIT: Known(day, noon + draw(hours))},
        kind=draw(st.sampled_from(VisitKind)),
        interval_days=draw(st.none() | st.integers(0, 200)),
        missed_at=draw(st.none() | hours.map(lambda after: noon + abs(after))),
        happened=draw(st.frozensets(st.sampled_from(Unless))),
        switched=draw(st.frozensets(st.sampled_from(["visit_d14", "visit_d7", "missed_d7"]))),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Subject, Calendar, tuple[Late, ...], tuple[PerSite, ...]]:
    day = draw(DAYS)
    return (
        draw(visits_known_near(day)),
        draw(calendars_around(day)),
        draw(st.tuples(*[LATE] * 5)),
        draw(st.tuples(*[st.sampled_from(PerSite)] * 5)),
    )


Case = tuple[Subject, Calendar, tuple[Late, ...], tuple[PerSite, ...]]


def rows_of(plan: Plan, case: Case) -> list[DueStep]:
    subject, calendar, lates, switches = case
    steps = zip(plan.steps, lates, switches, strict=True)
    varied = tuple(replace(step, late=late, per_site=per_site) for step, late, per_site in steps)
    return list(due([replace(plan, steps=varied)], subject, calendar))


def sends(rows: list[DueStep]) -> list[tuple[DueStep, datetime]]:
    return [(row, row.outcome.at) for row in rows if isinstance(row.outcome, Send)]


@settings(deadline=None)
@given(case=cases())
def test_every_step_is_accounted_for_once_and_the_same_way_each_time(visits: Plan, case: Case) -> None:
    rows = rows_of(visits, case)
    assert [row.step.id for row in rows] == [step.id for step in visits.steps]
    assert len({row.key for row in rows}) == len(rows)
    assert rows == rows_of(visits, case)


@settings(deadline=None)
@given(case=cases())
def test_nothing_goes_on_a_closed_day_outside_safe_hours_or_past_its_last_moment(
    visits: Plan, case: Case
) -> None:
    subject, calendar, _, _ = case
    for row, at in sends(rows_of(visits, case)):
        assert is_allowed(at, calendar)
        assert subject.anchors[Anchor.VISIT].at <= at <= row.latest


@settings(deadline=None)
@given(case=cases())
def test_a_step_never_leaves_its_side_of_the_planned_day(visits: Plan, case: Case) -> None:
    _, calendar, _, _ = case
    for row in rows_of(visits, case):
        planned = row.about + timedelta(days=row.step.offset_days)
        day = local_day(row.due_at, calendar.zone)
        assert day <= planned if row.step.offset_days < 0 else day >= planned
        assert is_open(day, calendar) or not calendar.safe.days
        assert row.due_at <= row.latest


@settings(deadline=None)
@given(case=cases())
def test_a_reminder_of_a_visit_goes_before_its_day(visits: Plan, case: Case) -> None:
    _, calendar, _, _ = case
    for row, at in sends(rows_of(visits, case)):
        before = local_day(at, calendar.zone) < row.about
        assert before is (row.step.offset_days < 0)


@settings(deadline=None)
@given(case=cases())
def test_one_visit_brings_at_most_one_text_a_day(visits: Plan, case: Case) -> None:
    _, calendar, _, _ = case
    days = [local_day(at, calendar.zone) for _, at in sends(rows_of(visits, case))]
    assert len(days) == len(set(days))


@settings(deadline=None)
@given(case=cases())
def test_every_text_is_true_on_the_day_on_which_it_goes(
    visits: Plan, known_texts: KnownTexts, case: Case
) -> None:
    _, calendar, _, _ = case
    for row, at in sends(rows_of(visits, case)):
        today = local_day(at, calendar.zone)
        for text in row.step.texts:
            chosen = text_on(today, known_texts[text.key], row.about)
            assert chosen and chosen.true_on in (None, today)


@settings(deadline=None)
@given(case=cases())
def test_nobody_hears_of_a_miss_before_it_was_recorded(visits: Plan, case: Case) -> None:
    subject, _, _, _ = case
    for row, at in sends(rows_of(visits, case)):
        if row.step.offset_days > 0:
            assert subject.missed_at and subject.missed_at <= at


@settings(deadline=None)
@given(case=cases())
def test_a_late_step_goes_to_a_person_only_where_the_plan_says_so(visits: Plan, case: Case) -> None:
    _, calendar, _, _ = case
    reachable = calendar.safe.days and calendar.safe.starts < calendar.safe.ends
    for row in rows_of(visits, case):
        if isinstance(row.outcome, HandToPerson) and reachable:
            assert row.step.late is Late.HAND_TO_PERSON
