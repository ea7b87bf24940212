"""Where a caller is in the menu, and the form in which that is kept between two key-presses."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TypedDict


class Stored(TypedDict, total=False):
    """The stored form. A key that an older or newer release does not know is missing or ignored."""

    screen: str
    language: str
    answers: dict[str, str]
    trail: list[str]
    page: int
    mistakes: int
    shown: str
    inside: str
    earlier: "Stored | None"


class Unanswered(Exception):
    """A screen needs an answer that this session does not have."""


@dataclass(frozen=True)
class Session:
    """``screen`` is a public name, because it is stored; ``page`` counts from 0 within a long screen.

    ``answers`` hold what she typed, so the stored form belongs in an encrypted column. ``trail`` are the
    screens behind her, oldest first. ``shown`` is the fingerprint of the screen that she saw last.
    ``inside`` is the id of the person whose PIN was typed, empty in front of the door. ``earlier`` is a
    dropped session that she may take up again, behind the door once she has typed her PIN again.
    """

    screen: str
    language: str
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    trail: tuple[str, ...] = ()
    page: int = 0
    mistakes: int = 0
    shown: str = ""
    inside: str = ""
    earlier: "Session | None" = None

    def answer(self, name: str) -> str:
        """What she answered. Raises ``Unanswered`` where another release asked other questions."""
        try:
            return self.answers[name]
        except KeyError:
            raise Unanswered(name) from None

    def to_stored(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_stored(cls, text: str) -> "Session":
        """A session from ``to_stored`` of this release or another. A screen that is gone starts at home."""
        return _read(json.loads(text))


def _read(stored: Stored) -> Session:
    earlier = stored.get("earlier")
    return Session(
        screen=stored.get("screen", ""),
        language=stored.get("language", ""),
        answers=stored.get("answers", {}),
        trail=tuple(stored.get("trail", ())),
        page=stored.get("page", 0),
        mistakes=stored.get("mistakes", 0),
        shown=stored.get("shown", ""),
        inside=stored.get("inside", ""),
        earlier=_read(earlier) if earlier else None,
    )
