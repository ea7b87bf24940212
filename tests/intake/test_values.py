"""What is written into a cell, and what it means."""

from datetime import date, time

import pytest

from service.domain.people import ClientKind, PhoneOwner, Wording
from service.intake import values
from service.intake.cells import Wrong


@pytest.mark.parametrize("text", ["yes", "YES", "1", "e", "E", "true", "Yes"])
def test_yes(text: str) -> None:
    assert values.yes_no(text) is True


@pytest.mark.parametrize("text", ["no", "No", "0", "che", "CHE", "false"])
def test_no(text: str) -> None:
    assert values.yes_no(text) is False


@pytest.mark.parametrize("text", ["y", "x", "2", "ja", "yes no", "-", "1.0", "é"])
def test_neither_yes_nor_no(text: str) -> None:
    assert values.yes_no(text) == Wrong("Write yes or no.")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-26", date(2026, 11, 26)),
        ("26/11/2026", date(2026, 11, 26)),
        ("05/04/2026", date(2026, 4, 5)),
        ("5/4/2026", date(2026, 4, 5)),
        ("2026/04/05", date(2026, 4, 5)),
        ("2026-04-05 00:00:00", date(2026, 4, 5)),
        ("2026-04-05T00:00", date(2026, 4, 5)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_a_day(text: str, day: date) -> None:
    assert values.day(text) == day


@pytest.mark.parametrize("text", ["11/26/2026", "29/02/2026", "2026-13-01", "00/01/2026", "0000-01-01"])
def test_a_day_that_does_not_exist(text: str) -> None:
    assert values.day(text) == values.NO_SUCH_DAY


@pytest.mark.parametrize(
    "text",
    [
        *("26/11/26", "26.11.2026", "26-11-2026", "20261126", "46352", "tomorrow", "٢٠٢٦-١١-٢٦"),
        *("2026-11/26", "2026-11-26 08:30", "26 Nov 2026"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert values.day(text) == values.NO_DATE


def test_a_day_outside_its_bounds_says_on_which_side() -> None:
    read = values.day_between(date(2026, 1, 1), date(2026, 12, 31))
    assert read("2026-01-01") == date(2026, 1, 1)
    assert read("2026-12-31") == date(2026, 12, 31)
    assert read("2025-12-31") == Wrong(values.TOO_EARLY)
    assert read("2027-01-01") == Wrong(values.TOO_LATE)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("09:00", time(9)), ("9:05", time(9, 5)), ("14:30:00", time(14, 30)), ("00:00", time())],
)
def test_a_clock_time(text: str, clock: time) -> None:
    assert values.clock(text) == clock


@pytest.mark.parametrize("text", ["24:00", "12:60", "9", "9.30", "09h00", "2 pm", "14:30:15", "٠٩:٠٠"])
def test_what_is_no_clock_time(text: str) -> None:
    assert isinstance(values.clock(text), Wrong)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-sat", {1, 2, 3, 4, 5, 6}),
        ("mon,wed", {1, 3}),
        ("Mon; Wed", {1, 3}),
        ("tue - thu, sun", {2, 3, 4, 7}),
        ("FRI", {5}),
    ],
)
def test_weekdays(text: str, days: set[int]) -> None:
    assert values.weekdays(text) == frozenset(days)


@pytest.mark.parametrize("text", ["sat-mon", "mo", "monday", "mon,", "1-5", "mon-", "-", "mon/wed"])
def test_what_are_no_weekdays(text: str) -> None:
    assert isinstance(values.weekdays(text), Wrong)


def test_words_are_found_however_they_are_cased() -> None:
    assert values.word(Wording)("t0") is Wording.T0
    assert values.word(Wording)("NONE") is Wording.NONE
    assert values.word(PhoneOwner)("Shared") is PhoneOwner.SHARED


def test_a_word_that_is_none_of_them_is_told_which_there_are() -> None:
    refused = values.word(ClientKind)("mother")
    assert refused == Wrong("Write one of: pregnant, breastfeeding, art, prep, agyw, child, other.")


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("90", 90), ("400", 400), ("007", 7)])
def test_a_number_of_days(text: str, number: int) -> None:
    assert values.number_between(1, 400)(text) == number


@pytest.mark.parametrize("text", ["0", "401", "-1", "1.5", "30 days", "1e2", "٣٠", "0400", "9" * 5000])
def test_what_is_no_number_of_days(text: str) -> None:
    assert isinstance(values.number_between(1, 400)(text), Wrong)


@pytest.mark.parametrize("text", ["Ha Demo", "St. Joseph's", "Clinic 12", "'Mants'ase"])
def test_the_name_of_a_site(text: str) -> None:
    assert values.place_name(text) == text


@pytest.mark.parametrize("text", ["58123456", "7", "?", "+266 5812 3456", "x" * 61])
def test_what_is_no_name_of_a_site(text: str) -> None:
    assert isinstance(values.place_name(text), Wrong)
