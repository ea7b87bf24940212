"""She says that she came: a person verifies it."""

from datetime import timedelta

from service.store.models.care import Task, VisitEvent
from tests.actions.calling import press
from tests.worker.village import MONDAY, Village

I_CAME, BABY_CAME = ("5", "1", "1"), ("5", "1", "2")


def test_that_she_came_is_noted_on_her_last_visit_and_verified_by_a_person(village: Village) -> None:
    woman = village.woman()
    village.visit(woman, MONDAY - timedelta(days=12))
    last = village.visit(woman, MONDAY - timedelta(days=2))
    village.visit(woman, MONDAY + timedelta(days=9))
    press(village, *I_CAME)
    assert village.visit_state(last)[0] == "planned"
    assert ("says_attended", last) in [
        tuple(row) for row in village.rows(VisitEvent.fact, VisitEvent.visit_id)
    ]
    assert [tuple(row) for row in village.rows(Task.kind, Task.visit_id)] == [("says_attended", last)]


def test_that_the_baby_came_says_nothing_of_her_own_visit(village: Village) -> None:
    village.visit(village.woman(), MONDAY)
    press(village, *BABY_CAME)
    assert [tuple(row) for row in village.rows(Task.kind, Task.visit_id)] == [("says_attended", None)]


def test_a_stranger_who_came_is_heard_too(village: Village) -> None:
    press(village, *I_CAME)
    assert village.tasks() == ["says_attended"]


def test_a_visit_of_long_ago_is_not_what_she_speaks_of(village: Village) -> None:
    village.visit(village.woman(), MONDAY - timedelta(days=31))
    press(village, *I_CAME)
    assert [tuple(row) for row in village.rows(Task.kind, Task.visit_id)] == [("says_attended", None)]
