"""Visits: who is expected when, who came, and on which other day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field, RootModel
from werkzeug.exceptions import NotFound

from handlers.api.clients import ClientPath, her
from handlers.api.desk import Desk, Listing, Once, Paging, Strict, listed, me, only, page_for, shown
from handlers.api.given import Day, Hour, Number
from handlers.api.problem import Refused
from service.actions import visits as actions
from service.actions.visits import Came, NewVisit
from service.domain.care import Done, VisitKind, VisitState
from service.domain.caseload import Caseload
from service.domain.tasks import Trouble
from service.intake.visits import FURTHEST
from service.reports import listed_care
from service.reports.listed_care import ListedVisit, VisitsWanted
from service.reports.paging import ONE
from service.store.caseloads import visit_in
from service.store.records import infants_of
from service.store.transaction import Reading, Transaction

_PAST: Final = "This day is over; a visit is planned for today or later."
_FAR: Final = "This day is more than three years ahead; look at it again."
TAKEN: Final = "Such a visit of that day is known already."
TO_COME: Final = "This visit is still to come; record what happened on its day or later."
_LATER: Final = "This day has not come yet."
_MOST_DAYS: Final = 400


class VisitPath(Strict):
    visit: UUID


class VisitsQuery(Paging):
    day: Day | None = Field(None, description="A local day.")
    state: VisitState | None = None


class Visit(RootModel[ListedVisit]):
    """When somebody is expected, and whether she came."""


class Visits(Listing[ListedVisit]):
    pass


class NewVisitBody(Strict):
    kind: VisitKind
    day: Day = Field(description="A local day.")
    at: Hour | None = None
    infant: UUID | None = None
    interval_days: Number | None = Field(None, ge=1, le=_MOST_DAYS)


class NewRefillBody(Strict):
    day: Day = Field(description="The local day on which she is to fetch more.")
    supplied_for: Number = Field(ge=1, le=_MOST_DAYS, description="Days for which she has now.")


class AttendanceBody(Strict):
    outcome: Literal["attended", "missed"]
    came_on: Day | None = Field(None, description="The local day, if it was not the visit's own.")
    days_supplied: Number | None = Field(None, ge=1, le=_MOST_DAYS)
    done: set[Done] = Field(default_factory=set)
    why: Trouble | None = Field(None, description="What kept her from coming, as she said.")


class DayBody(Strict):
    day: Day = Field(description="A local day.")


@dataclass(frozen=True)
class Wanted:
    """A visit of a client, or of the infant of hers that is named. The day and the hour are local."""

    kind: VisitKind
    day: date
    interval_days: int | None
    at: time | None = None
    infant: UUID | None = None


def add_visits(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/visits", responses={200: Visits})
    def visits(query: VisitsQuery) -> Response:
        """Visits, of one day or in one state where that is asked"""
        return _listed(desk, query, VisitsWanted(day=query.day, state=query.state))

    @api.get("/visits/<string:visit>", responses={200: Visit})
    def visit(path: VisitPath) -> Response:
        """One visit"""
        return shown(_visit(desk, path.visit))

    @api.get("/clients/<string:code>/visits", responses={200: Visits})
    def visits_of_client(path: ClientPath, query: VisitsQuery) -> Response:
        """The visits of a client and her infants"""
        caseload = me().caseload
        desk.ask(lambda reading: her(reading, caseload, path.code))
        return _listed(desk, query, VisitsWanted(code=path.code, day=query.day, state=query.state))

    _add_planning(api, desk)
    _add_outcomes(api, desk)


def _add_planning(api: APIBlueprint, desk: Desk) -> None:
    @api.post("/clients/<string:code>/visits", responses={201: Visit})
    def plan_visit(path: ClientPath, header: Once, body: NewVisitBody) -> Response:
        """Plan a visit; its reminders follow"""
        wanted = Wanted(body.kind, body.day, body.interval_days, body.at, body.infant)
        return _plan(desk, header, path.code, wanted)

    @api.post("/clients/<string:code>/refills", responses={201: Visit})
    def plan_refill(path: ClientPath, header: Once, body: NewRefillBody) -> Response:
        """Plan the next refill; its reminders follow"""
        return _plan(desk, header, path.code, Wanted(VisitKind.REFILL, body.day, body.supplied_for))


def _add_outcomes(api: APIBlueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @api.post("/visits/<string:visit>/attendance", responses={200: Visit})
    def record_attendance(path: VisitPath, header: Once, body: AttendanceBody) -> Response:
        """Record that she came, or that she did not"""
        came = Came(body.came_on, frozenset(body.done), body.days_supplied)

        def record(tx: Transaction, day: date) -> None:
            today = programme.today(tx.now)
            if day > today:
                raise Refused(409, TO_COME)
            if body.came_on and body.came_on > today:
                raise Refused(422, _LATER)
            outcome = VisitState(body.outcome)
            actions.record_attendance(tx, programme, path.visit, outcome, came=came, why=body.why)

        return _change(desk, path, header, record)

    @api.post("/visits/<string:visit>/move", responses={200: Visit})
    def move_visit(path: VisitPath, header: Once, body: DayBody) -> Response:
        """Give a visit another day; its reminders follow"""

        def move(tx: Transaction, _: date) -> None:
            insist_on_day(desk, tx, body.day)
            if not actions.move_visit(tx, programme, path.visit, body.day):
                raise Refused(409, TAKEN)

        return _change(desk, path, header, move)


def _listed(desk: Desk, query: VisitsQuery, wanted: VisitsWanted) -> Response:
    caseload = me().caseload
    rows = desk.ask(lambda reading: listed_care.visits(reading, caseload, page_for(query), wanted))
    return listed(Visits, rows, query)


def _visit(desk: Desk, visit_id: UUID) -> Visit:
    caseload = me().caseload
    rows = desk.ask(lambda reading: listed_care.visits(reading, caseload, ONE, VisitsWanted(visit_id)))
    return Visit(only(rows))


def _plan(desk: Desk, header: Once, code: str, wanted: Wanted) -> Response:
    caseload = me().caseload

    def plan(tx: Transaction) -> str:
        woman = her(tx, caseload, code)
        insist_on_day(desk, tx, wanted.day)
        subject = _subject(tx, caseload, code, wanted.infant)
        new = NewVisit(woman.id, subject, wanted.kind, wanted.day, wanted.at, wanted.interval_days)
        planned = actions.plan_visit(tx, desk.parts.programme, new)
        if planned is None:
            raise Refused(409, TAKEN)
        return str(planned)

    visit_id = UUID(desk.act(header, plan))
    return shown(_visit(desk, visit_id), 201, f"/api/v1/visits/{visit_id}")


def _subject(reading: Reading, caseload: Caseload, code: str, infant: UUID | None) -> UUID:
    """Herself, or the infant of hers that is named. Raises ``Refused`` for another's."""
    woman = her(reading, caseload, code)
    if infant is None:
        return woman.id
    if infant not in infants_of(reading, woman.id):
        raise Refused(422, "This is no infant of hers.")
    return infant


def insist_on_day(desk: Desk, tx: Transaction, day: date) -> None:
    today = desk.parts.programme.today(tx.now)
    if day < today:
        raise Refused(422, _PAST)
    if day > today + FURTHEST:
        raise Refused(422, _FAR)


def _change(
    desk: Desk, path: VisitPath, header: Once, action: Callable[[Transaction, date], None]
) -> Response:
    """Carry out what is asked about one visit of the caseload, which knows its local day."""
    caseload = me().caseload

    def change(tx: Transaction) -> str:
        day = visit_in(tx, caseload, path.visit)
        if day is None:
            raise NotFound
        action(tx, day)
        return str(path.visit)

    desk.act(header, change)
    return shown(_visit(desk, path.visit))
