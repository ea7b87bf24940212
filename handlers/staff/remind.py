"""A reminder by hand: the exact text first, then the button."""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers
from handlers.staff.desk import Desk, back, page
from service.actions.remind_now import by_hand, remind_now
from service.domain.permission import Go, Stop
from service.reports.prices import usual_price
from service.store.transaction import Reading, Transaction


def add_remind(pages: Blueprint, desk: Desk) -> None:
    programme = desk.parts.programme

    @pages.get("/clients/<code>/remind")
    def reminder(code: str) -> str:
        return desk.ask(lambda reading: _preview(reading, desk, code))

    @pages.post("/clients/<code>/remind")
    def remind(code: str) -> AnyResponse:
        def act(tx: Transaction) -> str:
            permission = remind_now(tx, programme, hers(tx, code))
            return back("reminded" if isinstance(permission, Go) else "not_reminded")

        return desk.act(act)


def _preview(reading: Reading, desk: Desk, code: str) -> str:
    woman = hers(reading, code)
    reminder = by_hand(reading, desk.parts.programme, woman)
    if isinstance(reminder, Stop):
        return page("remind.html", woman=woman, message=None, stands=reminder)
    parts = reminder.message.words.parts
    return page(
        "remind.html",
        woman=woman,
        message=reminder.message,
        stands=None if isinstance(reminder.permission, Go) else reminder.permission,
        price=usual_price(reading, parts),
    )
