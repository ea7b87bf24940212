import re
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.keywords import Attended, Called, Due, Meaning, Missed, Remind, Said, Unrecognised, meaning
from service.keywords.folding import folded
from service.keywords.slips import OTHER_WORDS, readings
from service.keywords.words import CALLS_IN_A_SENTENCE, DENIALS, FILLERS, GREETINGS, REFUSALS, VOCABULARY

_FOLDER = Path(__file__).with_name("inbound")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


_CORPUS = _read("corpus")
_UNSEEN = [_read(name) for name in ("unseen_first", "unseen_second", "unseen_third")]
_COMMANDS = {kind.__name__: kind for kind in (Due, Attended, Missed, Remind, Called)}

_NAMED: dict[str, Meaning] = {"person": Unrecognised(), "danger_to_be_safe": Said.DANGER}

MESSAGES: list[tuple[str, Meaning]] = [
    (text, _NAMED.get(name) or Said(name))
    for name, texts in chain(_CORPUS.items(), *(unseen.items() for unseen in _UNSEEN))
    if name != "commands"
    for text in texts
]
ORDERS: list[tuple[str, Meaning]] = [
    (text, _COMMANDS[name](*details)) for text, (name, *details) in _CORPUS["commands"].items()
]


@pytest.mark.parametrize(("text", "expected"), MESSAGES)
def test_a_message_is_taken_for_what_it_says(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


def test_the_corpus_has_more_than_three_hundred_texts_and_none_twice() -> None:
    texts = [text for text, _ in MESSAGES]
    assert len(texts) > 700
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("grave", [Said.DANGER, Said.STOP])
def test_no_danger_and_no_stop_is_misread(grave: Said, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither taken for something else, nor heard where nobody said it; the figures are printed."""
    said = [text for text, expected in MESSAGES if expected is grave]
    heard = [text for text, _ in MESSAGES if meaning(text) is grave]
    misread = set(said) ^ set(heard)
    with capsys.disabled():
        sys.stdout.write(f" {grave}: {len(misread)} misread of {len(said)} among {len(MESSAGES)} texts ")
    assert misread == set()


@pytest.mark.parametrize(("text", "expected"), ORDERS)
def test_an_order_is_read_with_its_code_and_pin(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


_DENIED = re.compile(r"no,? ", re.IGNORECASE)
"""A ``no`` that opens a message may answer what was asked; later it denies."""

_DANGERS = st.sampled_from(
    [text for text, said in MESSAGES if said is Said.DANGER and not _DENIED.match(text)]
)
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


# --- slips of the thumb -----------------------------------------------------------------------------------

_LONG_WORDS = {
    "I am {}": "bleeding unconscious",
    "she had a {}": "convulsion seizure",
    "please send the {}": "ambulance",
    "it is an {}": "emergency",
    "she swallowed {}": "paraffin poison",
    "I have a severe {}": "headache",
    "{}": "sethoathoa feberu mahlaba idibetse akhehile ipolaea thothomela phefumoloha contractions jaundice",
}


def _slips(word: str) -> set[str]:
    """The word with one letter dropped, doubled, changed with its neighbour, or mistaken."""
    places = range(1, len(word))
    dropped = {word[:at] + word[at + 1 :] for at in places}
    doubled = {word[:at] + word[at] + word[at:] for at in places}
    swapped = {word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in places}
    beside = {word[:at] + chr((ord(word[at]) - 96) % 26 + 97) + word[at + 1 :] for at in places}
    slips = dropped | doubled | swapped | beside
    return {slip for slip in slips if not re.search(r"(.)\1\1", slip)}  # three are a key held down


@pytest.mark.parametrize(
    ("sentence", "word"),
    [(sentence, word) for sentence, words in _LONG_WORDS.items() for word in words.split()],
)
def test_one_slip_in_a_long_word_hides_no_danger(sentence: str, word: str) -> None:
    missed = [
        slip for slip in _slips(word) - OTHER_WORDS if meaning(sentence.format(slip)) is not Said.DANGER
    ]
    assert missed == []


@pytest.mark.parametrize("word", ["unsubscribe", "no more messages", "ha ke batle melaetsa"])
def test_one_slip_in_a_long_word_hides_no_stop(word: str) -> None:
    longest = max(word.split(), key=len)
    missed = [slip for slip in _slips(longest) if meaning(word.replace(longest, slip)) is not Said.STOP]
    assert missed == []


def test_no_word_is_mended_into_one_that_it_is_not() -> None:
    assert [word for word in OTHER_WORDS if word not in readings(word)[-1]] == []
