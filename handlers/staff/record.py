"""A record put right: her name, her dates, another number, and who looks after her."""

from datetime import date
from typing import Final

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers, on_her, unless_taken
from handlers.staff.desk import Desk, back, page
from handlers.staff.enrol import naming
from handlers.staff.fields import chosen, chosen_day, chosen_time
from handlers.staff.team import carers
from service.actions.correct import Corrected, CorrectionFault, correct
from service.actions.handover import hand_client
from service.actions.new_number import NewNumber, change_number
from service.actions.reach import Reach, ReachFault, reach_as
from service.domain.people import ClientKind, PhoneOwner, Wording
from service.domain.phone import Phone
from service.intake.cells import Wrong
from service.reports.clients import about
from service.store.records import ClientRecord
from service.store.transaction import Reading, Transaction

WEEKDAYS: Final = frozenset("1234567")


def add_record(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/clients/<code>/record")
    def record(code: str) -> str:
        return desk.ask(lambda reading: _page(reading, desk, hers(reading, code)))

    @pages.post("/clients/<code>/record")
    def put_right(code: str) -> AnyResponse:
        return unless_taken(desk, lambda tx: back(_correct(tx, desk, hers(tx, code))))

    @pages.post("/clients/<code>/new-number")
    def new_number(code: str) -> AnyResponse:
        return unless_taken(desk, lambda tx: back(_change_number(tx, desk, hers(tx, code))))

    @pages.post("/clients/<code>/reach")
    def set_reach(code: str) -> AnyResponse:
        return desk.act(lambda tx: back(_reach(tx, desk, hers(tx, code))))

    @pages.post("/clients/<code>/mentor")
    def give_to(code: str) -> AnyResponse:
        return on_her(desk, code, "handed_over", _give_to)


def _page(reading: Reading, desk: Desk, woman: ClientRecord) -> str:
    texts = desk.parts.programme.texts
    return page(
        "record.html",
        woman=woman,
        about=about(reading, woman),
        today=desk.today(),
        usual=desk.parts.programme.calendar.safe,
        text_languages=[(code, texts.name(code)) for code in texts.languages],
        carers=carers(reading, woman.site_id),
    )


def _correct(tx: Transaction, desk: Desk, woman: ClientRecord) -> str:
    typed = request.form.get("nickname", "").strip()
    nickname = naming(tx, desk).nickname(typed) if typed else None
    if isinstance(nickname, Wrong):
        return "name_is_odd"
    said = Corrected(
        nickname=nickname, born_on=_day("born_on"), kind=chosen(ClientKind, "kind"), edd=_day("edd")
    )
    done = correct(tx, desk.parts.programme, woman.id, said)
    if isinstance(done, CorrectionFault):
        return "day_is_to_come"
    return "put_right" if done else "nothing_new"


def _day(name: str) -> date | None:
    return chosen_day(name) if request.form.get(name) else None


def _change_number(tx: Transaction, desk: Desk, woman: ClientRecord) -> str:
    """She is asked at the new number; nothing else goes there before she answers."""
    phone = naming(tx, desk).phone(request.form.get("phone", ""))
    if not isinstance(phone, Phone):
        return "number_is_odd"
    owner = chosen(PhoneOwner, "phone_owner")
    change_number(tx, desk.parts.programme, NewNumber(woman.id, phone, owner))
    return "number_changed"


def _reach(tx: Transaction, desk: Desk, woman: ClientRecord) -> str:
    """Her language, words, days and hours. A more telling word needs her own yes."""
    language, days = request.form.get("language", ""), request.form.getlist("days")
    if language not in desk.parts.programme.texts.languages or not set(days) <= WEEKDAYS:
        abort(400)
    wish = Reach(
        language=language,
        wording=chosen(Wording, "wording") or abort(400),
        starts=chosen_time("starts"),
        ends=chosen_time("ends"),
        days=frozenset(map(int, days)),
        says_yes=request.form.get("says_yes") == "yes",
    )
    done = reach_as(tx, desk.parts.programme, woman, wish)
    if isinstance(done, ReachFault):
        return f"reach_{done}"
    return "reach_noted" if done else "nothing_new"


def _give_to(tx: Transaction, woman: ClientRecord) -> None:
    wanted = request.form.get("to_whom", "")
    to_whom = next((one.id for one in carers(tx, woman.site_id) if str(one.id) == wanted), None)
    hand_client(tx, woman.id, to_whom or abort(400))
