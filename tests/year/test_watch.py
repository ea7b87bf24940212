"""The judge of the year is not asleep: each text that should not have left it complains of."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest

from service.domain.care import VisitKind, VisitState
from service.domain.people import Wording
from tests.reminders.maseru import maseru
from tests.year.book import Book, Gathering, KeptVisit, Left
from tests.year.people import COURSES, Known, Woman
from tests.year.watch import Watch

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
THE_DAY = date(2027, 3, 16)
WEEK_BEFORE, DAY_BEFORE = maseru("2027-03-09 10:00"), maseru("2027-03-15 10:00")
DAY_AFTER = maseru("2027-03-17 10:00")
INVITED = "Hello N7, you are invited on Tuesday 16 March. Lineo0 will tell you where."
OFF = "Hello N7, please do not come on Tuesday 16 March: it will be another day."
TOMORROW = "Hello N7, see you tomorrow, Tuesday 16 March. Lineo0"
MISSED = "Hello N7, we missed you yesterday. Lineo0"


class Bench:
    def __init__(self) -> None:
        self.woman = Woman(7, COURSES[0], "en", Wording.T0, True, None, date(2027, 1, 4))
        self.known = Known(self.woman, UUID(int=7), None, HERE)
        self.book = Book()
        self.book.meet(self.known)
        self.watch = Watch(self.book)
        self.day = Gathering(UUID(int=9), HERE, [THE_DAY])
        self.book.gatherings[self.day.id] = self.day

    def complaints(self, *texts: tuple[datetime, str]) -> list[str]:
        self.book.left += [Left(at, self.woman.phone, said) for at, said in texts]
        self.watch.look()
        return self.watch.complaints

    def says_yes(self) -> None:
        self.day.coming.add(self.woman.phone)

    def visit(self, state: VisitState) -> None:
        visit = KeptVisit(UUID(int=8), self.known, self.known.client_id, VisitKind.REFILL)
        visit.give(WEEK_BEFORE, THE_DAY)
        visit.outcomes.append((maseru("2027-03-16 15:30"), state))
        self.book.add(visit)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_invitation_and_the_day_before_for_who_comes_are_in_order(bench: Bench) -> None:
    assert bench.complaints((WEEK_BEFORE, INVITED)) == []
    bench.says_yes()
    assert bench.complaints((DAY_BEFORE, TOMORROW)) == []


def test_whoever_knew_of_a_day_may_hear_that_it_is_off(bench: Bench) -> None:
    assert bench.complaints((WEEK_BEFORE, INVITED)) == []
    bench.day.put(date(2027, 3, 23))
    assert bench.complaints((maseru("2027-03-12 10:00"), OFF)) == []


def test_a_miss_that_was_recorded_may_be_spoken_of(bench: Bench) -> None:
    bench.visit(VisitState.MISSED)
    assert bench.complaints((DAY_AFTER, MISSED)) == []


Change = Callable[[Bench], object]
CASES: tuple[tuple[str, datetime, str, Change], ...] = (
    ("nobody comes to her place", WEEK_BEFORE, INVITED, lambda b: setattr(b.day, "place_id", ELSEWHERE)),
    ("nobody comes to her place", WEEK_BEFORE, INVITED, lambda b: b.day.call_off()),
    ("asked before", WEEK_BEFORE, INVITED, lambda b: b.day.staying.add(b.woman.phone)),
    ("past its latest moment", DAY_BEFORE, INVITED, lambda _: None),
    ("knew of no such day", WEEK_BEFORE, OFF, lambda b: b.day.call_off()),
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
