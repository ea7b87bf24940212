"""The ledger of a client, and a reminder by hand."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from handlers.api.clients import ClientPath, her
from handlers.api.desk import Desk, Listing, Once, Paging, Shape, Strict, listed, me, page_for, shown
from handlers.api.problem import Refused
from service.actions.remind_now import remind_now
from service.domain.permission import Go
from service.reports import listed_work
from service.reports.listed_work import ListedReminder
from service.store.transaction import Transaction


class Reminders(Listing[ListedReminder]):
    pass


class NothingMore(Strict):
    """An empty object."""


class Queued(Shape):
    client: str
    queued: bool = True


def add_reminders(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/clients/<string:code>/reminders", responses={200: Reminders})
    def reminders(path: ClientPath, query: Paging) -> Response:
        """Her ledger: each reminder that was planned, with its end and the reason for it"""
        caseload = me().caseload
        desk.ask(lambda reading: her(reading, caseload, path.code))
        rows = desk.ask(lambda reading: listed_work.reminders(reading, caseload, page_for(query), path.code))
        return listed(Reminders, rows, query)

    @api.post("/clients/<string:code>/reminders", responses={202: Queued})
    def trigger_reminder(path: ClientPath, header: Once, body: NothingMore) -> Response:  # noqa: ARG001
        """Text her the date of her next visit, once a day at most; a 409 says what stands in the way"""
        caseload = me().caseload

        def remind(tx: Transaction) -> str:
            permission = remind_now(tx, desk.parts.programme, her(tx, caseload, path.code))
            if not isinstance(permission, Go):
                raise Refused(409, f"It may not go now: {permission.reason}.")
            return path.code

        return shown(Queued(client=desk.act(header, remind)), 202)
