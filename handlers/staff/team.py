"""The team: who works where, new secrets, lost phones, and who is shut out."""

from collections.abc import Callable, Collection
from uuid import UUID

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from service.actions import sign_in_device, sign_in_totp
from service.actions import staff as people
from service.actions.staff import StaffFault
from service.domain.caseload import may_manage, sites_of, works_at
from service.domain.people import Role
from service.reports.team import TeamRow, team, teammate
from service.store.transaction import Reading, Transaction


def add_team(pages: Blueprint, desk: Desk) -> None:
    _add_list(pages, desk)
    _add_secrets(pages, desk)
    _add_locks(pages, desk)


def _sites() -> Collection[UUID] | None:
    """The sites whose staff she sees: those she coordinates; an administrator sees everybody."""
    return None if Role.ADMIN in me().roles else sites_of(me().posts, Role.COORDINATOR)


def colleagues(reading: Reading) -> tuple[TeamRow, ...]:
    """Everybody whom she sees."""
    return team(reading, _sites())


def _colleague(reading: Reading, staff_id: UUID) -> TeamRow:
    return teammate(reading, _sites(), staff_id) or abort(404)


def _managed(reading: Reading, staff_id: UUID) -> TeamRow:
    """A colleague over whose account she has a say."""
    found = _colleague(reading, staff_id)
    return found if may_manage(me().posts, found.posts) else abort(403)


def _add_list(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/team")
    def team_list() -> str:
        return page("team.html", rows=desk.ask(colleagues))

    @pages.get("/team/<uuid:staff_id>")
    def colleague(staff_id: UUID) -> str:
        return desk.ask(lambda reading: _page(reading, desk, staff_id))


def _page(reading: Reading, desk: Desk, staff_id: UUID) -> str:
    row = _colleague(reading, staff_id)
    others = [one for one in colleagues(reading) if one.id != staff_id and not one.blocked]
    return page(
        "colleague.html",
        row=row,
        others=others,
        heirs=[one for one in others if common_sites(row, one)],
        today=desk.today(),
        manages=may_manage(me().posts, row.posts),
    )


def carers(reading: Reading, site_id: UUID) -> list[TeamRow]:
    """Who may look after a client of a site."""
    there = (row for row in team(reading, {site_id}) if not row.blocked)
    return [row for row in there if works_at(row.posts, site_id, Role.MENTOR, Role.COORDINATOR)]


def common_sites(hers: TeamRow, other: TeamRow) -> tuple[UUID, ...]:
    """The sites of somebody at which another can look after clients in her place."""
    sites = dict.fromkeys(post.site_id for post in hers.posts if post.site_id)
    return tuple(site for site in sites if works_at(other.posts, site, Role.MENTOR, Role.COORDINATOR))


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


def _add_locks(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/team/<uuid:staff_id>/phone-lost")
    def phone_lost(staff_id: UUID) -> AnyResponse:
        return act_on(desk, staff_id, "phone_lost", lambda tx: sign_in_device.forget_devices(tx, staff_id))

    @pages.post("/team/<uuid:staff_id>/app-lost")
    def app_lost(staff_id: UUID) -> AnyResponse:
        return act_on(desk, staff_id, "app_lost", lambda tx: sign_in_totp.take_away(tx, staff_id))

    @pages.post("/team/<uuid:staff_id>/block")
    def block(staff_id: UUID) -> AnyResponse:
        return act_on(desk, staff_id, "blocked", lambda tx: people.block_staff(tx, staff_id))

    @pages.post("/team/<uuid:staff_id>/unblock")
    def unblock(staff_id: UUID) -> AnyResponse | str:
        done = desk.write(lambda tx: _let_in(tx, staff_id))
        return redirect(back(done.name.lower()), 303) if isinstance(done, StaffFault) else done


def _let_in(tx: Transaction, staff_id: UUID) -> str | StaffFault:
    row = _managed(tx, staff_id)
    first = people.unblock_staff(tx, staff_id)
    return (
        first if isinstance(first, StaffFault) else page("secret.html", row=row, code=first.code, first=first)
    )


def act_on(desk: Desk, staff_id: UUID, told: str, action: Callable[[Transaction], object]) -> AnyResponse:
    """Carry out a form about a colleague over whose account she has a say."""

    def act(tx: Transaction) -> str:
        _managed(tx, staff_id)
        action(tx)
        return back(told)

    return desk.act(act)
