"""Callers who never were: those with whom every screen is tried before a real one dials."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from service.domain.effects import Outcome
from service.menu.desk import Child, Desk
from service.menu.facts import NextVisit, Opening, Room, TooEasy
from service.menu.imagined_desk import NO_DESK, ImaginedDesk, desks
from service.menu.paging import septets
from service.menu.speech import Words

EXAMPLE_PIN: Final = "7291"
"""What they type at the door."""

OUTCOMES: Final = (
    *(outcome for outcome in Outcome if outcome not in (Outcome.ENROLLED, Outcome.DAY_CLOSED)),
    f"{Outcome.ENROLLED} 0000000",
    f"{Outcome.DAY_CLOSED} 999",
)
"""What can come of an effect, with the longest values."""

_HERSELF: Final = str(UUID(int=1))
_REVEALING: Final = "revealing"
"""A name that no text may say."""
_A_VISIT: Final = UUID(int=0)
_LONGEST_NUMBER: Final = "+000 0000 0000 0000"
"""As long as a number with its country's prefix gets (15 digits, ITU-T E.164), with spaces."""

_A_LEAP_YEAR: Final = tuple(date(2028, 1, 1) + timedelta(days=n) for n in range(366))
_OFFERED_DAYS: Final = 3
_DIGITS: Final = 15
"""Of the longest telephone number (ITU-T E.164)."""

_LONGEST_NAME: Final = "W" * 10
_SOME_BABIES: Final = tuple(Child(UUID(int=n), _LONGEST_NAME) for n in range(2, 5))


@dataclass(frozen=True)
class Imagined:
    """Facts as plain values. As it stands: a number that nobody knows."""

    speaks: str
    on_offer: Mapping[str, str]
    visit: NextVisit | None = None
    days: tuple[date, ...] = ()
    transport: str | None = None
    referrals: tuple[str, ...] = ()
    room: Room | None = None
    babies: tuple[Child, ...] = ()
    code_word: bool = False
    at_desk: ImaginedDesk = NO_DESK
    day: date = date(2026, 11, 23)

    def today(self) -> date:
        return self.day

    def language(self) -> str:
        return self.speaks

    def languages(self) -> Mapping[str, str]:
        return self.on_offer

    def next_visit(self) -> NextVisit | None:
        return self.visit

    def offered_days(self, visit_id: UUID) -> tuple[date, ...]:  # noqa: ARG002
        return self.days

    def transport_number(self) -> str | None:
        return self.transport

    def referral_numbers(self) -> tuple[str, ...]:
        return self.referrals

    def may_be_called(self, name: str) -> bool:
        return name.casefold() != _REVEALING

    def number(self, typed: str) -> str | None:
        return f"+{typed}" if typed.isdigit() and len(typed) == _DIGITS else None

    def knock(self, pin: str) -> Opening | TooEasy | None:
        return Opening(_HERSELF, self.room, self.speaks) if self.room and pin == EXAMPLE_PIN else None

    def desk(self, who: str) -> Desk:  # noqa: ARG002
        return self.at_desk

    def is_inside(self, who: str) -> bool:
        return self.room is not None and who == _HERSELF

    def children(self, who: str) -> tuple[Child, ...]:  # noqa: ARG002
        return self.babies

    def has_code_word(self, who: str) -> bool:  # noqa: ARG002
        return self.code_word


def callers(words: Words, languages: Mapping[str, str]) -> Iterator[Imagined]:
    """In every language: nobody we know, a shared phone, a date and nothing else, and the longest values."""
    for language in languages:
        nobody = Imagined(language, languages)
        longest = _longest_days(words, language)
        yield nobody
        yield replace(nobody, visit=NextVisit(_A_VISIT, longest[0], hidden=True))
        yield replace(nobody, visit=NextVisit(_A_VISIT, longest[0]))
        mother = replace(
            nobody, visit=NextVisit(_A_VISIT, longest[0]), days=longest, transport=_LONGEST_NUMBER
        )
        yield mother
        yield replace(nobody, visit=NextVisit(_A_VISIT, longest[0], is_event=True))
        yield replace(mother, room=Room.MINE)
        yield from (replace(nobody, room=Room.DESK, at_desk=desk) for desk in desks(longest[0]))
        yield replace(
            mother, room=Room.MINE, babies=_SOME_BABIES, referrals=(_LONGEST_NUMBER,) * 3, code_word=True
        )


def _longest_days(words: Words, language: str) -> tuple[date, ...]:
    by_length = sorted(_A_LEAP_YEAR, key=lambda day: septets(words.day(day, language)), reverse=True)
    return tuple(by_length[:_OFFERED_DAYS])
