"""What the cascade of infant testing takes from the plans: an infant's tests and the rules of its edges."""

from collections.abc import Iterable, Mapping

from service.domain.care import VisitKind
from service.domain.cascade import EDGE_OF, Edge, EdgeRule
from service.domain.hours import Calendar
from service.domain.window import Window
from service.reminders.dates import Diary, NoDate, expected
from service.reminders.plan import DateStep, Plan
from service.reminders.subject import Subject
from service.reminders.vocabulary import Anchor


def is_infant_test(step: DateStep) -> bool:
    return step.visit is VisitKind.INFANT_TEST


def infant_tests(plans: Iterable[Plan], infant: Subject, calendar: Calendar) -> tuple[Window, ...]:
    """The tests that apply to an infant; the final one only once the weaning date is known."""
    return tuple(
        row.window
        for row in expected(plans, infant, Diary(), calendar)
        if is_infant_test(row.step) and row.why_not not in (NoDate.SWITCHED_OFF, NoDate.TOO_LATE)
    )


def edge_rules(plans: Iterable[Plan]) -> Mapping[Edge, EdgeRule]:
    """Who owns each edge and when it is overdue. Several rules for one edge cannot be: the reader says so."""
    rules: dict[Edge, EdgeRule] = {}
    for plan in plans:
        for date in filter(is_infant_test, plan.dates):
            if date.overdue:
                asked = date.overdue
                rules[Edge.SAMPLE] = EdgeRule(asked.task, asked.owner, 0, urgency=asked.urgency)
        for task in plan.tasks:
            if task.task in EDGE_OF:
                after = 0 if task.anchor is Anchor.BIRTH else task.offset_days
                rules[EDGE_OF[task.task]] = EdgeRule(
                    task.task, task.owner, after, task.within_days, task.urgency, task.every_days
                )
    return rules
