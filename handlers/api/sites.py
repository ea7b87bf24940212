"""The places that a token may know of."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from handlers.api.desk import Desk, Shape, me, shown
from service.actions.sites import all_sites


class Site(Shape):
    name: str
    district: str
    active: bool


class Sites(Shape):
    items: list[Site]


def add_sites(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/sites", responses={200: Sites})
    def sites() -> Response:
        """The sites of the token, by district and name"""
        mine = me().caseload.site_ids
        rows = [row for row in desk.ask(all_sites) if mine is None or row.id in mine]
        return shown(Sites(items=[Site.model_validate(row) for row in rows]))
