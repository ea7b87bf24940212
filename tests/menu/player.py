"""Plays a transcript: a conversation as plain text that a nurse can read.

    # what it is about, then who calls
    * dials                  a session begins
    * dials *1*2#            with answers in the dial string
    * dials again            soon after a session dropped, under a new session id
    * sends it twice         the network repeats its last request
    * an older one comes late  the network brings the request before that once more
    > what she types
    plain lines: what she sees
    = the session ends
    ! what it causes

The network speaks the cumulative dialect, which cannot tell a typed ``*`` from its own. Nothing but the
stored form of the session and of the history lives from one request to the next.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from service.domain.effects import Effect
from service.menu.facts import Facts
from service.menu.history import Accepted, Diverged, Fresh, NewInput, Repeat, read_cumulative
from service.menu.machine import ScreenSet, Turn, begin, redial, replay, step
from service.menu.render import render
from service.menu.screen import End
from service.menu.session import Session
from tests.fakes import CALLERS

CALLER = "# Caller: "


class RewriteRefused(Exception):
    """A transcript is a promise; only a person rewrites it, and reads what has changed."""


def rewriting(environment: Mapping[str, str]) -> bool:
    """Whether transcripts are to be written anew instead of compared."""
    asked = bool(environment.get("REWRITE_TRANSCRIPTS"))
    if asked and environment.get("CI"):
        raise RewriteRefused("CI is set: transcripts are compared, never rewritten.")
    return asked


class Phone(Protocol):
    """Whoever can do what transcripts say; each answers with what is seen and caused."""

    def dial(self, text: str = "") -> list[str]: ...
    def dial_again(self) -> list[str]: ...
    def repeat(self) -> list[str]: ...
    def late(self) -> list[str]: ...
    def type(self, typed: str) -> list[str]: ...


class Line:
    """One phone and its network; ``stored`` is all that the service remembers."""

    def __init__(self, screens: ScreenSet, facts: Facts) -> None:
        self.screens, self.facts = screens, facts
        self.text = ""
        self.stored: str | None = None
        self.accepted: Accepted | None = None
        self.reply: list[str] = []

    def dial(self, text: str = "") -> list[str]:
        self.stored = None
        return self._new_session(text)

    def dial_again(self) -> list[str]:
        return self._new_session("")

    def repeat(self) -> list[str]:
        return self._request()

    def late(self) -> list[str]:
        now, self.text = self.text, self.text.rpartition("*")[0]
        seen = self._request()
        self.text = now
        return seen

    def type(self, typed: str) -> list[str]:
        self.text = f"{self.text}*{typed}" if self.text else typed
        return self._request()

    def _new_session(self, text: str) -> list[str]:
        self.text, self.accepted = text, None
        return self._request()

    def _request(self) -> list[str]:
        reading = read_cumulative(self.accepted, self.text, _mac)
        self.accepted = reading.accepted
        match reading.news:
            case Repeat() | Diverged():
                return [line for line in self.reply if not line.startswith("!")]
            case Fresh(tokens):
                turn = self._begin(tokens)
            case NewInput(text):
                turn = step(self.screens, self._session(), text, self.facts)
        self.stored = turn.session.to_stored()
        self.reply = [*_seen(self.screens, turn), *map(_caused, turn.effects)]
        return self.reply

    def _begin(self, tokens: tuple[str, ...]) -> Turn:
        if tokens:
            return replay(self.screens, begin(self.screens, self.facts).session, tokens, self.facts)
        if self.stored:
            return redial(self.screens, self._session(), self.facts)
        return begin(self.screens, self.facts)

    def _session(self) -> Session:
        assert self.stored is not None
        return Session.from_stored(self.stored)


def _mac(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def play(script: str, screens: ScreenSet, language: str) -> str:
    """The whole conversation, for the inputs of ``script``."""
    return "".join(f"{line}\n" for line in _played(script.splitlines(), screens, language))


def _played(script: list[str], screens: ScreenSet, language: str) -> Iterator[str]:
    caller = next(line.removeprefix(CALLER) for line in script if line.startswith(CALLER))
    phone = Line(screens, replace(CALLERS[caller], speaks=language))
    for line in script:
        if line.startswith("#"):
            yield line
        elif line.startswith(("*", ">")):
            yield line
            yield from act(phone, line)


def act(phone: Phone, line: str) -> list[str]:
    """What is seen and caused when somebody does what a line of a transcript says."""
    match line.split(" ", 2):
        case [">", *typed]:
            return phone.type(" ".join(typed))
        case ["*", "dials"]:
            return phone.dial()
        case ["*", "dials", "again"]:
            return phone.dial_again()
        case ["*", "dials", answers]:
            return phone.dial(answers.removeprefix("*").removesuffix("#"))
        case ["*", "sends", _]:
            return phone.repeat()
        case ["*", "an", _]:
            return phone.late()
        case _:
            raise AssertionError(f"Nobody does this: {line}")


def _seen(screens: ScreenSet, turn: Turn) -> list[str]:
    lines = render(screens, turn).splitlines()
    return [*lines, "= the session ends"] if isinstance(turn.screen, End) else lines


def _caused(effect: Effect) -> str:
    values = ", ".join(
        f"{field.name}={_plain(getattr(effect, field.name)) if field.repr else '…'}"
        for field in fields(effect)
    )
    return f"! {type(effect).__name__}({values})"


def _plain(value: UUID | date | str | None) -> str:
    return f"visit {value.int}" if isinstance(value, UUID) else str(value)
