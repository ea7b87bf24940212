"""Clients who go to another site: offered there, and hers where they are until that site has accepted."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers
from handlers.staff.desk import Desk, back, me, page
from handlers.staff.team import carers
from service.actions import transfer
from service.actions.transfer import NewTransfer, TransferFault
from service.domain.caseload import sites_of
from service.domain.people import Role
from service.reports.changes import TransferRow, offered_from, offered_to
from service.reports.sites import site_names
from service.store.transaction import Reading, Transaction

Answer = Callable[[Transaction, TransferRow], TransferFault | None]
Offered = Callable[[Reading], tuple[TransferRow, ...]]


def add_transfers(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.get("/transfers")
    def transfers() -> str:
        return desk.ask(_page)

    @pages.post("/clients/<code>/transfer")
    def offer_client(code: str) -> AnyResponse:
        return desk.act(lambda tx: _offer(tx, desk, code))

    @pages.post("/transfers/<uuid:transfer_id>/accept")
    def accept_client(transfer_id: UUID) -> AnyResponse:
        def accept(tx: Transaction, row: TransferRow) -> TransferFault | None:
            return transfer.accept(tx, programme, transfer_id, _mentor(tx, row))

        return _answer(desk, transfer_id, "accepted", accept, _coming)

    @pages.post("/transfers/<uuid:transfer_id>/decline")
    def decline_client(transfer_id: UUID) -> AnyResponse:
        return _answer(
            desk, transfer_id, "declined", lambda tx, _: transfer.decline(tx, programme, transfer_id), _coming
        )

    @pages.post("/transfers/<uuid:transfer_id>/withdraw")
    def withdraw_client(transfer_id: UUID) -> AnyResponse:
        return _answer(
            desk, transfer_id, "withdrawn", lambda tx, _: transfer.withdraw_offer(tx, transfer_id), _going
        )


def _coming(reading: Reading) -> tuple[TransferRow, ...]:
    """Offered to the sites that she coordinates."""
    return offered_to(reading, sites_of(me().posts, Role.COORDINATOR))


def _going(reading: Reading) -> tuple[TransferRow, ...]:
    return offered_from(reading, sites_of(me().posts, Role.COORDINATOR))


def _page(reading: Reading) -> str:
    rows = [(row, carers(reading, row.to_site_id)) for row in _coming(reading)]
    return page("transfers.html", coming=rows, going=_going(reading))


def _mentor(reading: Reading, row: TransferRow) -> UUID | None:
    wanted = request.form.get("mentor", "")
    return next((one.id for one in carers(reading, row.to_site_id) if str(one.id) == wanted), None)


def _offer(tx: Transaction, desk: Desk, code: str) -> str:
    woman, wanted = hers(tx, code), request.form.get("site", "")
    site = next((one.id for one in site_names(tx, None) if str(one.id) == wanted), None) or abort(400)
    done = transfer.offer(tx, desk.parts.programme, NewTransfer(woman.id, site))
    return _said(done if isinstance(done, TransferFault) else None, "offered")


def _answer(desk: Desk, transfer_id: UUID, told: str, answer: Answer, offered: Offered) -> AnyResponse:
    def act(tx: Transaction) -> str:
        row = next((one for one in offered(tx) if one.id == transfer_id), None) or abort(404)
        return _said(answer(tx, row), told)

    return desk.act(act)


def _said(fault: TransferFault | None, told: str) -> str:
    return back(f"no_transfer_{fault.name.lower()}" if fault else f"transfer_{told}")
