"""Whom a line of a facility's register speaks of: somebody known, somebody who resembles her, or nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from service.actions.enrol import NewClient
from service.domain.phone import Phone
from service.intake.cells import Problem
from service.intake.finding import Entry, FoundClient, clients_at, clients_in_registers, folded
from service.intake.taking import AlreadyKnown, Match
from service.store.transaction import Reading

BY_NUMBER_AND_NICKNAME: Final = "number and nickname"
BY_REGISTER: Final = "register number"
NUMBER_ALONE: Final = "number alone"

OTHER_WOMAN: Final = (
    "At this site the register number is that of client {code}, who has another nickname and another phone. "
    "Correct the register number; if it is she, change her phone on her page."
)
TWICE: Final = "A line above has the same register number for somebody else at this site."

_Who = tuple[Phone, str]
"""A number, and the folded nickname of somebody who is or was reached at it."""


@dataclass(frozen=True)
class Book:
    """Everybody whom the lines of a file may speak of, and whom the lines so far have brought."""

    at_phones: Mapping[Phone, tuple[FoundClient, ...]]
    in_registers: Mapping[Entry, FoundClient]
    who: dict[_Who, int] = field(default_factory=dict)
    entries: dict[Entry, int] = field(default_factory=dict)

    @classmethod
    def of(cls, reading: Reading, new: Iterable[tuple[NewClient, UUID | None]]) -> "Book":
        rows = tuple(new)
        entries = {found for one, site_id in rows if (found := _entry(one, site_id))}
        return cls(
            clients_at(reading, (one.phone for one, _ in rows)), clients_in_registers(reading, entries)
        )

    def find(self, line: int, new: NewClient, site_id: UUID | None) -> AlreadyKnown | Problem | Match | None:
        """Somebody known; what is wrong; somebody whom she resembles; or ``None`` for a stranger.

        A number and a nickname are one woman, and so are a register number and either of the two.
        """
        there, name = self.at_phones.get(new.phone, ()), folded(new.nickname)
        if (new.phone, name) in self.who:
            return AlreadyKnown(line)
        for one in there:
            if folded(one.nickname) == name:
                return AlreadyKnown(line, Match(line, one.code, BY_NUMBER_AND_NICKNAME))
        entry = _entry(new, site_id)
        if entry in self.entries:
            return Problem(line, "register_no", TWICE)
        registered = self.in_registers.get(entry) if entry else None
        if registered is None:
            return Match(line, there[0].code, NUMBER_ALONE) if there else None
        if folded(registered.nickname) == name or registered.id in {one.id for one in there}:
            return AlreadyKnown(line, Match(line, registered.code, BY_REGISTER))
        return Problem(line, "register_no", OTHER_WOMAN.format(code=registered.code))

    def note(self, line: int, new: NewClient, site_id: UUID | None) -> None:
        """A line that is good brings her, so that the lines below may speak of her too."""
        self.who[new.phone, folded(new.nickname)] = line
        if entry := _entry(new, site_id):
            self.entries[entry] = line


def _entry(new: NewClient, site_id: UUID | None) -> Entry | None:
    return (site_id, new.register_no) if site_id and new.register_no else None
