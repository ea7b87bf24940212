"""What ``khopotso preview`` is asked for, read into values."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import reduce
from typing import Final, Generic, TypeVar

import click

from handlers.cli.reading import Day, Listed
from service.domain.care import VisitKind
from service.domain.people import ClientKind, ConsentChannel, InfantRisk, Wording
from service.preview.persona import Persona, switchable
from service.programme import Programme

Decorator = Callable[[Callable[..., None]], Callable[..., None]]


E = TypeVar("E", bound=StrEnum)


class Word(click.ParamType[E], Generic[E]):
    """One of a set of words."""

    name = "word"

    def __init__(self, words: type[E]) -> None:
        self._words = words

    def convert(self, value: str | E, param: click.Parameter | None, ctx: click.Context | None) -> E:
        try:
            return self._words(value)
        except ValueError:
            self.fail(f"{value!r} is not understood; there are {', '.join(self._words)}.", param, ctx)


DatedVisit = tuple[VisitKind, date]


class VisitOn(click.ParamType[DatedVisit]):
    """A visit that a person has dated."""

    name = "visit"

    def convert(
        self, value: str | DatedVisit, param: click.Parameter | None, ctx: click.Context | None
    ) -> DatedVisit:
        if not isinstance(value, str):
            return value
        kind, _, day = value.partition("=")
        return Word(VisitKind).convert(kind, param, ctx), Day().convert(day, param, ctx)


Priced = tuple[str, Decimal]
"""A gateway, or nothing for all of them, and the price of a part."""


class Price(click.ParamType[Priced]):
    name = "price"

    def convert(
        self, value: str | Priced, param: click.Parameter | None, ctx: click.Context | None
    ) -> Priced:
        if not isinstance(value, str):
            return value
        gateway, _, amount = value.rpartition("=")
        try:
            price = Decimal(amount)
        except InvalidOperation:
            self.fail(f"{amount!r} is no price; write it like 0.25, or GATEWAY=0.25.", param, ctx)
        if not price.is_finite() or price < 0:
            self.fail("a price is 0 or more.", param, ctx)
        return gateway, price


DAY: Final = Day()
_HER: Final[tuple[Decorator, ...]] = (
    click.option("--born", type=DAY, help="Her infant's day of birth."),
    click.option("--edd", type=DAY, help="The day on which she expects a birth."),
    click.option("--age", type=click.IntRange(10, 99), help="Her own age."),
    click.option("--language", help="Such as en or st."),
    click.option("--wording", type=Word(Wording), default="T0", show_default=True, help="Of texts."),
    click.option("--agrees", type=Listed(ConsentChannel), default="sms,call,visit", show_default=True),
    click.option("--nickname", default="Thato", show_default=True, help="What texts call her."),
    click.option("--mentor", default="Lineo", show_default=True, help="What texts call her mentor."),
    click.option("--infant", default="Pule", show_default=True, help="What texts call her infant."),
    click.option("--risk", type=Word(InfantRisk), help="Her infant's: low or high."),
    click.option("--weaned", type=DAY, help="When her infant was weaned."),
    click.option("--supply", type=click.IntRange(1, 366), help="Days handed out at each refill from now on."),
    click.option("--visit", "visits", type=VisitOn(), multiple=True, help="KIND=DATE; again for more."),
    click.option("--event", "events", type=DAY, multiple=True, help="Outreach of her site; again for more."),
    click.option("--switch", multiple=True, metavar="STEP", help="Turned by her site; again for more."),
)
"""Who somebody is that does not exist."""


@dataclass(frozen=True)
class Her:
    born: date | None
    edd: date | None
    age: int | None
    language: str | None
    wording: Wording
    agrees: frozenset[ConsentChannel]
    nickname: str
    mentor: str
    infant: str
    risk: InfantRisk | None
    weaned: date | None
    supply: int | None
    visits: tuple[DatedVisit, ...]
    events: tuple[date, ...]
    switch: tuple[str, ...]

    def persona(self, kind: ClientKind, programme: Programme) -> Persona:
        """Raises ``click.UsageError`` for what cannot be."""
        return Persona(
            kind=kind,
            language=self._language(programme),
            wording=self.wording,
            nickname=self.nickname,
            mentor=self.mentor,
            consents=self.agrees,
            age=self.age,
            edd=self.edd,
            born_on=self.born,
            infant=self.infant,
            risk=self.risk,
            weaned_on=self.weaned,
            days_supplied=self.supply,
            events=self.events,
            visits=self.visits,
            switched=self._switched(programme),
        )

    def _language(self, programme: Programme) -> str:
        language = self.language or programme.language
        if language not in programme.texts.languages:
            raise click.UsageError(f"There are texts in {', '.join(programme.texts.languages)} only.")
        return language

    def _switched(self, programme: Programme) -> frozenset[str]:
        known = sorted(step.id for step in switchable(programme))
        for step in self.switch:
            if step not in known:
                raise click.UsageError(f"No site can switch {step!r}; there are {', '.join(known)}.")
        return frozenset(self.switch)


HER_OPTIONS: Final = tuple(field.name for field in fields(Her))


def asks_who_she_is(command: Callable[..., None]) -> Callable[..., None]:
    return reduce(lambda so_far, option: option(so_far), reversed(_HER), command)
