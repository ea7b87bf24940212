"""The judge of the year is not asleep: each text that should not have left it complains of."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from service.domain.care import VisitState
from tests.reminders.maseru import maseru
from tests.year.bench import (
    DAY_AFTER,
    DAY_BEFORE,
    ELSEWHERE,
    INVITED,
    MISSED,
    OFF,
    TOMORROW,
    WEEK_BEFORE,
    Bench,
)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_invitation_and_the_day_before_for_who_comes_are_in_order(bench: Bench) -> None:
    assert bench.complaints((WEEK_BEFORE, INVITED)) == []
    bench.says_yes()
    assert bench.complaints((DAY_BEFORE, TOMORROW)) == []


def test_whoever_knew_of_a_day_may_hear_that_it_is_off(bench: Bench) -> None:
    assert bench.complaints((WEEK_BEFORE, INVITED)) == []
    bench.day.put(WEEK_BEFORE, date(2027, 3, 23))
    assert bench.complaints((maseru("2027-03-12 10:00"), OFF)) == []


def test_a_miss_that_was_recorded_may_be_spoken_of(bench: Bench) -> None:
    bench.visit(VisitState.MISSED)
    assert bench.complaints((DAY_AFTER, MISSED)) == []


Change = Callable[[Bench], object]
CASES: tuple[tuple[str, datetime, str, Change], ...] = (
    ("nobody comes to her place", WEEK_BEFORE, INVITED, lambda b: setattr(b.day, "place_id", ELSEWHERE)),
    ("nobody comes to her place", WEEK_BEFORE, INVITED, lambda b: b.day.call_off(WEEK_BEFORE)),
    ("asked before", WEEK_BEFORE, INVITED, lambda b: b.day.staying.add(b.woman.phone)),
    ("past its latest moment", DAY_BEFORE, INVITED, lambda _: None),
    ("knew of no such day", WEEK_BEFORE, OFF, lambda b: b.day.call_off(WEEK_BEFORE)),
    ("no date of hers", DAY_BEFORE, TOMORROW, lambda _: None),
    ("nobody recorded such a miss", DAY_AFTER, MISSED, lambda b: b.visit(VisitState.ATTENDED)),
    ("it is night", maseru("2027-03-09 18:00"), INVITED, lambda _: None),
    ("a Sunday", maseru("2027-03-14 10:00"), INVITED, lambda _: None),
)


@pytest.mark.parametrize(("what", "at", "said", "change"), CASES)
def test_a_text_that_should_not_have_left_is_complained_of(
    bench: Bench, what: str, at: datetime, said: str, change: Change
) -> None:
    change(bench)
    assert [one for one in bench.complaints((at, said)) if what in one]


def test_the_second_text_of_a_day_is_complained_of(bench: Bench) -> None:
    wrong = bench.complaints((WEEK_BEFORE, INVITED), (maseru("2027-03-09 11:00"), INVITED))
    assert [one for one in wrong if one.endswith("it is the second of the day")]
