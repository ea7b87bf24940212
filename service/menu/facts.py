"""What a screen may know. Read, never written; a new question is a new method here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from service.menu.desk import Child, Desk


@dataclass(frozen=True)
class NextVisit:
    """The next date of the caller or her child. ``hidden`` where the phone is not surely hers alone.

    ``is_event``: others are invited to it too, so it cannot be on another day.
    """

    id: UUID
    day: date
    hidden: bool = False
    is_event: bool = False


class Room(StrEnum):
    """What lies behind the door: the name of its first screen."""

    MINE = "mine"
    DESK = "desk"


@dataclass(frozen=True)
class Opening:
    """Whose PIN was right: the id of a client or a member of staff, and the language in which she works."""

    who: str
    room: Room
    language: str


@dataclass(frozen=True)
class TooEasy:
    """She may choose a PIN now, and chose one that is tried first."""


class Facts(Protocol):
    """The caller and her dates, as far as a screen without a PIN may show them.

    A number that nobody knows answers like a client without a date: the screens cannot tell them apart.
    Where ``who`` is asked for, it is whoever typed her PIN (``Session.inside``).
    """

    def today(self) -> date:
        """The local day."""

    def language(self) -> str:
        """The language of this phone, or the service's first one."""

    def languages(self) -> Mapping[str, str]:
        """The languages on offer, in the order of the menu: what each is called by those who speak it."""

    def next_visit(self) -> NextVisit | None:
        """Her nearest planned date or invitation, today's included."""

    def offered_days(self, visit_id: UUID) -> tuple[date, ...]:
        """At most three other days on which that visit could be, earliest first."""

    def transport_number(self) -> str | None:
        """The free emergency transport as she would dial it; ``None`` where there is none."""

    def referral_numbers(self) -> tuple[str, ...]:
        """Who helps somebody who is not safe at home, as she would dial them."""

    def may_be_called(self, name: str) -> bool:
        """Whether texts may call somebody so: a name may disclose as much as any other word."""

    def number(self, typed: str) -> str | None:
        """A telephone number as it is kept (E.164), if that is what was typed."""

    def knock(self, pin: str) -> Opening | TooEasy | None:
        """Try a PIN at this phone. The one question that leaves a trace: it counts before it is answered."""

    def is_inside(self, who: str) -> bool:
        """Whether somebody who typed her PIN in this session may still be here."""

    def desk(self, who: str) -> Desk:
        """What a Mentor Mother may know of those in her care."""

    def children(self, who: str) -> tuple[Child, ...]:
        """Her children, the eldest first."""

    def has_code_word(self, who: str) -> bool:
        """Whether she chose a word by which a caller can tell that it is her."""
