"""What people type into a question: names, days, numbers. Each is understood, or there is a hint."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from service.menu.facts import Facts
from service.menu.screen import Answer, NotUnderstood, Parser, Say, say
from service.menu.session import Session, Unanswered

_Kind = TypeVar("_Kind", bound=StrEnum)
_Read = TypeVar("_Read")

LONGEST_NAME: Final = 10
"""Letters; as many as the texts have room for."""

SHORTEST_NAME: Final = 2

LONGEST_NUMBER: Final = "9" * 15
"""An example of a telephone number (ITU-T E.164)."""

_FROM_CENTURY: Final = 2000
_SHORT, _WITH_YEAR, _WITH_CENTURY = len("DDMM"), len("DDMMYY"), len("DDMMYYYY")


def a_name(typed: str) -> Answer | NotUnderstood:
    """A word or two by which somebody is called: two to ten letters."""
    name = " ".join(typed.split())
    letters = name.replace(" ", "").replace("'", "").replace("-", "")
    if letters.isalpha() and len(letters) >= SHORTEST_NAME and len(name) <= LONGEST_NAME:
        return Answer(name[0].upper() + name[1:])
    return NotUnderstood(say("ussd.name_hint"))


def day_of(session: Session, name: str) -> date:
    """The day that she typed. Raises ``Unanswered``, as the others do, where it cannot be read."""
    return _read(date.fromisoformat, session, name)


def id_of(session: Session, name: str) -> UUID:
    return _read(UUID, session, name)


def one_of(kind: type[_Kind], session: Session, name: str) -> _Kind:
    return _read(kind, session, name)


def _read(read: Callable[[str], _Read], session: Session, name: str) -> _Read:
    try:
        return read(session.answer(name))
    except ValueError:
        raise Unanswered(name) from None


def a_nickname(facts: Facts) -> Parser:
    """A name that texts may say."""

    def parse(typed: str) -> Answer | NotUnderstood:
        name = a_name(typed)
        if isinstance(name, Answer) and not facts.may_be_called(name.value):
            return NotUnderstood(say("ussd.name_other"))
        return name

    return parse


def a_number(facts: Facts) -> Parser:
    """A telephone number, kept in E.164."""

    def parse(typed: str) -> Answer | NotUnderstood:
        number = facts.number(typed)
        return Answer(number) if number else NotUnderstood(say("ussd.number_hint"))

    return parse


def a_day(today: date, earliest: timedelta, latest: timedelta) -> Parser:
    """A day as DDMM, DDMMYY or DDMMYYYY, from ``earliest`` to ``latest`` after today; kept in ISO form.

    Without a year it is the one that is nearest to today.
    """
    first, last = today + earliest, today + latest

    def parse(typed: str) -> Answer | NotUnderstood:
        digits = typed.translate(str.maketrans("", "", " ./-"))
        days = list(_days(digits, range(first.year, last.year + 1)))
        fitting = sorted((day for day in days if first <= day <= last), key=lambda day: abs(day - today))
        if fitting:
            return Answer(fitting[0].isoformat())
        return NotUnderstood(say("ussd.day_wrong") if days else day_hint(today))

    return parse


def day_hint(today: date) -> Say:
    return say("ussd.day_hint", example=f"{today:%d%m}", d=today)


def _days(digits: str, years: range) -> Iterator[date]:
    """The days that these digits may mean, one for each year where none was typed."""
    if not (digits.isascii() and digits.isdigit()):
        return
    if len(digits) == _WITH_YEAR:
        years = range(_FROM_CENTURY + int(digits[4:]), _FROM_CENTURY + int(digits[4:]) + 1)
    elif len(digits) == _WITH_CENTURY:
        years = range(int(digits[4:]), int(digits[4:]) + 1)
    elif len(digits) != _SHORT:
        return
    for year in years:
        try:
            yield date(year, int(digits[2:4]), int(digits[:2]))
        except ValueError:
            continue
