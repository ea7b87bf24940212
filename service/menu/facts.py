"""What a screen may know. Read, never written; a new question is a new method here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class NextVisit:
    """The next date of the caller or her child. ``hidden`` where the phone is not surely hers alone."""

    id: UUID
    day: date
    hidden: bool = False


class Facts(Protocol):
    """The caller and her dates, as far as a screen without a PIN may show them.

    A number that nobody knows answers like a client without a date: the screens cannot tell them apart.
    """

    def language(self) -> str:
        """The language she chose, or the service's first one."""

    def languages(self) -> Mapping[str, str]:
        """The languages on offer, in the order of the menu: what each is called by those who speak it."""

    def next_visit(self) -> NextVisit | None:
        """Her nearest planned date, today's included."""

    def offered_days(self, visit_id: UUID) -> tuple[date, ...]:
        """At most three other days on which that visit could be, earliest first."""

    def transport_number(self) -> str | None:
        """The free emergency transport as she would dial it; ``None`` where there is none."""
