"""What is new in a request of a USSD gateway, known from a length and a keyed hash alone.

The history of a session may hold a PIN, so it is never kept: only how long it was and its keyed hash.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final, TypeAlias

SEPARATOR: Final = "*"

Mac: TypeAlias = Callable[[str], bytes]


@dataclass(frozen=True)
class Accepted:
    """What a session has taken so far.

    Of a cumulative text: its length in characters and its hash. Of single inputs: how many there were, and
    the hash of the network's number for the last one.
    """

    length: int
    mac: bytes


@dataclass(frozen=True)
class Fresh:
    """A session begins. ``tokens`` are the answers that the dial string already held, mostly none."""

    tokens: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewInput:
    """One more answer. It may be empty, and it may hold a ``*`` that she typed."""

    text: str


@dataclass(frozen=True)
class Repeat:
    """The request that was answered last, once more: the same reply is due and nothing else."""


@dataclass(frozen=True)
class Diverged:
    """A text that does not go on from what was accepted: the screen she is at is due and nothing else."""


News: TypeAlias = Fresh | NewInput | Repeat | Diverged


@dataclass(frozen=True)
class Reading:
    """What a request brings, and what the session has taken once it is dealt with."""

    news: News
    accepted: Accepted


def read_cumulative(accepted: Accepted | None, text: str, mac: Mac) -> Reading:
    """A request that carries every input of the session so far, joined by ``*`` without any escape.

    A shorter text is an old request that arrives late, so what was accepted stands. Any other text that does
    not continue the accepted one replaces it: the next request is measured against what the gateway says now.
    """
    whole = Accepted(len(text), mac(text))
    if accepted is None:
        return Reading(Fresh(_tokens(text)), whole)
    if len(text) < accepted.length:
        return Reading(Diverged(), accepted)
    if not compare_digest(mac(text[: accepted.length]), accepted.mac):
        return Reading(Diverged(), whole)
    if len(text) == accepted.length:
        return Reading(Repeat(), accepted)
    return Reading(_added(text, accepted.length), whole)


def read_last(accepted: Accepted | None, text: str | None, turn: str | None, mac: Mac) -> Reading:
    """A request that carries the last input only; ``text`` is ``None`` where the session begins.

    Without a number of the turn a repeat cannot be told from the same answer given again.
    """
    if accepted is None:
        return Reading(Fresh(_tokens(text or "")), Accepted(0, mac(turn or "")))
    if turn and compare_digest(mac(turn), accepted.mac):
        return Reading(Repeat(), accepted)
    if text is None:
        return Reading(Diverged() if accepted.length else Repeat(), accepted)
    return Reading(NewInput(text), Accepted(accepted.length + 1, mac(turn or "")))


def _added(text: str, length: int) -> NewInput | Diverged:
    """What follows the first ``length`` characters of ``text``.

    After an empty history a leading ``*`` is the trace of an empty first input, which looked like a repeat.
    """
    if length == 0:
        return NewInput(text.removeprefix(SEPARATOR))
    if text[length] != SEPARATOR:
        return Diverged()
    return NewInput(text[length + 1 :])


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(text.split(SEPARATOR)) if text else ()
