"""Figures, counted by the rules that are published with them."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Annotated, Final
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field, StringConstraints
from werkzeug.exceptions import NotFound

from handlers.api.desk import Desk, Shape, Strict, me, shown
from handlers.api.problem import Fault, Refused
from handlers.api.rights import SEES_PEOPLE
from service.actions.api_tokens import Holder
from service.reports.figure_rows import FEW, shown_value
from service.reports.figures import Counting, Definitions, Level, Period, Scope, read_period
from service.reports.figures import Figure as Counted
from service.reports.figures import shipped as read_definitions
from service.reports.small_cells import hide_small
from service.reports.told_figures import told_figures
from service.store.transaction import Reading

_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2100


class ReportPath(Strict):
    indicator: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{1,60}$")]


class ReportQuery(Strict):
    period: Annotated[str, StringConstraints(max_length=10)] = Field(
        description="A day, month, quarter or PEPFAR year: 2026-11-23, 2026-11, 2026Q4, FY2027."
    )


class Report(Shape):
    id: str
    title: str
    means: str


class Reports(Shape):
    items: list[Report]


class Figure(Shape):
    """``place`` is the id of the site or district; ``cell`` says of whom, such as ``sex=female``.

    ``few``: it has no value here because somebody could be known by it.
    """

    level: Level
    place: UUID | None
    cell: str
    value: Decimal | None
    few: bool


class Figures(Shape):
    indicator: str
    period: str
    items: list[Figure]


def add_reports(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/reports", responses={200: Reports})
    def reports() -> Response:
        """What is counted, and what each figure means"""
        known = _definitions().indicators.values()
        items = [Report(id=one.id, title=one.title, means=one.means) for one in known]
        return shown(Reports(items=items))

    @api.get("/reports/<string:indicator>", responses={200: Figures})
    def report(path: ReportPath, query: ReportQuery) -> Response:
        """One figure of a period, by place and group; a token of one site gets that site alone

        Small figures are told to a coordinator's token alone.
        """
        definitions, period = _definitions(), _period(query.period)
        if path.indicator not in definitions.indicators:
            raise NotFound
        counting, holder = Counting(definitions, desk.parts.programme.calendar.zone), me()
        found = desk.ask(lambda reading: _seen(reading, counting, path.indicator, period, holder))
        items = [_shape(one) for one in found]
        return shown(Figures(indicator=path.indicator, period=period.code, items=items))


def _seen(
    reading: Reading, counting: Counting, indicator: str, period: Period, holder: Holder
) -> Iterable[Counted]:
    """Of the token's site or of all; small ones hidden, before anything is left out, as on the pages."""
    scope = Scope(holder.caseload.site_ids)
    if holder.role in SEES_PEOPLE:
        return told_figures(reading, counting, (indicator,), period, scope)
    found = told_figures(reading, counting, (indicator,), period)
    return (one for one in hide_small(counting.definitions, found) if one.place in scope)


@cache
def _definitions() -> Definitions:
    return read_definitions()


def _shape(one: Counted) -> Figure:
    few = shown_value(one) == FEW
    return Figure(level=one.place.level, place=one.place.id, cell=one.cell.code, value=one.value, few=few)


def _period(code: str) -> Period:
    """Raises ``Refused`` for what is no period, or none in which the service can have been there."""
    try:
        period = read_period(code)
    except ValueError as error:
        raise _no_period(str(error)) from None
    if not _FIRST_YEAR <= period.first.year <= _LAST_YEAR:
        raise _no_period("Write a year of this century.")
    return period


def _no_period(why: str) -> Refused:
    return Refused(422, "There is no such period.", [Fault(name="period", detail=why)])
