"""The kinds of screen. A screen is a value: what to say and where each answer leads; it holds no words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from service.domain.effects import Effect

Field: TypeAlias = str | int | date


@dataclass(frozen=True)
class Say:
    """A text by its key, with what fills its fields; a date is said in the words of the language."""

    key: str
    fields: tuple[tuple[str, Field], ...] = ()


def say(key: str, /, **fields: Field) -> Say:
    return Say(key, tuple(fields.items()))


def named(what: Field) -> Say:
    """A label that is a value and nothing else: a date, a name."""
    return say("ussd.named", what=what)


@dataclass(frozen=True)
class Option:
    """An answer that she can choose by its number: the screen that follows, and what the choice causes.

    ``keeps`` are answers, by name, that the choice stands for. The screen that follows is drawn once the
    effects are carried out, so it may show what came of them.
    """

    label: Say
    goto: str
    effects: tuple[Effect, ...] = ()
    keeps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Menu:
    """A short text and at most five numbered options."""

    text: Say
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Answer:
    """What she typed, understood, in the form in which it is kept."""

    value: str = field(repr=False)


@dataclass(frozen=True)
class NotUnderstood:
    hint: Say


Parser: TypeAlias = Callable[[str], Answer | NotUnderstood]


@dataclass(frozen=True)
class Ask:
    """A question with a free answer, which is kept under ``name`` for the screens that follow.

    ``parse`` gets printable text in GSM-7 of at most ``LONGEST_ANSWER`` characters, and never raises.
    ``example`` is an answer that ``parse`` takes, the longest there is: the screen compiler types it.
    """

    text: Say
    name: str
    parse: Parser = field(repr=False)
    goto: str
    example: str


@dataclass(frozen=True)
class Door:
    """Where a PIN is typed. Whose it is decides what it opens; a wrong one looks the same to everybody."""

    text: Say


@dataclass(frozen=True)
class NewPin:
    """A PIN is chosen. It goes into the effect alone, and is kept nowhere else."""

    text: Say
    goto: str
    causes: Callable[[str], Effect] = field(repr=False)


@dataclass(frozen=True)
class Pages:
    """A text or list of any length, shown in as many pages as it needs, with More as a numbered option."""

    text: Say
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class End:
    """The last words of a session."""

    text: Say


Screen: TypeAlias = Menu | Ask | Door | NewPin | Pages | End
