"""How long people have for what a plan asks of them; when they are asked is in ``tables``."""

from datetime import date
from uuid import UUID

from service.reminders.plan import Plan
from service.reminders.subject import Subject
from service.reminders.tasks import AskedTask, tasks_due
from service.reminders.vocabulary import Anchor, Whose
from tests.reminders.maseru import CALENDAR, known


def asked(plans: tuple[Plan, ...], anchor: Anchor) -> AskedTask:
    sample = Subject(UUID(int=5), Whose.CHILD, {anchor: known("2027-05-03", "2027-05-03 15:00")})
    (task,) = tasks_due(plans, sample, CALENDAR)
    return task


def test_a_new_sample_has_its_28_days(plans: tuple[Plan, ...]) -> None:
    assert asked(plans, Anchor.INCONCLUSIVE).finish_on == date(2027, 5, 31)


def test_what_has_no_days_of_its_own_is_as_urgent_as_it_says(plans: tuple[Plan, ...]) -> None:
    task = asked(plans, Anchor.POSITIVE)
    assert (task.finish_on, task.asked.urgency, task.asked.owner) == (None, "today", "mentor")
