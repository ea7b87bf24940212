"""What a Mentor Mother may order by SMS. Whether the sender is one is for the caller to know."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Due:
    """Who is due, missed or waiting for a call."""

    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Attended:
    code: str
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Missed:
    code: str
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Remind:
    code: str
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Called:
    """She has spoken to the client whom she was asked to call."""

    code: str
    pin: str | None = field(default=None, repr=False)


Command = Due | Attended | Missed | Remind | Called

_CODE: Final = r"(?:c ?)?(\d{3} ?\d{3,4})"
_PIN: Final = r"(?: (\d{4,6}))?"
_DUE: Final = re.compile(f"due{_PIN}")
_OF_A_CLIENT: Final[tuple[tuple[re.Pattern[str], Callable[[str, str | None], Command]], ...]] = (
    (re.compile(f"att ?{_CODE}{_PIN}"), Attended),
    (re.compile(f"miss ?{_CODE}{_PIN}"), Missed),
    (re.compile(f"remind ?{_CODE}{_PIN}"), Remind),
    (re.compile(f"call ?{_CODE} ok{_PIN}"), Called),
)


def command(said: str) -> Command | None:
    """The command that the folded text ``said`` is, with its client code and PIN unchecked."""
    due = _DUE.fullmatch(said)
    if due:
        return Due(due[1])
    for pattern, make in _OF_A_CLIENT:
        found = pattern.fullmatch(said)
        if found:
            return make(found[1].replace(" ", ""), found[2])
    return None
