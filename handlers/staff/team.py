"""The team: who is there, new secrets, lost phones, leave, and who takes over."""

from collections.abc import Callable, Collection
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from handlers.staff.fields import chosen_day
from service.actions import leave, sign_in_device, sign_in_totp
from service.actions import staff as people
from service.domain.caseload import may_manage, sites_of
from service.domain.people import Role
from service.reports.team import TeamRow, team, teammate
from service.store.transaction import Reading, Transaction


def add_team(pages: Blueprint, desk: Desk) -> None:
    _add_list(pages, desk)
    _add_secrets(pages, desk)
    _add_roster(pages, desk)


def _sites() -> Collection[UUID] | None:
    """The sites whose staff she sees: those she coordinates; an administrator sees everybody."""
    return None if Role.ADMIN in me().roles else sites_of(me().posts, Role.COORDINATOR)


def _colleague(reading: Reading, staff_id: UUID) -> TeamRow:
    return teammate(reading, _sites(), staff_id) or abort(404)


def _managed(reading: Reading, staff_id: UUID) -> TeamRow:
    """A colleague over whose account she has a say."""
    found = _colleague(reading, staff_id)
    return found if may_manage(me().posts, found.posts) else abort(403)


def _add_list(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/team")
    def team_list() -> str:
        return page("team.html", rows=desk.ask(lambda reading: team(reading, _sites())))

    @pages.get("/team/<uuid:staff_id>")
    def colleague(staff_id: UUID) -> str:
        return desk.ask(lambda reading: _page(reading, desk, staff_id))


def _page(reading: Reading, desk: Desk, staff_id: UUID) -> str:
    row = _colleague(reading, staff_id)
    others = [one for one in team(reading, _sites()) if one.id != staff_id and not one.blocked]
    return page(
        "colleague.html",
        row=row,
        others=others,
        today=desk.today(),
        manages=may_manage(me().posts, row.posts),
    )


def _add_secrets(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/team/<uuid:staff_id>/code")
    def device_code(staff_id: UUID) -> str:
        def give(tx: Transaction) -> str:
            row = _managed(tx, staff_id)
            return page("secret.html", row=row, code=sign_in_device.give_code(tx, staff_id), first=None)

        return desk.write(give)

    @pages.post("/team/<uuid:staff_id>/reset")
    def reset(staff_id: UUID) -> str:
        def give(tx: Transaction) -> str:
            row = _managed(tx, staff_id)
            first = people.reset_staff(tx, staff_id)
            return page("secret.html", row=row, code=first.code, first=first)

        return desk.write(give)

    @pages.post("/team/<uuid:staff_id>/phone-lost")
    def phone_lost(staff_id: UUID) -> AnyResponse:
        return _act(desk, staff_id, "phone_lost", lambda tx: sign_in_device.forget_devices(tx, staff_id))

    @pages.post("/team/<uuid:staff_id>/app-lost")
    def app_lost(staff_id: UUID) -> AnyResponse:
        return _act(desk, staff_id, "app_lost", lambda tx: sign_in_totp.take_away(tx, staff_id))

    @pages.post("/team/<uuid:staff_id>/block")
    def block(staff_id: UUID) -> AnyResponse:
        return _act(desk, staff_id, "blocked", lambda tx: people.block_staff(tx, staff_id))


def _act(desk: Desk, staff_id: UUID, told: str, action: Callable[[Transaction], object]) -> AnyResponse:
    def act(tx: Transaction) -> str:
        _managed(tx, staff_id)
        action(tx)
        return back(told)

    return desk.act(act)


def _add_roster(pages: Blueprint, desk: Desk) -> None:
    zone = desk.parts.programme.calendar.zone

    @pages.post("/team/<uuid:staff_id>/leave")
    def go_on_leave(staff_id: UUID) -> AnyResponse:
        first, last = chosen_day("first"), chosen_day("last")
        if not desk.today() <= first <= last:
            return _act(desk, staff_id, "leave_is_odd", lambda _: None)
        return _act(
            desk, staff_id, "leave_noted", lambda tx: leave.record_leave(tx, zone, staff_id, first, last)
        )

    @pages.post("/team/<uuid:staff_id>/is-back")
    def is_back(staff_id: UUID) -> AnyResponse:
        return _act(desk, staff_id, "is_back", lambda tx: leave.call_off(tx, staff_id))

    @pages.post("/team/<uuid:staff_id>/backup")
    def backup(staff_id: UUID) -> AnyResponse:
        wanted = request.form.get("backup", "")

        def choose(tx: Transaction) -> None:
            others = {str(one.id): one.id for one in team(tx, _sites()) if one.id != staff_id}
            leave.set_backup(tx, staff_id, others.get(wanted))

        return _act(desk, staff_id, "backup_noted", choose)
