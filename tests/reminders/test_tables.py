"""Every date, task and text that the plans make, worked out by hand in ``tables``, files for each plan."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from service.domain.care import VisitKind
from service.domain.hours import Calendar
from service.domain.people import SafeTimes
from service.reminders.dates import Diary, Slot, expected
from service.reminders.due import due
from service.reminders.plan import DateStep, Plan, Step, TaskStep, Timing
from service.reminders.subject import Known, Subject
from service.reminders.tasks import tasks_due
from service.reminders.timing import Span, ahead
from service.reminders.vocabulary import Anchor, Circumstance, PerSite, Unless, Whose
from tests.reminders import tables
from tests.reminders.maseru import CALENDAR, MASERU, known, maseru, read
from tests.reminders.tables import Row

EVERY_DAY = Calendar(MASERU, SafeTimes(time(9), time(17), frozenset(range(1, 8))))
SOME_DAY = date(2027, 3, 1)
AGAIN, CASES, LATE = "_again.txt", "_cases.txt", "_known_late.txt"
LEGACY = "eid_14w"
"""Off until a site turns it on; on it would take the place of the test at 6 weeks for a while."""

Table = tuple[str, Row]


def tables_of(*endings: str) -> list[Table]:
    return [(file, row) for file in tables.names() if file.endswith(endings) for row in tables.rows(file)]


def titled(table: Table) -> str:
    """The file, and the first columns of the row, which tell it from the others."""
    file, row = table
    return " ".join([file, *[*row.values()][:4]])


AWKWARD = [(file, row) for file, row in tables_of(".txt") if tables.columns_of_steps(row)]


@dataclass(frozen=True)
class Worked:
    """A step of the plan that a table belongs to, as at a site that has turned on all of it."""

    plan: Plan
    step: Timing

    def falls(self, one: Subject, diary: Diary, calendar: Calendar, span: Span | None) -> list[str]:
        """What becomes of it, in words, each time that it comes."""
        return list(self._falls(one, diary, calendar, span))

    def _falls(self, one: Subject, diary: Diary, calendar: Calendar, span: Span | None) -> Iterator[str]:
        match self.step:
            case DateStep():
                dates = expected([self.plan], one, diary, calendar, span)
                yield from (row.why_not or f"{row.day:%a %F}" for row in dates if row.step == self.step)
            case TaskStep():
                tasks = tasks_due([self.plan], one, calendar, span)
                yield from (read(row.outcome) for row in tasks if row.step == self.step.id)
            case Step():
                texts = due([self.plan], one, calendar, span)
                yield from (read(row.outcome) for row in texts if row.step == self.step)


def worked(plans: tuple[Plan, ...], file: str, step_id: str) -> Worked:
    (plan,) = (plan for plan in plans if file.startswith(plan.name))
    plan = replace(
        plan,
        steps=tuple(replace(step, per_site=PerSite.ALWAYS) for step in plan.steps),
        tasks=tuple(replace(step, per_site=PerSite.ALWAYS) for step in plan.tasks),
        dates=tuple(replace(step, per_site=PerSite.ALWAYS) for step in plan.dates),
    )
    (step,) = (step for step in plan.timings if step.id == step_id)
    return Worked(plan, step)


def alone(plans: tuple[Plan, ...], file: str, step_id: str) -> Worked:
    """A date or task without its neighbours, which might be asked for in its place."""
    found = worked(plans, file, step_id)
    dates = tuple(step for step in found.plan.dates if step.id == step_id)
    return replace(found, plan=replace(found.plan, dates=dates))


def subject(step: Timing, anchors: dict[Anchor, Known], supply: str | None = None) -> Subject:
    return Subject(
        id=UUID(int=3),
        whose=Whose.CHILD if step.anchor is Anchor.BIRTH else Whose.SELF,
        anchors=anchors,
        kind=VisitKind.OTHER,
        supply_days=int(supply) if supply else None,
        circumstances=step.only,
        done=step.done,
    )


# --- awkward days: a column for each step -----------------------------------------------------------------


@pytest.mark.parametrize(("file", "row"), AWKWARD, ids=[titled(table) for table in AWKWARD])
def test_on_awkward_days_all_falls_where_it_was_worked_out(
    plans: tuple[Plan, ...], file: str, row: Row
) -> None:
    span = Span(known(row["known"]).day, known(row["until"]).day) if "until" in row else None
    for step_id in tables.columns_of_steps(row):
        one = worked(plans, file, step_id)
        found = one.falls(subject_of(one.step, row), Diary(), CALENDAR, span)
        assert ", ".join(found) == row[step_id], step_id


def subject_of(step: Timing, row: Row) -> Subject:
    anchors = {step.anchor: known(row["counted"] if "counted" in row else row[step.anchor], row["known"])}
    if "weaning" in row:
        anchors[Anchor.WEANING] = known(row["weaning"], row["known"])
    missed, interval = row.get("missed"), row.get("interval")
    return replace(
        subject(step, anchors, row.get("supply")),
        missed_at=maseru(missed) if missed else None,
        interval_days=int(interval) if interval else None,
    )


# --- what else decides, and what comes again: a row for each step -----------------------------------------


@pytest.mark.parametrize(("file", "row"), tables_of(CASES), ids=[titled(table) for table in tables_of(CASES)])
def test_in_each_case_it_falls_where_it_was_worked_out(plans: tuple[Plan, ...], file: str, row: Row) -> None:
    one = alone(plans, file, row["step"])
    case = subject_in(one.step, row)
    slot = (
        getattr(one.step, "whose", None) or case.whose,
        getattr(one.step, "visit", None) or VisitKind.OTHER,
    )
    diary = Diary({slot: tables.days(row, "done")}, {slot: tables.days(row, "written")})
    found = one.falls(case, diary, CALENDAR, ahead(known(row["from"], row["known"]).at.date()))
    assert (", ".join(found) or "-") == row["falls on"]


def slot_of(step: Timing, case: Subject) -> Slot:
    if isinstance(step, DateStep):
        return step.whose or case.whose, step.visit or VisitKind.OTHER
    return case.whose, VisitKind.OTHER


def subject_in(step: Timing, row: Row) -> Subject:
    words = dict(tables.said(row))
    at_risk = step.only - ({Circumstance.HIGH_RISK} if "high_risk" not in words else frozenset())
    return replace(
        subject(step, {step.anchor: known(row["from"], row["known"])}, words.get("supply")),
        happened=frozenset(unless for unless in Unless if unless in words),
        circumstances=at_risk,
    )


@pytest.mark.parametrize(("file", "row"), tables_of(AGAIN), ids=[titled(table) for table in tables_of(AGAIN)])
def test_what_comes_again_and_again_comes_where_it_was_worked_out(
    plans: tuple[Plan, ...], file: str, row: Row
) -> None:
    one = alone(plans, file, row["step"])
    case = subject(one.step, {one.step.anchor: known(row["from"], row["known"])})
    found = one.falls(case, Diary(), CALENDAR, ahead(date.fromisoformat(row["today"])))
    assert [day.split()[1] for day in found] == row["days"].split()


# --- known late, on every day there is --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "row"),
    tables_of(LATE),
    ids=[titled(table) for table in tables_of(LATE)],
)
def test_on_whatever_day_it_becomes_known_it_falls_where_it_was_worked_out(
    plans: tuple[Plan, ...], file: str, row: Row
) -> None:
    one = worked(plans, file, row["step"])
    one = replace(one, plan=replace(one.plan, dates=tuple(d for d in one.plan.dates if d.id != LEGACY)))
    first, last = map(int, row["known on day"].split(".."))
    for age in range(first, last + 1):
        known_at = datetime.combine(SOME_DAY + timedelta(days=age), time(10), tzinfo=UTC)
        late = subject(one.step, {one.step.anchor: Known(SOME_DAY, known_at)}, "28")
        assert one.falls(late, Diary(), EVERY_DAY, None) == [asked_for(row, age)], age


def asked_for(row: Row, age: int) -> str:
    said = row["asked for on day"]
    if said in ("too_late", "covered"):
        return said
    return f"{SOME_DAY + timedelta(days=age + 1 if said == 'the next' else int(said)):%a %F}"


# --- nothing is left out ----------------------------------------------------------------------------------


def test_every_date_task_and_text_of_every_plan_is_in_a_table_of_that_plan(plans: tuple[Plan, ...]) -> None:
    after_a_silence = {"check_in_weekly_again", "check_in_weekly_call"} | {
        "check_in_monthly_again",
        "check_in_monthly_call",
    }
    for plan in plans:
        rows = [row for file in tables.names() if file.startswith(plan.name) for row in tables.rows(file)]
        by_hand = {step for row in rows for step in (*tables.columns_of_steps(row), row.get("step"))}
        assert {step.id for step in plan.timings} - after_a_silence <= by_hand


def test_every_date_that_comes_once_is_in_a_table_for_every_day_on_which_it_may_become_known(
    plans: tuple[Plan, ...],
) -> None:
    once = {step.id for plan in plans for step in plan.dates if not (step.every_days or step.later_of)}
    assert once == {row["step"] for _, row in tables_of(LATE)} | {"eid_birth", LEGACY}
