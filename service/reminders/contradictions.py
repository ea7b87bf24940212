"""What steps of the right form may still not say: each check keeps one kind of wrong step from people."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from service.domain.cascade import EDGE_OF, Edge
from service.domain.ladder import Rung
from service.reminders.plan import DateStep, KnownTexts, Plan, Step, TaskStep
from service.reminders.testing import edge_rules, is_infant_test
from service.reminders.text_mistakes import text_mistakes
from service.reminders.timing_mistakes import (
    date_mistakes,
    following_mistakes,
    task_mistakes,
    timing_mistakes,
)


@dataclass(frozen=True)
class Contradiction:
    """``plan`` and ``step`` are their names."""

    plan: str
    step: str
    what: str


def contradictions(plans: Sequence[Plan], known_texts: KnownTexts) -> Iterator[Contradiction]:
    """Everything wrong among the steps of all plans, in their order."""
    uses = Counter(step.id for plan in plans for step in _entries(plan))
    for plan in plans:
        for step in _entries(plan):
            whats = [*_identity(step), *_mistakes(step, plan, plans, known_texts)]
            if uses[step.id] > 1:
                whats.append("this id is used more than once")
            yield from (Contradiction(plan.name, step.id, what) for what in dict.fromkeys(whats))


_Entry = Step | TaskStep | DateStep | Rung


def _entries(plan: Plan) -> tuple[_Entry, ...]:
    return *plan.timings, *plan.rungs


def _identity(step: _Entry) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", step.id):
        yield "'id' must be small letters, digits and _"
    if not step.source.strip():
        yield "'source' must say where the numbers come from"


def _mistakes(step: _Entry, plan: Plan, plans: Sequence[Plan], known_texts: KnownTexts) -> Iterator[str]:
    match step:
        case Step():
            yield from timing_mistakes(step)
            yield from text_mistakes(step, known_texts)
            yield from following_mistakes(step, plan.steps)
            yield from _ladder_mistakes(step, plans)
        case TaskStep():
            yield from timing_mistakes(step)
            yield from task_mistakes(step)
            yield from following_mistakes(step, plan.steps)
            yield from _second_rule(step, plans)
        case DateStep():
            yield from timing_mistakes(step)
            yield from date_mistakes(step)
            yield from _unwatched_edges(step, plans)
        case Rung():
            yield from _rung_mistakes(step)
        case _:
            assert_never(step)


def _ladder_mistakes(step: Step, plans: Sequence[Plan]) -> Iterator[str]:
    ladders = {rung.ladder for plan in plans for rung in plan.rungs}
    if step.escalation is not None and step.escalation not in ladders:
        yield f"there is no ladder '{step.escalation}'"


def _rung_mistakes(rung: Rung) -> Iterator[str]:
    if rung.days < 1:
        yield "'days' must be 1 or more: nobody has missed a visit before its day is over"
    if rung.tries < 1:
        yield "'tries' must be 1 or more"


def _second_rule(step: TaskStep, plans: Sequence[Plan]) -> Iterator[str]:
    rules = [task for plan in plans for task in plan.tasks if task.task is step.task]
    if step.task in EDGE_OF and len(rules) > 1:
        yield f"'{step.task}' has more than one rule"


def _unwatched_edges(step: DateStep, plans: Sequence[Plan]) -> Iterator[str]:
    """Whoever dates tests of infants must say for everything that follows who acts, and when."""
    if is_infant_test(step):
        if step.overdue is None or EDGE_OF.get(step.overdue.task) is not Edge.SAMPLE:
            yield "a test that is overdue needs somebody who is asked ('overdue' with task 'test_overdue')"
        watched = edge_rules(plans)
        missing = (task for task, edge in EDGE_OF.items() if edge not in watched and edge is not Edge.SAMPLE)
        yield from (f"tests of infants need a task '{task}'" for task in missing)
