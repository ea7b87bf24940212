"""Sites: which there are, and which may send."""

from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, page
from service.actions import sites
from service.store.transaction import Transaction


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


LONGEST = 60
