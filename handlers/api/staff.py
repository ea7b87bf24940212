"""Who works where and how much each has to do; by id, without names and numbers."""

from datetime import datetime
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from handlers.api.desk import Desk, Shape, me, shown
from service.domain.people import Role
from service.reports.team import TeamRow, team


class Colleague(Shape):
    """``tasks`` are open; somebody is away until that moment."""

    id: UUID
    roles: list[Role]
    sites: list[str]
    on_call: bool
    blocked: bool
    away_until: datetime | None
    tasks: int
    clients: int


class Staff(Shape):
    items: list[Colleague]


def add_staff(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/staff", responses={200: Staff})
    def staff() -> Response:
        """Everybody with a role at the site of the token, or at all of them"""
        site_ids = me().caseload.site_ids
        rows = desk.ask(lambda reading: team(reading, site_ids))
        return shown(Staff(items=[_shape(row) for row in sorted(rows, key=lambda row: row.id)]))


def _shape(row: TeamRow) -> Colleague:
    return Colleague(
        id=row.id,
        roles=sorted({post.role for post in row.posts}),
        sites=list(row.sites),
        on_call=row.on_call,
        blocked=row.blocked,
        away_until=row.away_until,
        tasks=row.tasks,
        clients=row.clients,
    )
