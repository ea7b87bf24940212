"""Clients: the list, one woman's page, and what is written down about her."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from handlers.staff.fields import chosen
from handlers.staff.today import BUTTONS, USUAL
from service.actions.consent import record
from service.actions.contacts import note_contact
from service.actions.enrol import NicknameTaken
from service.actions.notes import LONGEST, reveal_number, reveal_phone, write_note
from service.actions.remind_now import ByHand, by_hand
from service.domain.care import ContactMode
from service.domain.code import is_code
from service.domain.ids import new_id
from service.domain.people import ConsentChannel
from service.domain.permission import Stop, Wait
from service.domain.reason import Reason
from service.reports import clients as report
from service.reports.ahead import coming
from service.reports.past import past
from service.reports.today import open_task, tasks_about
from service.store.caseloads import client_in
from service.store.records import ClientRecord, consents_to, links_of
from service.store.transaction import Reading, Transaction

PER_PAGE: Final = 20
NEXT: Final = 5
PAST: Final = 10
"""Texts of each kind that her page shows."""


def add_clients(pages: Blueprint, desk: Desk) -> None:
    _add_list(pages, desk)
    _add_client(pages, desk)
    _add_number(pages, desk)


def _add_list(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/clients")
    def clients() -> str | AnyResponse:
        code = "".join(request.args.get("code", "").split())
        if code and desk.ask(lambda reading: client_in(reading, me().caseload, code)):
            return redirect(url_for("staff.client", code=code), code=303)
        return desk.ask(lambda reading: _list(reading, desk, code))


def _list(reading: Reading, desk: Desk, code: str) -> str:
    number = max(request.args.get("page", 1, int), 1)
    today = desk.parts.programme.today(reading.now)
    rows = report.cared_for(reading, me().caseload, today, PER_PAGE + 1, (number - 1) * PER_PAGE)
    wrong = None if not code else "clients.no_such" if is_code(code) else "clients.no_code"
    return page("clients.html", rows=rows[:PER_PAGE], number=number, more=len(rows) > PER_PAGE, wrong=wrong)


def _add_client(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/clients/<code>")
    def client(code: str) -> str:
        return desk.ask(lambda reading: _page(reading, desk, hers(reading, code)))

    @pages.post("/clients/<code>/note")
    def add_note(code: str) -> AnyResponse:
        text = request.form.get("text", "").strip()
        if not 0 < len(text) <= LONGEST:
            abort(400)
        return on_her(desk, code, "noted", lambda tx, woman: write_note(tx, woman, text))

    @pages.post("/clients/<code>/contact")
    def add_contact(code: str) -> AnyResponse:
        mode = chosen(ContactMode, "mode") or abort(400)
        return on_her(desk, code, "contact_noted", lambda tx, woman: _note_contact(tx, woman, mode))

    @pages.post("/clients/<code>/consent")
    def set_consent(code: str) -> AnyResponse:
        channel = chosen(ConsentChannel, "channel") or abort(400)
        given = request.form.get("given") == "yes"
        return on_her(
            desk,
            code,
            "consent_noted",
            lambda tx, woman: record(tx, woman.id, channel, given=given, through="staff"),
        )


def _note_contact(tx: Transaction, woman: ClientRecord, mode: ContactMode) -> None:
    note_contact(tx, woman, mode, "staff", new_id(), staff_id=me().id)


def hers(reading: Reading, code: str) -> ClientRecord:
    """The client with a code; one who is not in her caseload is not there."""
    return client_in(reading, me().caseload, code) or abort(404)


def on_her(
    desk: Desk, code: str, told: str, action: Callable[[Transaction, ClientRecord], object]
) -> AnyResponse:
    """Carry out a form about one client of her caseload."""

    def act(tx: Transaction) -> str:
        action(tx, hers(tx, code))
        return back(told)

    return desk.act(act)


def unless_taken(desk: Desk, action: Callable[[Transaction], str]) -> AnyResponse:
    """Carry out a form about a client, unless somebody else at a number of hers is called the same."""
    try:
        return desk.act(action)
    except NicknameTaken:
        return desk.act(lambda _: back("name_taken"))


def _page(reading: Reading, desk: Desk, woman: ClientRecord) -> str:
    programme = desk.parts.programme
    today = programme.today(reading.now)
    return page(
        "client.html",
        woman=woman,
        about=report.about(reading, woman),
        links=links_of(reading, woman.id),
        safe=woman.safe_times(programme.calendar.safe),
        text_language=programme.texts.name(woman.language),
        tasks=tasks_about(reading, me().caseload, woman.id, PAST),
        buttons=lambda task: BUTTONS.get(task.kind, USUAL),
        today=today,
        now=reading.now,
        coming_visits=report.coming_visits(reading, woman, today, PAST),
        past_visits=report.past_visits(reading, woman, today, PAST),
        infants=report.infants(reading, woman),
        coming=coming(reading, woman.id, NEXT),
        stands=_in_the_way(reading, desk, woman),
        past=past(reading, woman, PAST),
        contacts=report.contacts(reading, woman, PAST),
        notes=report.notes(reading, woman, PAST),
    )


def _in_the_way(reading: Reading, desk: Desk, woman: ClientRecord) -> Reason | None:
    """Why no reminder would go to her until a person does something; nothing if one would."""
    reminder = by_hand(reading, desk.parts.programme, woman)
    match reminder.permission if isinstance(reminder, ByHand) else reminder:
        case Wait(until=None, reason=reason):
            return reason
        case Stop(reason) if reason is not Reason.NOT_TRUE_ANY_MORE:
            return reason
        case _:
            return None


def _add_number(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/clients/<code>/number")
    def number(code: str) -> str:
        return desk.write(lambda tx: _number_page(tx, desk, hers(tx, code)))

    @pages.post("/tasks/<uuid:task_id>/number")
    def number_of_task(task_id: UUID) -> str:
        def reveal(tx: Transaction) -> str:
            task = open_task(tx, me().caseload, task_id) or abort(404)
            if task.code:
                return _number_page(tx, desk, hers(tx, task.code))
            phone = reveal_phone(tx, task.phone_id) if task.phone_id else None
            return page("number.html", woman=None, phone=phone, tasks=[task], now=tx.now)

        return desk.write(reveal)


def _number_page(tx: Transaction, desk: Desk, woman: ClientRecord) -> str:
    return page(
        "number.html",
        woman=woman,
        phone=reveal_number(tx, woman),
        agrees=consents_to(tx, woman.id, ConsentChannel.CALL),
        safe=woman.safe_times(desk.parts.programme.calendar.safe),
        tasks=tasks_about(tx, me().caseload, woman.id, PAST),
        now=tx.now,
    )
