"""What the fields of a form hold, down to what nobody should ever send."""

from datetime import UTC, datetime

import pytest

from handlers.gateways import fields
from service.domain.phone import Phone


def test_prose_keeps_everything_that_a_database_can_hold() -> None:
    assert fields.prose({"text": " Tšela 😀\n\0\ud800 "}, "text") == " Tšela 😀\n? "
    assert fields.prose({}, "text") == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" ATXid_1 ", "ATXid_1"),
        ("*384*1#", "*384*1#"),
        ("two words", ""),
        ("tš", ""),
        ("x" * 129, ""),
        ("", ""),
    ],
)
def test_an_identifier_is_like_those_that_providers_make(written: str, read: str) -> None:
    assert fields.identifier({"id": written}, "id") == read


def test_a_word_has_no_digits() -> None:
    assert fields.word({"status": "Sent to +26658123456\n"}, "status") == "Sent to "


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+26658123456", "+26658123456"),
        (" 26658123456", "+26658123456"),
        ("58123456", "+26658123456"),
        ("27821234567", "+27821234567"),
    ],
)
def test_a_number_is_read_as_providers_write_it(written: str, e164: str) -> None:
    assert fields.phone({"from": written}, "from") == Phone(e164)


@pytest.mark.parametrize("written", ["", "MTN", "21512", "+26622123456", "+", "+26658123456,+26658123457"])
def test_what_is_no_mobile_number_is_no_phone(written: str) -> None:
    assert fields.phone({"from": written}, "from") is None


@pytest.mark.parametrize(
    "written",
    ["2026-11-21T06:04:45Z", "2026-11-21 06:04:45", "2026-11-21T08:04:45+02:00", " 2026-11-21T06:04:45 "],
)
def test_all_forms_of_a_moment_mean_the_same(written: str) -> None:
    assert fields.moment({"date": written}, "date") == datetime(2026, 11, 21, 6, 4, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
)
def test_what_is_no_moment_is_none(written: str) -> None:
    assert fields.moment({"date": written}, "date") is None


@pytest.mark.parametrize(("written", "read"), [("3", 3), (" 12 ", 12), ("-1", None), ("9" * 5000, None)])
def test_a_count_is_a_small_whole_number(written: str, read: int | None) -> None:
    assert fields.count({"hops": written}, "hops") == read
