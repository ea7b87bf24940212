"""The judge of the troubled year is not asleep: each wrong text that it is shown, it complains of."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from service.domain.people import Wording
from service.domain.phone import Phone
from tests.reminders.maseru import maseru
from tests.year.book import Book, Left
from tests.year.lives import Danger, Lives, Silence, Somebody
from tests.year.oracle import Oracle
from tests.year.people import COURSES, Known, Woman

TEN, NIGHT = maseru("2027-03-02 10:00"), maseru("2027-03-02 21:00")
NEUTRAL = "Hello N7, remember your date: Tuesday 9 March. Lineo0"
TELLING = "Hello N7, your mother-to-be check-up is on Tuesday 9 March. Lineo0"
MENTOR, OTHER = Phone("+26657100000"), Phone("+26657200000")


def somebody(number: int = 7) -> Somebody:
    woman = Woman(number, COURSES[0], "en", Wording.T0, True, None, date(2027, 1, 4))
    known = Known(woman, UUID(int=number), None)
    return Somebody(known, woman.nickname, known.client_id, woman.phone, agrees=True, telling=False)


class Bench:
    def __init__(self) -> None:
        self.her = somebody()
        self.lives = Lives()
        self.lives.add(self.her)
        self.oracle = Oracle(Book(), self.lives)

    def complaints(self, *left: Left) -> list[str]:
        self.oracle.book.left += left
        self.oracle.look()
        return self.oracle.complaints

    def text(self, said: str = NEUTRAL, at: datetime = TEN) -> Left:
        return Left(at, self.her.phone, said)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def shared(bench: Bench) -> None:
    bench.her.telling = True
    other = somebody(8)
    other.phone = bench.her.phone
    bench.lives.add(other)


def test_what_may_leave_is_not_complained_of(bench: Bench) -> None:
    bench.her.telling = True
    assert bench.complaints(bench.text(), bench.text(TELLING)) == []


def test_her_other_phone_is_for_when_the_first_is_in_doubt(bench: Bench) -> None:
    bench.her.second = Phone("+26658300007")
    there = Left(TEN, bench.her.second, NEUTRAL)
    assert bench.complaints(there) == []
    recent = bench.text(at=TEN - timedelta(days=1))
    bench.her.proven = False
    assert "not reached there" not in "".join(bench.complaints(recent, Left(TEN, bench.her.second, TELLING)))
    bench.her.proven = True
    assert "not reached there" in "".join(bench.complaints(recent, Left(TEN, bench.her.second, TELLING)))


Change = Callable[[Bench], object]
CASES: tuple[tuple[str, str, datetime, Change], ...] = (
    ("nothing may go there", NEUTRAL, TEN, lambda b: b.lives.silent.update({b.her.phone: Silence("stop")})),
    ("nothing may reach her", NEUTRAL, TEN, lambda b: setattr(b.her, "quiet", "stillbirth")),
    ("another number now", NEUTRAL, TEN, lambda b: b.lives.left_behind.add(b.her.phone)),
    ("not reached there", "Hello N9, see you tomorrow", TEN, lambda _: None),
    ("did not agree to texts", NEUTRAL, TEN, lambda b: setattr(b.her, "agrees", False)),
    ("nobody knows yet", NEUTRAL, TEN, lambda b: setattr(b.her, "proven", False)),
    ("more than was agreed to", TELLING, TEN, lambda _: None),
    ("more than was agreed to", TELLING, TEN, shared),
    ("what no text may say", "Hello N7, come to the clinic", TEN, lambda _: None),
    ("a child who died", "Hello N7, B7 is due", TEN, lambda b: b.lives.never.add("B7")),
    ("it is night", NEUTRAL, NIGHT, lambda _: None),
)


@pytest.mark.parametrize(("what", "said", "at", "change"), CASES)
def test_a_text_that_must_not_leave_is_complained_of(
    bench: Bench, what: str, said: str, at: datetime, change: Change
) -> None:
    change(bench)
    assert [one for one in bench.complaints(bench.text(said, at)) if what in one]


def test_the_same_said_twice_on_a_day_is_complained_of(bench: Bench) -> None:
    (wrong,) = bench.complaints(bench.text(), bench.text(at=TEN + timedelta(hours=1)))
    assert wrong.endswith("she was told so already")


def test_one_acknowledgement_is_no_breach_and_a_second_is(bench: Bench) -> None:
    bench.lives.silent[bench.her.phone] = Silence("stop")
    bench.lives.wrote[bench.her.phone] = TEN
    first = bench.text("You will get no more messages from us.")
    assert bench.complaints(first) == []
    assert len(bench.complaints(first)) == 1


@pytest.mark.parametrize(
    ("alarms", "taken", "wrong"),
    [
        (((0, MENTOR),), 4, 0),
        (((0, MENTOR), (10, OTHER)), 14, 0),
        (((0, MENTOR),), 14, 1),
        ((), 4, 1),
        (((0, MENTOR), (10, OTHER)), 4, 1),
    ],
)
def test_danger_must_be_answered_and_must_climb_until_somebody_has_it(
    bench: Bench, alarms: tuple[tuple[int, Phone], ...], taken: int, wrong: int
) -> None:
    bench.lives.wrote[bench.her.phone] = TEN
    bench.lives.dangers.append(Danger(TEN, bench.her.phone, "042117", TEN + timedelta(minutes=taken)))
    texts = [Left(TEN + timedelta(minutes=at), to, "URGENT 042117: call now.") for at, to in alarms]
    assert bench.complaints(bench.text("N7, please go to the nearest health centre NOW."), *texts) == []
    assert len(list(bench.oracle.of_dangers())) == wrong


WHAT = "042117: nothing noted yet. What came of it? Dial *123#."


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [((64, 184), 0), ((30,), 1), ((64, 124, 184), 1), ((64, 64 + 24 * 60, 90 + 24 * 60), 1)],
)
def test_people_are_asked_twice_at_most_what_came_of_it(
    bench: Bench, asked: tuple[int, ...], wrong: int
) -> None:
    bench.lives.wrote[bench.her.phone] = TEN
    bench.lives.dangers.append(Danger(TEN, bench.her.phone, "042117", TEN + timedelta(minutes=4)))
    texts = [Left(TEN + timedelta(minutes=at), MENTOR, WHAT) for at in asked]
    urgent = Left(TEN, MENTOR, "URGENT 042117: call now.")
    bench.complaints(bench.text("N7, please go to the nearest health centre NOW."), urgent, *texts)
    assert len(list(bench.oracle.of_dangers())) == wrong


def test_who_is_alarmed_a_day_after_somebody_had_it_is_complained_of(bench: Bench) -> None:
    bench.lives.wrote[bench.her.phone] = TEN
    bench.lives.dangers.append(Danger(TEN, bench.her.phone, "042117", TEN + timedelta(minutes=4)))
    days = [Left(TEN + timedelta(days=day), MENTOR, "URGENT 042117: call now.") for day in (0, 1)]
    bench.complaints(bench.text("N7, please go to the nearest health centre NOW."), *days)
    (wrong,) = bench.oracle.of_dangers()
    assert wrong.endswith("somebody was alarmed when somebody else had it already")


def test_a_cry_that_nobody_answers_is_complained_of(bench: Bench) -> None:
    bench.lives.dangers.append(Danger(TEN, bench.her.phone, "042117", TEN + timedelta(minutes=4)))
    bench.complaints(Left(TEN, MENTOR, "URGENT 042117: call now."))
    assert list(bench.oracle.of_dangers()) == [f"{TEN} 042117: she got no answer"]
