"""Sites: which there are, which may send, and which steps of the plans hold at each."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from service.actions import sites
from service.actions.site_rules import Switching, switch_step, switches_of
from service.actions.sites import SiteRow
from service.domain.caseload import sites_of, works_at
from service.domain.people import Role
from service.store.transaction import Reading, Transaction

LONGEST: Final = 60


def add_sites(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/sites")
    def site_list() -> str:
        return page("sites.html", rows=desk.ask(sites.all_sites))

    @pages.post("/sites/add")
    def add_site() -> AnyResponse:
        name, district = request.form.get("name", "").strip(), request.form.get("district", "").strip()
        if not name or not district or max(len(name), len(district)) > LONGEST:
            abort(400)
        return desk.act(
            lambda tx: back("site_added" if sites.add_site(tx, name, district) else "site_is_known")
        )

    @pages.post("/sites/<uuid:site_id>/activate")
    def activate_site(site_id: UUID) -> AnyResponse:
        def activate(tx: Transaction) -> str:
            sites.activate(tx, site_id)
            return back("site_activated")

        return desk.act(activate)


def add_switches(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.get("/sites/<uuid:site_id>")
    def site(site_id: UUID) -> str:
        return desk.ask(lambda reading: _page(reading, desk, _site(reading, site_id)))

    @pages.post("/sites/<uuid:site_id>/switch")
    def turn_step(site_id: UUID) -> AnyResponse:
        def turn(tx: Transaction) -> str:
            _site(tx, site_id)
            step, is_on = request.form.get("step", ""), request.form.get("on") == "yes"
            done = switch_step(tx, programme, site_id, step, is_on=is_on)
            return back("step_turned") if done in (Switching.DONE, Switching.NO_CHANGE) else abort(400)

        return desk.act(turn)


def _page(reading: Reading, desk: Desk, row: SiteRow) -> str:
    return page("site.html", row=row, switches=tuple(switches_of(reading, desk.parts.programme, row.id)))


def _site(reading: Reading, site_id: UUID) -> SiteRow:
    """One that she leads; another is not there."""
    leads = Role.ADMIN in me().roles or works_at(me().posts, site_id, Role.COORDINATOR)
    found = (row for row in sites.all_sites(reading) if row.id == site_id)
    return (next(found, None) if leads else None) or abort(404)


def led_sites() -> frozenset[UUID] | None:
    """The sites that she leads; ``None`` for all of them."""
    return None if Role.ADMIN in me().roles else sites_of(me().posts, Role.COORDINATOR)


def her_sites() -> frozenset[UUID] | None:
    """The sites at which she works with clients; ``None`` for all of them."""
    return None if Role.ADMIN in me().roles else sites_of(me().posts, Role.COORDINATOR, Role.MENTOR)
