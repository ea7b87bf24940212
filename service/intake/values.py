"""What people write into the cells of a caseload file, and what it means."""

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Final, TypeVar

from service.intake.cells import Reader, Wrong

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


# --- words ---------------------------------------------------------------------------------------------


def one_of(words: Mapping[str, T]) -> Reader[T]:
    """One of a few words, however they are cased."""
    known = {_folded(word): meaning for word, meaning in words.items()}
    refused = Wrong(f"Write one of: {', '.join(words)}.")

    def read(text: str) -> T | Wrong:
        return known.get(_folded(text), refused)

    return read


def word(kind: type[E]) -> Reader[E]:
    """One of the words of an enumeration."""
    return one_of({member.value: member for member in kind})


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.casefold())


_YES_NO: Final = dict.fromkeys(("yes", "1", "e", "true"), True) | dict.fromkeys(
    ("no", "0", "che", "false"), False
)


def yes_no(text: str) -> bool | Wrong:
    """English, Sesotho or as a spreadsheet has it."""
    return _YES_NO.get(text.casefold(), Wrong("Write yes or no."))


# --- days and hours ------------------------------------------------------------------------------------

_MIDNIGHT: Final = r"(?:[T ]00:00(?::00)?)?"
"""Behind a date that another system exported."""
_ISO: Final = re.compile(
    rf"(?P<year>[0-9]{{4}})([-/])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}}){_MIDNIGHT}"
)
_LOCAL: Final = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
EARLIEST: Final = date(1900, 1, 1)

NO_DATE: Final = Wrong("Write a date as YYYY-MM-DD or DD/MM/YYYY.")
NO_SUCH_DAY: Final = Wrong("There is no such day; write it as YYYY-MM-DD or DD/MM/YYYY.")
IN_FUTURE: Final = "This day has not come yet."
TOO_EARLY: Final = "This day is too long ago."
TOO_LATE: Final = "This day is too far ahead."


def day(text: str) -> date | Wrong:
    """A day with a year of four digits. ``05/04/2026`` is in April, as everywhere but in America."""
    found = _ISO.fullmatch(text) or _LOCAL.fullmatch(text)
    if not found:
        return NO_DATE
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return NO_SUCH_DAY


def day_between(first: date, last: date, too_late: str = TOO_LATE) -> Reader[date]:
    def read(text: str) -> date | Wrong:
        found = day(text)
        if isinstance(found, Wrong) or first <= found <= last:
            return found
        return Wrong(TOO_EARLY if found < first else too_late)

    return read


_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


def clock(text: str) -> time | Wrong:
    found = _CLOCK.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return Wrong("Write a time as HH:MM, such as 14:30.")
    return time(int(found[1]), int(found[2]))


_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekdays(text: str) -> frozenset[int] | Wrong:
    """ISO weekdays, written as ``mon-sat`` or ``mon,wed``."""
    days: set[int] = set()
    for part in re.split("[,;]", text.casefold().replace(" ", "")):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in _WEEK or last not in _WEEK[_WEEK.index(first) :]:
            return Wrong("Write days as mon-sat or mon,wed, in the order of the week.")
        days.update(range(_WEEK.index(first) + 1, _WEEK.index(last) + 2))
    return frozenset(days)


def number_between(least: int, most: int) -> Reader[int]:
    refused = Wrong(f"Write a whole number from {least} to {most}.")

    def read(text: str) -> int | Wrong:
        plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        return int(text) if plain and least <= int(text) <= most else refused

    return read


# --- texts ----------------------------------------------------------------------------------------------

_LONGEST_TEXT: Final = 60


def line_of_text(text: str) -> str | Wrong:
    return text if len(text) <= _LONGEST_TEXT else Wrong(f"Write at most {_LONGEST_TEXT} characters.")


def place_name(text: str) -> str | Wrong:
    """The name of a site; it has letters, so a number in the wrong column is not made a site."""
    if sum(map(str.isalpha, text)) < 2 or sum(map(str.isdigit, text)) > 4:
        return Wrong("This is not the name of a site.")
    return line_of_text(text)
