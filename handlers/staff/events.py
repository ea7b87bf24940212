"""Outreach days and group sessions: set, moved, called off, who comes, and who came."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.desk import Desk, back, me, page
from handlers.staff.fields import chosen, chosen_day, chosen_time
from handlers.staff.sites import her_sites, led_sites
from service.actions import events, invitations, places, visits
from service.domain.care import EVENTS, EventState, VisitKind, VisitState
from service.programme import Programme
from service.reports import events as report
from service.reports.events import EventRow, Invited
from service.reports.sites import places_served, site_names
from service.store.caseloads import client_in, known_in
from service.store.transaction import Reading, Transaction

SHOWN_FOR: Final = timedelta(days=60)
"""How long an event stands in the list after its day."""

MOST: Final = 200
"""Clients of one kind that a page names: more come to no event."""

LONGEST: Final = 60
"""Of the name of a place."""

Sites = frozenset[UUID] | None
Change = Callable[[Transaction, Programme, EventRow], str]
"""What is done about an event, and the word for it."""


def add_events(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/events")
    def event_list() -> str:
        return desk.ask(lambda reading: _list(reading, desk))

    @pages.post("/events/add")
    def add_event() -> AnyResponse:
        return desk.act(lambda tx: back(_add(tx, desk.today())))

    @pages.post("/events/link")
    def link_place() -> AnyResponse:
        return desk.act(lambda tx: back(_link(tx)))

    @pages.post("/events/<uuid:event_id>/move")
    def move_event(event_id: UUID) -> AnyResponse:
        return _change(desk, event_id, led_sites(), _move)

    @pages.post("/events/<uuid:event_id>/cancel")
    def cancel_event(event_id: UUID) -> AnyResponse:
        return _change(desk, event_id, led_sites(), _cancel)


def add_event_day(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/events/<uuid:event_id>")
    def event(event_id: UUID) -> str:
        return desk.ask(lambda reading: _page(reading, desk, _event(reading, event_id, her_sites())))

    @pages.post("/events/<uuid:event_id>/answer")
    def event_answer(event_id: UUID) -> AnyResponse:
        return _change(desk, event_id, her_sites(), _answer)

    @pages.post("/events/<uuid:event_id>/bring")
    def bring_visit(event_id: UUID) -> AnyResponse:
        return _change(desk, event_id, her_sites(), _bring)

    @pages.post("/events/<uuid:event_id>/attended")
    def event_attended(event_id: UUID) -> AnyResponse | tuple[str, int]:
        """By whoever sees all of the site's clients: whom she does not tick has missed it."""
        sites = me().caseload.site_ids
        row = desk.ask(lambda reading: _event(reading, event_id, sites))
        if desk.ask(_here) is None:
            return desk.ask(lambda reading: _page(reading, desk, row, wrong="events.no_such_code")), 422
        return _change(desk, event_id, sites, _close)


def _list(reading: Reading, desk: Desk) -> str:
    today = desk.today()
    return page(
        "events.html",
        rows=report.events(reading, today - SHOWN_FOR, her_sites()),
        tomorrow=today + timedelta(days=1),
        sites=site_names(reading, led_sites()),
        own_sites=site_names(reading, me().caseload.site_ids),
        places=places_served(reading, led_sites()),
        kinds=EVENTS,
    )


def _page(reading: Reading, desk: Desk, row: EventRow, wrong: str | None = None) -> str:
    def those(*states: VisitState) -> tuple[Invited, ...]:
        return report.invited_to(reading, me().caseload, row.event, states, MOST)

    today = desk.today()
    return page(
        "event.html",
        row=row,
        today=today,
        tomorrow=today + timedelta(days=1),
        leads=report.event(reading, row.event, led_sites()) is not None,
        closes=report.event(reading, row.event, me().caseload.site_ids) is not None,
        coming=those(VisitState.PLANNED, VisitState.NOT_KNOWN),
        asked=those(VisitState.INVITED),
        came=those(VisitState.ATTENDED),
        stays_away=those(VisitState.CANCELLED, VisitState.MISSED),
        to_call=report.had_said_yes(reading, me().caseload, row.event, MOST) if row.day >= today else (),
        wrong=wrong,
        given=request.form,
    )


def _event(reading: Reading, event_id: UUID, sites: Sites) -> EventRow:
    """One of these sites; another is not there."""
    return report.event(reading, event_id, sites) or abort(404)


def _change(desk: Desk, event_id: UUID, sites: Sites, change: Change) -> AnyResponse:
    programme = desk.parts.programme
    return desk.act(lambda tx: back(change(tx, programme, _event(tx, event_id, sites))))


def _move(tx: Transaction, programme: Programme, row: EventRow) -> str:
    day = chosen_day("day")
    if day <= programme.today(tx.now):
        return "event_day_past"
    return "event_moved" if events.move_event(tx, programme, row.event, day) else "event_is_over"


def _cancel(tx: Transaction, programme: Programme, row: EventRow) -> str:
    return "event_off" if events.cancel_event(tx, programme, row.event) else "event_is_over"


def _bring(tx: Transaction, programme: Programme, row: EventRow) -> str:
    woman = client_in(tx, me().caseload, "".join(request.form.get("code", "").split()))
    due = report.visits_to_bring(tx, woman.id, chosen(VisitKind, "kind")) if woman else []
    if not due:
        return "nothing_to_bring"
    visit_id, _ = due[0]
    return "brought" if events.bring(tx, programme, row.event, visit_id) else "not_brought"


def _close(tx: Transaction, programme: Programme, row: EventRow) -> str:
    came = set((_here(tx) or {}).values())
    return "event_held" if events.record_event(tx, programme, row.event, came) else "day_is_to_come"


def _add(tx: Transaction, today: date) -> str:
    kind, day, at = chosen(VisitKind, "kind"), chosen_day("day"), chosen_time("at")
    site_id, place_id = _where(tx)
    if kind not in EVENTS:
        abort(400)
    if day <= today:
        return "event_day_past"
    events.add_event(tx, events.NewEvent(site_id, place_id, kind, day, at))
    return "event_added"


def _where(reading: Reading) -> tuple[UUID, UUID | None]:
    """The site that she chose, or one of its places."""
    led = led_sites()
    whole = {f"site:{site.id}": (site.id, None) for site in site_names(reading, led)}
    parts = {f"place:{place.id}": (place.site_id, place.id) for place in places_served(reading, led)}
    return {**whole, **parts}.get(request.form.get("where", "")) or abort(400)


def _link(tx: Transaction) -> str:
    """Link clients with a place of one of her sites, which is made if it is new."""
    name = " ".join(request.form.get("place", "").split())
    sites = {str(site.id): site.id for site in site_names(tx, me().caseload.site_ids)}
    site_id = sites.get(request.form.get("site", "")) or abort(400)
    if not 0 < len(name) <= LONGEST:
        abort(400)
    here = _here(tx)
    if not here:
        return "code_unknown"
    linked = places.link(tx, places.add_place(tx, site_id, name), here.values())
    return "place_linked" if linked == len(here) else "place_linked_some"


def _here(reading: Reading) -> dict[str, UUID] | None:
    """The clients whose codes were ticked or typed; ``None`` if a code is none of her clients'."""
    typed = re.split(r"[\s,;]+", request.form.get("codes", "").strip())
    codes = {*request.form.getlist("came"), *filter(None, typed)}
    known = known_in(reading, me().caseload, codes)
    return known if codes <= known.keys() else None


def _answer(tx: Transaction, _: Programme, row: EventRow) -> str:
    """What an invited client said to a person."""
    visit_id = request.form.get("visit", None, UUID) or abort(400)
    if not report.is_invited(tx, me().caseload, row.event, visit_id):
        abort(404)
    if row.state is not EventState.PLANNED:
        return "event_is_over"
    if request.form.get("coming") == "yes":
        visits.confirm_visit(tx, visit_id)
    else:
        invitations.decline(tx, visit_id)
    return "answer_noted"
