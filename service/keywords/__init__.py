"""What an inbound SMS means. Anything that is not plainly one of these meanings goes to a person."""

import re
from dataclasses import dataclass
from typing import Final

from service.keywords.commands import Attended, Called, Command, Due, Missed, Remind, command
from service.keywords.danger import speaks_of_danger
from service.keywords.folding import clauses, folded
from service.keywords.words import (
    CALLS_IN_A_SENTENCE,
    DENIALS,
    FILLERS,
    GREETINGS,
    REFUSALS,
    VOCABULARY,
    Said,
)

__all__ = [
    "Attended",
    "Called",
    "Command",
    "Due",
    "Meaning",
    "Missed",
    "Remind",
    "Said",
    "Unrecognised",
    "meaning",
]


@dataclass(frozen=True)
class Unrecognised:
    """For a person to read."""


Meaning = Said | Command | Unrecognised

_SAID: Final = {phrase: said for said, phrases in VOCABULARY.items() for phrase in phrases}


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


_ANY_PHRASE: Final = _any_of(tuple(_SAID))
_ANY_GREETING: Final = _any_of(GREETINGS)
_ANY_CALL: Final = _any_of(CALLS_IN_A_SENTENCE)

_STRONGEST_FIRST: Final = (
    # To a stranger who says both, "wrong number" stops the texts too and finds the client her right number.
    Said.WRONG_NUMBER,
    Said.STOP,
    Said.CALL_ME,
    Said.CHANGE,
    Said.STOP_OR_DATE,
    Said.START,
    Said.HELP,
    Said.YES,
)


def meaning(text: str) -> Meaning:
    """What ``text`` means.

    Danger beats everything; a digit or word counts only if nothing else is said. A command is one only if
    the sender is staff: from anybody else it is for a person to read.
    """
    words = folded(text)
    ordered = command(words)
    if ordered:
        return ordered
    if any(map(speaks_of_danger, (words, *clauses(text)))):
        return Said.DANGER
    return _answer(words) or _request_to_be_called(words) or Unrecognised()


def _answer(words: str) -> Said | None:
    answer = _ANY_GREETING.sub(" ", words)
    said = {_SAID[phrase] for phrase in _ANY_PHRASE.findall(answer)}
    rest = set(_ANY_PHRASE.sub(" ", answer).split())
    if rest - FILLERS - DENIALS or _contradicts_itself(said, bool(rest & DENIALS)):
        return None
    return next((strongest for strongest in _STRONGEST_FIRST if strongest in said), None)


def _contradicts_itself(said: set[Said], denied: bool) -> bool:
    return Said.YES in said and (denied or Said.CHANGE in said)


def _request_to_be_called(words: str) -> Said | None:
    asked = _ANY_CALL.search(words) and not REFUSALS & set(words.split())
    return Said.CALL_ME if asked else None
