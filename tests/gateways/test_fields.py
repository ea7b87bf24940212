"""What the fields of a form hold, down to what nobody should ever send."""

from base64 import b64encode
from datetime import UTC, datetime
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.gateways import fields
from service.domain.phone import Phone


def test_prose_keeps_everything_that_a_database_can_hold() -> None:
    assert fields.prose({"text": " Tšela 😀\n\0\ud800 "}, "text") == " Tšela 😀\n? "
    assert fields.prose({}, "text") == ""


HIDDEN = "I could not come yesterday, the river was too high. May I come on Friday? Kea leboha, 'm'e ☺"


def in_base64(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("hidden", [HIDDEN, HIDDEN + " " + HIDDEN, "One line\r\nand another, " + HIDDEN])
def test_a_long_text_comes_out_of_base64(hidden: str) -> None:
    packed = in_base64(hidden)
    folded = "\r\n".join(packed[at : at + 76] for at in range(0, len(packed), 76))
    assert fields.out_of_base64(packed) == fields.out_of_base64(folded) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "",
        "STOP",
        "Emisa",
        "1",
        "I am fine, thank you. I come on Friday 27/11 at 10 with the baby and her card.",
        "NOSTOPPLEASEDONOTTEXTMEANYMORE" * 3,
        "pleasecallmetomorrow" * 4,
        "haHA" * 30,
        "xoXO" * 30,
        "xoxo" * 30,
        "Xoxo" * 30,
        "anog" * 30,
        "IHBO" * 30,
        "I" + "noga" * 30,
        "Iamfinethankyouverymuchandthebabyisfinetooseeyouonfridayatten10",
        "https://example.org/maps/place/Maseru/data+" + "4m2" * 20,
        in_base64("too short to be sure"),
        in_base64("x" * 80),
        in_base64(HIDDEN)[:-1],
        in_base64(HIDDEN) + "!",
        in_base64(HIDDEN).rstrip("="),
        f"See {in_base64(HIDDEN)}",
        in_base64(HIDDEN + "\0"),
        in_base64(HIDDEN + "\x1b[2J"),
        b64encode(HIDDEN.encode("utf-16")).decode(),
        b64encode(bytes(range(256))).decode(),
    ],
)
def test_whatever_may_be_meant_as_it_is_stays_so(text: str) -> None:
    assert fields.out_of_base64(text) == text


@given(
    st.lists(st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True), max_size=30), st.sampled_from(["", "\n"])
)
def test_words_are_never_taken_for_base64(words: list[str], between: str) -> None:
    assert fields.out_of_base64(between.join(words)) == between.join(words)


@given(st.text(ascii_letters, min_size=1, max_size=5), st.integers(60, 160))
def test_letters_that_repeat_are_never_taken_for_base64(pattern: str, length: int) -> None:
    text = (pattern * length)[:length]
    assert fields.out_of_base64(text) == text


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
        ("+26699999999", "+26699999999"),
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
