"""Which sample serves which test, and when a test is asked for. Whole tables: tests/reminders/tables."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.window import Window, days_of_tests, is_done

BORN = date(2027, 3, 1)


def age(days: int) -> date:
    return BORN + timedelta(days=days)


def windows(known: int = 0) -> tuple[Window, ...]:
    """6 weeks, 9 months, 18 months, and the final test of an infant weaned at 500 days."""
    ages = (
        ("6w", 28, 42, 56),
        ("9m", 260, 274, 365),
        ("18m", 540, 548, 730),
        ("final", 590, 590, 650),
    )
    return tuple(
        Window(name, age(opens), age(due), age(closes), age(known + 1)) for name, opens, due, closes in ages
    )


def asked(known: int, *sampled: int) -> list[int | None]:
    found = days_of_tests(windows(known), [age(days) for days in sampled])
    return [(day - BORN).days if day else None for _, day in found]


def test_a_sample_serves_every_earlier_test_from_the_day_the_window_opens() -> None:
    assert [is_done(window, [age(545)]) for window in windows()] == [True, True, True, False]
    assert [is_done(window, [age(260)]) for window in windows()] == [True, True, False, False]
    assert [is_done(window, [age(259)]) for window in windows()] == [True, False, False, False]
    assert [is_done(window, [age(27)]) for window in windows()] == [False] * 4


def test_each_test_has_its_day() -> None:
    assert asked(0) == [42, 274, 548, 590]


def test_what_is_done_is_not_asked_for() -> None:
    assert asked(0, 45) == [None, 274, 548, 590]
    assert asked(0, 600) == [None] * 4


def test_of_what_one_sample_would_serve_the_earliest_is_asked_for() -> None:
    assert asked(299) == [300, None, 548, 590]
    assert asked(299, 45) == [None, 300, 548, 590]
    assert asked(599) == [600, None, None, None]


def test_tests_may_come_in_any_order() -> None:
    backwards = dict(days_of_tests(windows()[::-1], []))
    assert {window.test: day for window, day in backwards.items()} == {
        "6w": age(42),
        "9m": age(274),
        "18m": age(548),
        "final": age(590),
    }


@given(sampled=st.lists(st.integers(0, 900).map(age), max_size=4), known=st.integers(0, 900))
def test_days_come_in_order_and_never_in_the_past(sampled: list[date], known: int) -> None:
    found = list(days_of_tests(windows(known), sampled))
    days = [day for _, day in found if day]
    assert [window for window, _ in found] == list(windows(known))
    assert days == sorted(set(days))
    for window, day in found:
        assert day is None or (day >= window.due and day > age(known) and not is_done(window, sampled))
    assert days or all(is_done(window, sampled) for window in windows(known))
