"""``khopotso sms-length``."""

import json

import pytest

from tests.cli.conftest import Terminal


def measured(line: str) -> dict[str, object]:
    """The one line of JSON."""
    assert line.count("\n") == 1
    content: dict[str, object] = json.loads(line)
    return content


def test_a_plain_text_is_one_segment(terminal: Terminal) -> None:
    assert measured(terminal.good("sms-length", "Lumela")) == {
        "encoding": "GSM-7",
        "units": 6,
        "segments": 1,
        "text": "Lumela",
        "replaced": [],
    }


def test_sesotho_letters_are_sent_in_their_plain_form(terminal: Terminal) -> None:
    sent = measured(terminal.good("sms-length", "Ke tšepa", "--language", "st"))
    assert (sent["encoding"], sent["text"]) == ("GSM-7", "Ke ts'epa")
    assert sent["replaced"]


def test_raw_measures_what_stands_there(terminal: Terminal) -> None:
    sent = measured(terminal.good("sms-length", "--raw", "Ke tšepa"))
    assert (sent["encoding"], sent["text"], sent["replaced"]) == ("UCS-2", "Ke tšepa", [])


@pytest.mark.parametrize(("length", "segments"), [(160, 1), (161, 2), (306, 2), (307, 3)])
def test_long_texts_take_more_segments(terminal: Terminal, length: int, segments: int) -> None:
    assert measured(terminal.good("sms-length", "a" * length))["segments"] == segments


@pytest.mark.parametrize(
    ("given", "text"),
    [("a", "a"), ("a\n", "a"), ("a\n\n", "a\n"), ("a\r\n", "a"), ("a\rb", "a\rb"), ("a\nb\n", "a\nb")],
)
def test_standard_input_is_read_less_one_final_newline(terminal: Terminal, given: str, text: str) -> None:
    assert measured(terminal.good("sms-length", "-", typed=given.encode()))["text"] == text


@pytest.mark.parametrize("letter", ["\u2028", "\u2029", "\x85"])
def test_the_answer_is_one_line_for_every_program(terminal: Terminal, letter: str) -> None:
    line = terminal.good("sms-length", "--raw", f"a{letter}b")
    assert len(line.splitlines()) == 1
    assert measured(line)["text"] == f"a{letter}b"


@pytest.mark.parametrize("given", ["", "\n"])
def test_an_empty_text_is_refused(terminal: Terminal, given: str) -> None:
    assert "empty" in terminal.misused("sms-length", "-", typed=given.encode())
    assert "empty" in terminal.misused("sms-length", "")


def test_input_that_is_not_utf_8_is_refused(terminal: Terminal) -> None:
    assert "not UTF-8" in terminal.misused("sms-length", "-", typed=b"\xff")
    assert "not UTF-8" in terminal.misused("sms-length", "\udcff")


def test_an_unknown_language_is_refused_with_those_that_there_are(terminal: Terminal) -> None:
    assert "en, st" in terminal.misused("sms-length", "--language", "fr", "Bonjour")


def test_a_text_that_no_sms_can_carry_is_refused(terminal: Terminal) -> None:
    assert "at most 255" in terminal.not_so("sms-length", "a" * 40_000)


def test_no_settings_are_needed_and_wrong_ones_do_not_matter(terminal: Terminal) -> None:
    terminal.setting("GATEWAYS", "carrier-pigeon")
    assert measured(terminal.good("sms-length", "Lumela"))["units"] == 6
