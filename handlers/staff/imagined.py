"""Somebody who does not exist, read from the address of a preview. Her names are ours: none stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from flask import abort, request

from handlers.staff.desk import Desk
from handlers.staff.fields import day_of, member
from service.domain.care import VisitKind
from service.domain.people import ClientKind, InfantRisk, Wording
from service.preview.persona import Persona

T = TypeVar("T")

YEARS: Final = range(2020, 2050)
"""The years whose holidays are known."""

AGES: Final = range(10, 100)
SUPPLIES: Final = range(1, 367)
VISITS: Final = 3
"""Dates that somebody may give by hand."""


@dataclass(frozen=True)
class Imagined:
    """``first`` is the local day on which she is taken in."""

    persona: Persona
    first: date


def imagined(desk: Desk) -> Imagined:
    """What was asked for; what cannot be is a bad request."""
    given = request.args.get
    texts = desk.parts.programme.texts
    language = given("language") or desk.parts.programme.language
    first = _day("first") or desk.today()
    born_on = _day("born_on")
    if language not in texts.languages or (born_on and born_on > first):
        abort(400)
    persona = Persona(
        kind=member(ClientKind, given("kind", "")),
        language=language,
        wording=member(Wording, given("wording") or Wording.T0),
        age=_number("age", AGES),
        edd=_day("edd"),
        born_on=born_on,
        risk=member(InfantRisk, given("risk", "")) if given("risk") else None,
        days_supplied=_number("supply", SUPPLIES),
        visits=tuple(_visits(first)),
    )
    return Imagined(persona, first)


def _visits(first: date) -> Iterator[tuple[VisitKind, date]]:
    for value in filter(None, request.args.getlist("visit_day")):
        day = _in_years(day_of(value))
        yield member(VisitKind, request.args.get("visit_kind", "")), day if day >= first else abort(400)


def _day(name: str) -> date | None:
    value = request.args.get(name)
    return _in_years(day_of(value)) if value else None


def _in_years(day: date) -> date:
    return day if day.year in YEARS else abort(400)


def _number(name: str, within: range) -> int | None:
    value = request.args.get(name)
    if not value:
        return None
    return int(value) if value.isascii() and value.isdecimal() and int(value) in within else abort(400)
