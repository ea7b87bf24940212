"""The days on which plans ask for a visit; worked out by hand in ``tables``."""

from datetime import date
from uuid import UUID

import pytest

from service.domain.care import VisitKind
from service.reminders.dates import Diary, Expected, NoDate, expected, overdue_task
from service.reminders.outcome import Ask, Skip
from service.reminders.plan import Plan
from service.reminders.subject import Subject
from service.reminders.timing import Span
from service.reminders.vocabulary import Anchor, Circumstance, Unless, Whose
from tests.reminders import tables
from tests.reminders.maseru import CALENDAR, known, maseru
from tests.reminders.tables import Row

GROWTH = frozenset({"child_growth"})
INFANT_TESTS = (Whose.CHILD, VisitKind.INFANT_TEST)
SUBJECT_ID = UUID(int=3)


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


@pytest.mark.parametrize("row", tables.rows("infant_testing_chain.txt"), ids=tables.title)
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


def test_without_a_span_nothing_comes_again(plans: tuple[Plan, ...]) -> None:
    child = Subject(SUBJECT_ID, Whose.CHILD, {Anchor.BIRTH: known("2027-03-01")}, switched=GROWTH)
    assert "child_growth" not in {one.step.id for one in expected(plans, child, Diary(), CALENDAR)}
    span = Span(date(2027, 3, 1), date(2027, 12, 31))
    assert "child_growth" in {one.step.id for one in expected(plans, child, Diary(), CALENDAR, span)}


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
