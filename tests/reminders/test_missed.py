"""The shipped ladder of a missed visit, worked out by hand in ``tables/visits_missed.txt``."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from service.domain.care import VisitState
from service.domain.ladder import MissFacts, Risk, Rung, steps_due
from service.domain.people import ConsentChannel
from service.reminders.plan import Plan, ladder
from tests.reminders import tables
from tests.reminders.tables import Row

MISSED = date(2027, 3, 1)


def climb(rungs: tuple[Rung, ...], row: Row) -> Iterator[str]:
    taken: set[str] = set()
    day = date.fromisoformat(row["recorded"])
    while day < MISSED + timedelta(days=120):
        facts = MissFacts(
            expected_on=MISSED,
            state=VisitState.MISSED,
            risks=frozenset(risk for risk in Risk if risk == row["who"]),
            consents=frozenset(map(ConsentChannel, row["agreed"].split())),
            taken=frozenset(taken),
        )
        for rung in steps_due(rungs, facts, day):
            yield f"{day} {rung.task}"
            taken.add(rung.id)
        day += timedelta(days=1)


@pytest.mark.parametrize("row", tables.rows("visits_missed.txt"), ids=tables.title)
def test_people_are_asked_when_it_was_worked_out(plans: tuple[Plan, ...], row: Row) -> None:
    asked = climb(ladder(plans, "missed_visit"), row)
    assert ", ".join(asked) == row["what people are asked, and when"]


def test_a_call_is_tried_three_times_and_only_where_it_was_agreed(plans: tuple[Plan, ...]) -> None:
    call = next(rung for rung in ladder(plans, "missed_visit") if rung.task == "call_missed")
    assert (call.tries, call.consent) == (3, ConsentChannel.CALL)


def test_there_is_no_other_ladder(plans: tuple[Plan, ...]) -> None:
    assert ladder(plans, "another") == ()
    assert {rung.ladder for plan in plans for rung in plan.rungs} == {"missed_visit"}
