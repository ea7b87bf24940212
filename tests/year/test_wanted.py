"""The judge of the year misses each invitation that should have left, and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.reminders.maseru import maseru
from tests.year.bench import ELSEWHERE, INVITED, THE_DAY, WEEK_BEFORE, Bench
from tests.year.book import Left
from tests.year.wanted import Away, invitations_that_should_have_left

YEAR_ENDS = date(2028, 1, 3)
LATER = date(2027, 3, 23)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def missed(bench: Bench, *texts: tuple[datetime, str], away: Away = ()) -> list[str]:
    bench.book.left += [Left(at, bench.woman.phone, said) for at, said in texts]
    return list(invitations_that_should_have_left(bench.book, away, YEAR_ENDS))


def becomes(bench: Bench, **known: object) -> None:
    """She is somebody else."""
    bench.book.meet(replace(bench.known, woman=replace(bench.woman, **known)))  # type: ignore[arg-type]


def test_one_invitation_in_time_is_enough(bench: Bench) -> None:
    assert missed(bench, (WEEK_BEFORE, INVITED)) == []
    assert missed(bench, (maseru("2027-03-10 10:00"), INVITED)) == ["N7 was invited 2 times to 2027-03-16"]


def test_an_invitation_that_did_not_leave_or_left_too_late_is_missed(bench: Bench) -> None:
    wanted = [f"N7 was invited 0 times to {THE_DAY}"]
    assert missed(bench) == wanted
    assert missed(bench, (maseru("2027-03-15 10:00"), INVITED)) == wanted


def test_a_day_that_is_another_one_is_invited_to_anew(bench: Bench) -> None:
    bench.day.put(WEEK_BEFORE, LATER)
    assert missed(bench) == [f"N7 was invited 0 times to {LATER}"]


AGAIN = "Hello N7, how are you? Lineo0"
DAYS = ("09", "10", "11", "12", "13")
Change = Callable[[Bench], object]
EXCUSES: tuple[tuple[str, Change], ...] = (
    ("she did not agree to texts", lambda b: becomes(b, agrees=False)),
    ("she came later", lambda b: becomes(b, enrolled_on=date(2027, 3, 13))),
    ("it is elsewhere", lambda b: setattr(b.day, "place_id", ELSEWHERE)),
    ("it is off", lambda b: b.day.call_off(WEEK_BEFORE)),
    ("it was set the day before", lambda b: b.day.days.__setitem__(0, (maseru("2027-03-15 08:00"), THE_DAY))),
    ("she comes already", lambda b: b.day.bring(b.woman.phone)),
    (
        "she got a text every day",
        lambda b: b.book.left.extend(
            Left(maseru(f"2027-03-{day} 09:00"), b.woman.phone, AGAIN) for day in DAYS
        ),
    ),
)


@pytest.mark.parametrize("change", [change for _, change in EXCUSES], ids=[why for why, _ in EXCUSES])
def test_nobody_is_missed_who_was_not_to_be_invited(bench: Bench, change: Change) -> None:
    change(bench)
    assert missed(bench) == []


def test_an_outage_excuses_only_the_days_that_it_lasted(bench: Bench) -> None:
    begins = maseru("2027-03-09 08:00")
    assert missed(bench, away=((begins, maseru("2027-03-14 08:00")),)) == []
    assert missed(bench, away=((begins, maseru("2027-03-11 08:00")),)) != []
