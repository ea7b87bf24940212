"""Taking a client in, and her infants. The form is read as a line of a caseload file is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Final

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, me, page, words
from handlers.staff.faults import fault_words
from handlers.staff.fields import chosen, chosen_day
from service.actions.enrol import NewClient, NicknameTaken, enrol_client
from service.actions.reply import ask_number
from service.actions.visits import NewVisit, plan_visit
from service.domain.care import VisitKind
from service.domain.caseload import sites_of
from service.domain.hours import HOURS, PartOfDay, common, is_never
from service.domain.people import Role, SafeTimes
from service.intake.cells import Cells, Problem
from service.intake.clients import ClientFile
from service.intake.columns import Layout
from service.intake.place import Place
from service.intake.sheet import Line
from service.reports.sites import SiteName, site_names
from service.store.records import client
from service.store.transaction import Reading, Transaction

_COLUMNS: Final = ClientFile.columns.all
_LAYOUT: Final = Layout({name: place for place, name in enumerate(_COLUMNS)}, len(_COLUMNS), ())


def add_enrol(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/enrol")
    def enrol() -> str:
        return _form(desk, ())

    @pages.post("/enrol")
    def take_in() -> AnyResponse | tuple[str, int]:
        site = desk.ask(_site)
        read = _read(desk, site)
        if isinstance(read, tuple):
            return _form(desk, read), 422
        try:
            return desk.act(lambda tx: _take_in(tx, desk, read, site))
        except NicknameTaken:
            return _form(desk, (Problem(1, "nickname", words()("told.name_taken")),)), 422


def _form(desk: Desk, problems: tuple[Problem, ...]) -> str:
    wrong: Mapping[str, str] = {problem.column: fault_words(problem.reason) for problem in problems}
    texts = desk.parts.programme.texts
    return page(
        "enrol.html",
        wrong=wrong,
        given=request.form,
        sites=desk.ask(_sites),
        today=desk.today(),
        hours=_hours(desk),
        phone_languages=[(code, texts.name(code)) for code in texts.languages],
    )


def _hours(desk: Desk) -> list[tuple[PartOfDay, time, time]]:
    """The parts of a day in which a text may reach her, as far as texts go here at all."""
    usual = desk.parts.programme.calendar.safe
    clipped = ((part, common(usual, SafeTimes(*HOURS[part], usual.days))) for part in PartOfDay)
    return [(part, one.starts, one.ends) for part, one in clipped if not is_never(one)]


def _sites(reading: Reading) -> tuple[SiteName, ...]:
    """Where she may take somebody in."""
    return site_names(reading, sites_of(me().posts, Role.MENTOR, Role.COORDINATOR))


def _site(reading: Reading) -> SiteName:
    wanted = request.form.get("site", "")
    return next((site for site in _sites(reading) if str(site.id) == wanted), None) or abort(400)


def _read(desk: Desk, site: SiteName) -> NewClient | tuple[Problem, ...]:
    """What was typed, or everything that is wrong with it."""
    today = desk.today()
    starts, ends = HOURS[chosen(PartOfDay, "hours") or PartOfDay.ANY]
    typed = {
        **request.form.to_dict(),
        "site": site.name,
        "enrolled_on": today.isoformat(),
        "phone_confirmed": "no",
        "consent_sms": "yes" if request.form.get("consent_sms") else "no",
        "safe_from": f"{starts:%H:%M}",
        "safe_to": f"{ends:%H:%M}",
        "mentor_phone": "",
    }
    place = desk.ask(lambda reading: naming(reading, desk))
    cells = Cells(_LAYOUT, Line(1, tuple(typed.get(name, "") for name in _COLUMNS)))
    read = ClientFile(place).read(cells)
    return tuple(cells.problems) or read.client


def naming(reading: Reading, desk: Desk) -> Place:
    """What may be typed here, such as a name that texts can say."""
    programme = desk.parts.programme
    names = tuple(site.name for site in site_names(reading, None))
    return Place(programme, programme.country, programme.today(reading.now), names)


def _take_in(tx: Transaction, desk: Desk, new: NewClient, site: SiteName) -> str:
    programme = desk.parts.programme
    mentor_id = me().id if Role.MENTOR in me().roles else None
    client_id = enrol_client(tx, replace(new, site_id=site.id, mentor_id=mentor_id))
    woman = client(tx, client_id)
    ask_number(tx, programme, woman)
    kind, day = chosen(VisitKind, "visit_kind"), request.form.get("visit_day")
    if kind and day and chosen_day("visit_day") >= programme.today(tx.now):
        plan_visit(tx, programme, NewVisit(client_id, client_id, kind, chosen_day("visit_day")))
    return url_for("staff.client", code=woman.code, told="enrolled")
