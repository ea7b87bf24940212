"""Visits: she came, she did not, she comes on another day."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page, wanted
from handlers.staff.fields import chosen, chosen_day
from service.actions import visits
from service.domain.care import VisitKind, VisitState
from service.domain.tasks import Trouble
from service.reports.today import one_expected
from service.store.caseloads import client_in, visit_in
from service.store.records import ClientRecord, infants_of
from service.store.transaction import Reading, Transaction


def add_visits(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.get("/visits/<uuid:visit_id>")
    def visit(visit_id: UUID) -> str:
        found = desk.ask(lambda reading: one_expected(reading, me().caseload, visit_id)) or abort(404)
        return page("visit.html", visit=found, today=desk.today(), to=wanted())

    @pages.post("/visits/<uuid:visit_id>/came")
    def came(visit_id: UUID) -> AnyResponse:
        return _record(desk, visit_id, VisitState.ATTENDED)

    @pages.post("/visits/<uuid:visit_id>/missed")
    def missed(visit_id: UUID) -> AnyResponse:
        return _record(desk, visit_id, VisitState.MISSED, chosen(Trouble, "why"))

    @pages.post("/visits/<uuid:visit_id>/move")
    def move_visit(visit_id: UUID) -> AnyResponse:
        day = chosen_day("day")

        def move(tx: Transaction, _: date) -> str:
            if day < programme.today(tx.now):
                return "day_is_past"
            return "moved" if visits.move_visit(tx, programme, visit_id, day) else "day_is_taken"

        return _act(desk, visit_id, move)


def add_planning(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.post("/clients/<code>/visit")
    def plan_visit(code: str) -> AnyResponse:
        kind, day = chosen(VisitKind, "kind") or abort(400), chosen_day("day")

        def plan(tx: Transaction) -> str:
            woman = client_in(tx, me().caseload, code) or abort(404)
            subject = _subject(tx, woman)
            if day < programme.today(tx.now):
                return back("day_is_past")
            new = visits.NewVisit(woman.id, subject, kind, day)
            return back("planned" if visits.plan_visit(tx, programme, new) else "day_is_taken")

        return desk.act(plan)


def _subject(reading: Reading, woman: ClientRecord) -> UUID:
    """Herself, or the one of her infants for whom the visit is."""
    wanted = request.form.get("whose", "")
    return next((infant for infant in infants_of(reading, woman.id) if str(infant) == wanted), woman.id)


def _record(desk: Desk, visit_id: UUID, outcome: VisitState, why: Trouble | None = None) -> AnyResponse:
    programme = desk.parts.programme

    def record(tx: Transaction, day: date) -> str:
        if day > programme.today(tx.now):
            return "day_is_to_come"
        visits.record_attendance(tx, programme, visit_id, outcome, why=why)
        return outcome.value

    return _act(desk, visit_id, record)


def _act(desk: Desk, visit_id: UUID, action: Callable[[Transaction, date], str]) -> AnyResponse:
    def act(tx: Transaction) -> str:
        day = visit_in(tx, me().caseload, visit_id)
        return back(action(tx, day)) if day else abort(404)

    return desk.act(act)
