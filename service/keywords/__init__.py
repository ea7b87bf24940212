"""What an inbound SMS means. Anything that is not plainly one of these meanings goes to a person."""

import re
from dataclasses import dataclass
from typing import Final

from service.keywords.commands import Attended, Called, Command, Due, Missed, Remind, command
from service.keywords.danger import speaks_of_danger
from service.keywords.folding import clauses, folded
from service.keywords.slips import readings, without_doubles
from service.keywords.stopping import orders_to_stop
from service.keywords.words import (
    CALLS_IN_A_SENTENCE,
    DENIALS,
    FILLERS,
    GREETINGS,
    REFUSALS,
    VOCABULARY,
    WRONG_IN_A_SENTENCE,
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
    "asks_to_stop",
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
_DISOWNED: Final = _any_of(WRONG_IN_A_SENTENCE)

_UNSURE: Final = re.compile(r"^(?:is|was|did|do)\b|\b(?:if|maybe|date|day)\b")
"""Beside one of these she asks, or speaks of something else."""

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

    Danger beats everything; a digit or word counts only if nothing else is said, but a clause that says stop
    or wrong number is heeded whatever stands beside it. A command is one only if the sender is staff: from
    anybody else it is for a person to read.
    """
    words = folded(text)
    ordered = command(words)
    if ordered:
        return ordered
    if speaks_of_danger(text):
        return Said.DANGER
    return _answer(words) or _among_other_things(text) or _request_to_be_called(words) or Unrecognised()


def asks_to_stop(text: str) -> bool:
    """Whether ``text``, or one of its clauses, tells us to send no more, whatever else it says."""
    return any(map(_stops, (folded(text), *clauses(text))))


def _stops(clause: str) -> bool:
    return _answer(clause) is Said.STOP or any(map(orders_to_stop, readings(clause)))


def _among_other_things(text: str) -> Said | None:
    """What must be heeded although more is said, which a person reads."""
    first, *others = clauses(text)
    if any(map(_is_wrong_number, (first, *others))):
        return Said.WRONG_NUMBER
    if asks_to_stop(text):
        return Said.STOP_AND_MORE if any(others) and not _stops(folded(text)) else Said.STOP
    return _FOR_A_PERSON.get(first) if not _DIGIT.search(" ".join(others)) else None


_FOR_A_PERSON: Final = {"2": Said.CHANGE, "3": Said.CALL_ME}
"""Digits that lead to a person anyway, who reads what follows them."""

_DIGIT: Final = re.compile(r"[0-9]")


def _is_wrong_number(clause: str) -> bool:
    return _DISOWNED.search(clause) is not None and not _UNSURE.search(clause)


def _answer(said: str) -> Said | None:
    """What ``said`` means if it says that one thing and no other, in any of its readings."""
    return next(filter(None, map(_answer_as_read, (*readings(said), without_doubles(said)))), None)


def _answer_as_read(words: str) -> Said | None:
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
