"""Who is there: leave, who acts for whom, who is on call when, and who takes over for good."""

from datetime import time
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, page
from handlers.staff.fields import chosen_day
from handlers.staff.team import act_on, colleagues, common_sites
from service.actions import leave
from service.actions.handover import hand_clients
from service.actions.on_call import put_on_call, take_off_call
from service.actions.roster import first_gap, on_duty
from service.domain.duty import Duty
from service.reports.team import TeamRow
from service.store.records import first_name
from service.store.transaction import Reading, Transaction


def add_roster(pages: Blueprint, desk: Desk) -> None:
    _add_leave(pages, desk)
    _add_on_call(pages, desk)

    @pages.post("/team/<uuid:staff_id>/hand-over")
    def hand_over(staff_id: UUID) -> AnyResponse:
        return act_on(desk, staff_id, "handed_over", lambda tx: _hand_over(tx, staff_id))


def _add_leave(pages: Blueprint, desk: Desk) -> None:
    zone = desk.parts.programme.calendar.zone

    @pages.post("/team/<uuid:staff_id>/leave")
    def go_on_leave(staff_id: UUID) -> AnyResponse:
        first, last = chosen_day("first"), chosen_day("last")
        if not desk.today() <= first <= last:
            return act_on(desk, staff_id, "leave_is_odd", lambda _: None)
        return act_on(
            desk, staff_id, "leave_noted", lambda tx: leave.record_leave(tx, zone, staff_id, first, last)
        )

    @pages.post("/team/<uuid:staff_id>/is-back")
    def is_back(staff_id: UUID) -> AnyResponse:
        return act_on(desk, staff_id, "is_back", lambda tx: leave.call_off(tx, staff_id))

    @pages.post("/team/<uuid:staff_id>/backup")
    def backup(staff_id: UUID) -> AnyResponse:
        def choose(tx: Transaction) -> None:
            other = _other(tx, staff_id, "backup")
            leave.set_backup(tx, staff_id, other.id if other else None)

        return act_on(desk, staff_id, "backup_noted", choose)


def _add_on_call(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/roster")
    def roster() -> str:
        return desk.ask(_page)

    @pages.post("/team/<uuid:staff_id>/on-call")
    def on_call(staff_id: UUID) -> AnyResponse:
        duty = _duty(desk)
        return act_on(desk, staff_id, "on_call", lambda tx: put_on_call(tx, staff_id, duty))

    @pages.post("/team/<uuid:staff_id>/off-call")
    def off_call(staff_id: UUID) -> AnyResponse:
        return act_on(desk, staff_id, "off_call", lambda tx: take_off_call(tx, staff_id))


def _page(reading: Reading) -> str:
    rows = [row for row in colleagues(reading) if not row.blocked]
    return page(
        "roster.html",
        on_call=[row for row in rows if row.on_call],
        away=[row for row in rows if row.away_until],
        now=first_name(reading, on_duty(reading)),
        gap=first_gap(reading),
    )


def _duty(desk: Desk) -> Duty | None:
    """The hours that were typed; none at all are all hours."""
    starts, ends = request.form.get("starts", ""), request.form.get("ends", "")
    if not starts and not ends:
        return None
    try:
        duty = Duty(time.fromisoformat(starts), time.fromisoformat(ends), desk.parts.programme.calendar.zone)
    except ValueError:
        return abort(400)
    return None if duty.starts == duty.ends else duty


def _other(reading: Reading, staff_id: UUID, field: str) -> TeamRow | None:
    """The colleague who was chosen: somebody of the same sites who is not shut out."""
    wanted = request.form.get(field, "")
    others = (row for row in colleagues(reading) if row.id != staff_id and not row.blocked)
    return next((row for row in others if str(row.id) == wanted), None)


def _hand_over(tx: Transaction, staff_id: UUID) -> None:
    """Her clients and tasks at every site at which the other works too."""
    other = _other(tx, staff_id, "to_whom") or abort(400)
    hers = next(row for row in colleagues(tx) if row.id == staff_id)
    for site_id in common_sites(hers, other) or abort(400):
        hand_clients(tx, staff_id, other.id, site_id)
