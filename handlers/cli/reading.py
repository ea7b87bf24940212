"""What is typed on the command line, read into values."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Generic, TypeVar

import click

from handlers.cli.parts import Opened
from service.domain.phone import Phone
from service.phones import BadPhone, read_phone

E = TypeVar("E", bound=StrEnum)


class Listed(click.ParamType[frozenset[E]], Generic[E]):
    """Some of a set of words, separated by commas."""

    name = "list"

    def __init__(self, words: type[E]) -> None:
        self._words = words

    def convert(
        self, value: "str | frozenset[E]", param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[E]:
        if not isinstance(value, str):
            return value
        try:
            return frozenset(self._words(word.strip().lower()) for word in value.split(",") if word.strip())
        except ValueError:
            known = ", ".join(self._words)
            self.fail(f"{value!r} is not understood; there are {known}, several with commas.", param, ctx)


class Day(click.ParamType[date]):
    """A local day."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2027-03-01.", param, ctx)


class Hour(click.ParamType[time]):
    """A local time of day, to the minute."""

    name = "hh:mm"

    def convert(self, value: str | time, param: click.Parameter | None, ctx: click.Context | None) -> time:
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a time of any day, in no zone
        except ValueError:
            self.fail(f"{value!r} is no time of day; write it like 09:00.", param, ctx)


def mobile(everything: Opened, typed: str) -> Phone:
    """The number that was typed, if texts may go to it. Raises ``click.UsageError``."""
    settings = everything.settings
    number = read_phone(typed, settings.country, settings.allowed_destinations)
    if isinstance(number, BadPhone):
        raise click.UsageError(f"{number} (The numbers that may be used: KHOPOTSO_ALLOWED_DESTINATIONS.)")
    return number
