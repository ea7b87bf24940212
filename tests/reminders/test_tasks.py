"""When people are asked, worked out by hand in ``tables/tasks.txt``."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from service.domain.hours import local_day
from service.reminders.outcome import Ask, Awaits, Skip
from service.reminders.plan import Plan, TaskStep
from service.reminders.subject import Known, Subject
from service.reminders.tasks import AskedTask, tasks_due
from service.reminders.timing import ahead
from service.reminders.vocabulary import Circumstance, Unless, Whose
from tests.reminders import tables
from tests.reminders.maseru import CALENDAR, MASERU, maseru
from tests.reminders.tables import Row


def alone(plans: tuple[Plan, ...], step_id: str) -> tuple[Plan, TaskStep]:
    for plan in plans:
        for task in plan.tasks:
            if task.id == step_id:
                return replace(plan, tasks=(task,)), task
    raise LookupError(step_id)


def subject_of(step: TaskStep, row: Row) -> Subject:
    words = dict(tables.said(row))
    high_risk = {Circumstance.HIGH_RISK} if "high_risk" in words else set()
    return Subject(
        id=UUID(int=5),
        whose=Whose.CHILD,
        anchors={step.anchor: Known(date.fromisoformat(row["from"]), maseru(row["known"]))},
        happened=frozenset(unless for unless in Unless if unless in words),
        circumstances=frozenset({Circumstance.EXPOSED, *high_risk}),
        done=step.done,
    )


def shown(task: AskedTask) -> str:
    match task.outcome:
        case Ask(at):
            return f"{at.astimezone(MASERU):%a %F %H:%M}"
        case Skip(reason):
            return f"skip: {reason}"
        case Awaits(what):
            return f"awaits {what}"


def asked(plans: tuple[Plan, ...], row: Row) -> list[AskedTask]:
    plan, step = alone(plans, row["step"])
    subject = subject_of(step, row)
    known_on = local_day(subject.anchors[step.anchor].at, MASERU)
    return list(tasks_due([plan], subject, CALENDAR, ahead(known_on)))


@pytest.mark.parametrize("row", tables.rows("tasks.txt"), ids=tables.title)
def test_a_task_is_opened_when_it_was_worked_out(plans: tuple[Plan, ...], row: Row) -> None:
    found = asked(plans, row)
    assert row["opened"] == (", ".join(map(shown, found)) or "-")
    assert len({task.key for task in found}) == len(found)


def test_every_task_is_in_a_table_but_those_that_follow_a_silence(plans: tuple[Plan, ...]) -> None:
    by_hand = {row["step"] for row in tables.rows("tasks.txt")}
    assert {task.id for plan in plans for task in plan.tasks if not task.follows} == by_hand


def test_a_new_sample_has_its_28_days(plans: tuple[Plan, ...]) -> None:
    row = {"step": "eid_new_sample", "from": "2027-05-03", "known": "2027-05-03 15:00", "further": ""}
    (task,) = asked(plans, row)
    assert task.finish_on == date(2027, 5, 31)


def test_what_has_no_days_of_its_own_is_as_urgent_as_it_says(plans: tuple[Plan, ...]) -> None:
    row = {"step": "eid_see_at_once", "from": "2027-05-03", "known": "2027-05-03 15:00", "further": ""}
    (task,) = asked(plans, row)
    assert (task.finish_on, task.asked.urgency, task.asked.owner) == (None, "today", "mentor")
