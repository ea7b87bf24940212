import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.keywords import Attended, Called, Due, Meaning, Missed, Remind, Said, Unrecognised, meaning
from service.keywords.folding import folded
from service.keywords.words import CALLS_IN_A_SENTENCE, DENIALS, FILLERS, GREETINGS, REFUSALS, VOCABULARY

_CORPUS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("inbound_corpus.toml").read_text(encoding="utf-8")
)
_COMMANDS = {kind.__name__: kind for kind in (Due, Attended, Missed, Remind, Called)}

MESSAGES: list[tuple[str, Meaning]] = [
    (text, Unrecognised() if name == "person" else Said(name))
    for name, texts in _CORPUS.items()
    if name != "commands"
    for text in texts
]
ORDERS: list[tuple[str, Meaning]] = [
    (text, _COMMANDS[name](*details)) for text, (name, *details) in _CORPUS["commands"].items()
]


@pytest.mark.parametrize(("text", "expected"), MESSAGES)
def test_a_message_is_taken_for_what_it_says(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(("text", "expected"), ORDERS)
def test_an_order_is_read_with_its_code_and_pin(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


_DANGERS = st.sampled_from(_CORPUS["danger"])
_SAFE = st.sampled_from([text for text, said in MESSAGES if said is not Said.DANGER])
_NOISE = st.text(st.sampled_from(" .,!?'\"’-\n*()…"), max_size=5)


@given(_SAFE, _DANGERS, _SAFE)
def test_danger_is_heard_whatever_is_said_around_it(before: str, danger: str, after: str) -> None:
    assert meaning(f"{before}. {danger}. {after}") is Said.DANGER


@given(st.sampled_from(MESSAGES), _NOISE, _NOISE, st.booleans())
def test_stray_punctuation_and_capitals_change_nothing(
    message: tuple[str, Meaning], before: str, after: str, shouted: bool
) -> None:
    text, expected = message
    assert meaning(before + (text.upper() if shouted else text) + after) == expected


@given(st.text(max_size=200))
def test_any_text_has_a_meaning(text: str) -> None:
    meaning(text)


@given(st.text(st.sampled_from("stop emisa mali 19"), max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_the_tables_are_written_as_messages_are_folded() -> None:
    phrases = [phrase for phrases in VOCABULARY.values() for phrase in phrases]
    words = [*phrases, *DENIALS, *FILLERS, *GREETINGS, *CALLS_IN_A_SENTENCE, *REFUSALS]
    assert [word for word in words if folded(word) != word] == []


def test_no_phrase_means_two_things() -> None:
    phrases = [phrase for phrases in VOCABULARY.values() for phrase in phrases]
    assert len(phrases) == len(set(phrases))


def test_the_contract_s_words_are_understood() -> None:
    for word in ("STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT", "EMISA"):
        assert meaning(word) is Said.STOP
    for word in ("CANCEL", "END", "QUIT"):
        assert meaning(word) is Said.STOP_OR_DATE
    assert {meaning(digit) for digit in "1239"} == {Said.YES, Said.CHANGE, Said.CALL_ME, Said.WRONG_NUMBER}


def test_a_long_message_is_read_in_no_time() -> None:
    assert meaning("baby is not " * 5_000) == Unrecognised()


def test_a_pin_is_not_shown() -> None:
    assert "4821" not in repr(meaning("ATT 042117 4821"))
