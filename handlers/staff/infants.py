"""Infants: taken in with a name that a text may say."""

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers
from handlers.staff.desk import Desk, back
from handlers.staff.enrol import naming
from handlers.staff.fields import chosen, chosen_day
from service.actions.enrol import NewInfant, enrol_infant
from service.domain.people import Feeding, InfantRisk
from service.intake.cells import Wrong
from service.store.transaction import Transaction


def add_infants(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/clients/<code>/infant")
    def add_infant(code: str) -> AnyResponse:
        return desk.act(lambda tx: _take_in(tx, desk, code))


def _take_in(tx: Transaction, desk: Desk, code: str) -> str:
    woman, born_on = hers(tx, code), chosen_day("born_on")
    typed = request.form.get("nickname", "").strip()
    if not typed or born_on > desk.parts.programme.today(tx.now):
        return back("infant_is_odd")
    nickname = naming(tx, desk).nickname(typed)
    if isinstance(nickname, Wrong):
        return back("name_is_odd")
    risk, feeding = chosen(InfantRisk, "risk"), chosen(Feeding, "feeding")
    enrol_infant(tx, NewInfant(woman.id, nickname, born_on, risk=risk, feeding=feeding), woman.language)
    return back("infant_added")
