"""A loss: noted once, and then no text about it; her own care goes on when a person says so."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers
from handlers.staff.desk import Desk, back
from handlers.staff.fields import chosen, chosen_day
from service.actions import loss
from service.actions.loss import NewLoss
from service.actions.notes import LONGEST
from service.domain.safety import LossKind
from service.reports.changes import losses_of
from service.store.records import ClientRecord, infants_of
from service.store.transaction import Reading, Transaction


def add_losses(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.post("/clients/<code>/loss")
    def record_loss(code: str) -> AnyResponse:
        return desk.act(lambda tx: _record(tx, desk, hers(tx, code)))

    @pages.post("/clients/<code>/losses/<uuid:loss_id>/goes-on")
    def care_goes_on(code: str, loss_id: UUID) -> AnyResponse:
        return _on_loss(desk, code, loss_id, "care_goes_on", lambda tx: loss.go_on_with_care(tx, loss_id))

    @pages.post("/clients/<code>/losses/<uuid:loss_id>/comfort")
    def comfort(code: str, loss_id: UUID) -> AnyResponse:
        return _on_loss(
            desk, code, loss_id, "comforted", lambda tx: loss.send_condolence(tx, programme, loss_id)
        )

    @pages.post("/clients/<code>/losses/<uuid:loss_id>/undo")
    def undo_loss(code: str, loss_id: UUID) -> AnyResponse:
        why = request.form.get("why", "").strip()[:LONGEST]
        return _on_loss(desk, code, loss_id, "loss_undone", lambda tx: loss.undo_loss(tx, loss_id, why))


def _record(tx: Transaction, desk: Desk, woman: ClientRecord) -> str:
    kind = chosen(LossKind, "kind") or abort(400)
    infant_id, day = _infant(tx, woman), _day()
    if kind is LossKind.INFANT_DEATH and infant_id is None:
        return back("which_infant")
    if day and day > desk.parts.programme.today(tx.now):
        return back("day_is_to_come")
    of_infant = infant_id if kind is LossKind.INFANT_DEATH else None
    loss.record_loss(tx, desk.parts.programme, NewLoss(woman.id, kind, of_infant, day))
    return back("loss_noted")


def _infant(reading: Reading, woman: ClientRecord) -> UUID | None:
    wanted = request.form.get("infant", "")
    return next((one for one in infants_of(reading, woman.id) if str(one) == wanted), None)


def _day() -> date | None:
    return chosen_day("day") if request.form.get("day") else None


def _on_loss(
    desk: Desk, code: str, loss_id: UUID, told: str, action: Callable[[Transaction], bool]
) -> AnyResponse:
    """Carry out a form about a loss of a client of her caseload."""

    def act(tx: Transaction) -> str:
        if loss_id not in {row.id for row in losses_of(tx, hers(tx, code).id)}:
            abort(404)
        return back(told if action(tx) else "not_now")

    return desk.act(act)
