"""The days on which plans ask for a visit; worked out by hand in ``tables``."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from service.domain.care import VisitKind
from service.domain.hours import Calendar
from service.domain.people import SafeTimes
from service.reminders.dates import Diary, Expected, NoDate, expected, overdue_task
from service.reminders.outcome import Ask, Skip
from service.reminders.plan import DateStep, Plan
from service.reminders.subject import Known, Subject
from service.reminders.timing import ahead
from service.reminders.vocabulary import Anchor, Circumstance, PerSite, Unless, Whose
from tests.reminders import tables
from tests.reminders.maseru import CALENDAR, MASERU, maseru
from tests.reminders.tables import Row

EVERY_DAY = Calendar(MASERU, SafeTimes(time(9), time(17), frozenset(range(1, 8))))
INFANT_TESTS = (Whose.CHILD, VisitKind.INFANT_TEST)
BORN = date(2027, 3, 1)
SUBJECT_ID = UUID(int=3)


def known(day: str, on: str = "") -> Known:
    return Known(date.fromisoformat(day), maseru(f"{on or day} 12:00"))


def infant(row: Row) -> Subject:
    anchors = {Anchor.BIRTH: known(row["born"], row["known"])}
    if row["weaned"]:
        anchors[Anchor.WEANING] = known(row["weaned"])
    words = dict(tables.said(row))
    return Subject(
        id=SUBJECT_ID,
        whose=Whose.CHILD,
        anchors=anchors,
        happened=frozenset(unless for unless in Unless if unless in words),
        circumstances=frozenset({Circumstance.EXPOSED}),
        switched=frozenset(value for word, value in words.items() if word in ("on", "off")),
    )


def shown(row: Expected) -> str:
    return row.why_not or f"{row.day:%a %F}"


@pytest.mark.parametrize("row", tables.rows("infants.txt"), ids=tables.title)
def test_the_tests_of_an_infant_fall_where_they_were_worked_out(plans: tuple[Plan, ...], row: Row) -> None:
    diary = Diary({INFANT_TESTS: tables.days(row, "sampled")}, {INFANT_TESTS: tables.days(row, "written")})
    found = {one.step.id: shown(one) for one in expected(plans, infant(row), diary, CALENDAR)}
    for column, step in (
        ("6 weeks", "eid_6w"),
        ("9 months", "eid_9m"),
        ("18 months", "eid_18m"),
        ("final", "eid_final"),
    ):
        assert found.get(step, "-") == row[column]
    if Unless.POSITIVE not in row["further"] and Unless.FINAL not in row["further"]:
        assert found["eid_14w"] == found["eid_birth"] == NoDate.SWITCHED_OFF


@pytest.mark.parametrize("row", tables.rows("infants_enrolled_late.txt"), ids=tables.title)
def test_an_infant_enrolled_late_has_the_earliest_undone_test_at_once(
    plans: tuple[Plan, ...], row: Row
) -> None:
    known_at = datetime.combine(BORN + timedelta(days=int(row["known"])), time(10), tzinfo=UTC)
    late = Subject(
        id=SUBJECT_ID,
        whose=Whose.CHILD,
        anchors={Anchor.BIRTH: Known(BORN, known_at)},
        circumstances=frozenset({Circumstance.EXPOSED}),
    )
    found = {
        one.step.id: one.why_not or str((one.day - BORN).days)
        for one in expected(plans, late, Diary(), EVERY_DAY)
    }
    assert [found["eid_6w"], found["eid_9m"], found["eid_18m"]] == [
        row["6 weeks"],
        row["9 months"],
        row["18 months"],
    ]


# --- every other date -------------------------------------------------------------------------------------


def date_step(plans: tuple[Plan, ...], step_id: str) -> tuple[Plan, DateStep]:
    """A step by itself, turned on."""
    for plan in plans:
        for step in plan.dates:
            if step.id == step_id:
                return replace(plan, dates=(replace(step, per_site=PerSite.ALWAYS),)), step
    raise LookupError(step_id)


def subject_of(step: DateStep, row: Row) -> Subject:
    words = dict(tables.said(row)) if "further" in row else {}
    high_risk = {Circumstance.HIGH_RISK} if "high_risk" in words else set()
    return Subject(
        id=SUBJECT_ID,
        whose=Whose.CHILD if step.anchor is Anchor.BIRTH else Whose.SELF,
        anchors={step.anchor: known(row["from"], row["known"])},
        kind=VisitKind.OTHER,
        supply_days=int(words["supply"]) if "supply" in words else None,
        happened=frozenset(unless for unless in Unless if unless in words),
        circumstances=frozenset({Circumstance.EXPOSED, Circumstance.ON_TREATMENT, *high_risk}),
        done=step.done,
    )


@pytest.mark.parametrize("row", tables.rows("dates.txt"), ids=tables.title)
def test_a_visit_falls_where_it_was_worked_out(plans: tuple[Plan, ...], row: Row) -> None:
    plan, step = date_step(plans, row["step"])
    subject = subject_of(step, row)
    slot = (step.whose or subject.whose, step.visit or VisitKind.OTHER)
    diary = Diary({slot: tables.days(row, "done")}, {slot: tables.days(row, "written")})
    found = [shown(one) for one in expected([plan], subject, diary, CALENDAR)]
    assert (found or ["-"]) == [row["visit"]]


@pytest.mark.parametrize("row", tables.rows("again.txt"), ids=tables.title)
def test_what_comes_again_and_again_comes_where_it_was_worked_out(plans: tuple[Plan, ...], row: Row) -> None:
    plan, step = date_step(plans, row["step"])
    span = ahead(date.fromisoformat(row["today"]))
    found = list(expected([plan], subject_of(step, row), Diary(), CALENDAR, span))
    assert [one.day.isoformat() for one in found] == row["days"].split()
    assert len({one.key for one in found}) == len(found)


def test_without_a_span_nothing_comes_again(plans: tuple[Plan, ...]) -> None:
    plan, step = date_step(plans, "child_growth")
    row = {"from": "2027-03-01", "known": "2027-03-01"}
    assert not list(expected([plan], subject_of(step, row), Diary(), CALENDAR))


def test_every_date_of_every_plan_is_in_a_table(plans: tuple[Plan, ...]) -> None:
    by_hand = {row["step"] for name in ("dates.txt", "again.txt") for row in tables.rows(name)}
    in_columns = {"eid_6w", "eid_9m", "eid_18m", "eid_final"}
    assert {step.id for plan in plans for step in plan.dates} == by_hand | in_columns


def test_tests_fall_on_days_of_vaccines_so_that_neutral_words_are_true(plans: tuple[Plan, ...]) -> None:
    steps = {step.id: step for plan in plans for step in plan.dates}
    for name in ("6w", "14w", "9m", "18m"):
        test, vaccine = steps[f"eid_{name}"], steps[f"vaccine_{name}"]
        assert (test.offset_days, test.window, test.if_closed) == (
            vaccine.offset_days,
            vaccine.window,
            vaccine.if_closed,
        )


# --- who is asked when a window closes --------------------------------------------------------------------


def test_when_a_window_closes_and_nothing_was_done_her_mentor_is_asked(plans: tuple[Plan, ...]) -> None:
    row = {"born": "2027-03-01", "known": "2027-03-01", "weaned": "", "further": ""}
    found = {one.step.id: one for one in expected(plans, infant(row), Diary(), CALENDAR)}
    task = overdue_task(found["eid_6w"], CALENDAR)
    assert task
    assert task.key == found["eid_6w"].key == ("eid_6w", SUBJECT_ID, 0)
    assert task.asked.task == "test_overdue"
    assert task.outcome == Ask(maseru("2027-04-27 09:00"))  # day 56 is Monday 26 April
    assert overdue_task(found["vaccine_6w"], CALENDAR) is None


@pytest.mark.parametrize(
    ("further", "outcome"),
    [
        ("sampled 2027-04-14", "attended"),
        ("positive", "overtaken"),
        ("off eid_6w", "switched_off"),
    ],
)
def test_nobody_is_asked_for_what_is_done_or_not_wanted(
    plans: tuple[Plan, ...], further: str, outcome: str
) -> None:
    row = {"born": "2027-03-01", "known": "2027-03-01", "weaned": "", "further": further}
    diary = Diary({INFANT_TESTS: tables.days(row, "sampled")})
    found = {one.step.id: one for one in expected(plans, infant(row), diary, CALENDAR)}
    task = overdue_task(found["eid_6w"], CALENDAR)
    assert task
    assert isinstance(task.outcome, Skip)
    assert task.outcome.reason == outcome


@pytest.mark.parametrize(
    ("written", "asked"),
    [("2027-04-20", "2027-04-27 09:00"), ("2027-06-30", "2027-07-01 09:00")],
)
def test_a_date_that_a_person_wrote_is_watched_over_too(
    plans: tuple[Plan, ...], written: str, asked: str
) -> None:
    row = {"born": "2027-03-01", "known": "2027-03-01", "weaned": "", "further": ""}
    diary = Diary(written={INFANT_TESTS: {date.fromisoformat(written)}})
    found = {one.step.id: one for one in expected(plans, infant(row), diary, CALENDAR)}
    task = overdue_task(found["eid_6w"], CALENDAR)
    assert task
    assert task.outcome == Ask(maseru(asked))


def test_a_date_asked_for_at_once_is_overdue_the_day_after(plans: tuple[Plan, ...]) -> None:
    row = {"born": "2027-03-01", "known": "2027-06-10", "weaned": "", "further": ""}
    found = {one.step.id: one for one in expected(plans, infant(row), Diary(), CALENDAR)}
    task = overdue_task(found["eid_6w"], CALENDAR)
    assert task
    assert (shown(found["eid_6w"]), task.outcome) == ("Fri 2027-06-11", Ask(maseru("2027-06-12 09:00")))
