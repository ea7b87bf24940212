"""The pages for staff, put together."""

from hashlib import blake2s
from importlib.resources import files
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.account import add_account
from handlers.staff.audit import add_audit
from handlers.staff.changes import add_changes, add_incidents
from handlers.staff.clients import add_clients
from handlers.staff.desk import Desk, me, whoever, words
from handlers.staff.enrol import add_enrol
from handlers.staff.events import add_event_day, add_events
from handlers.staff.figures.views import add_figures
from handlers.staff.guard import STATIC, add_guard
from handlers.staff.inbox import add_inbox
from handlers.staff.infants import add_corrections, add_infants, add_samples
from handlers.staff.joining import add_joining
from handlers.staff.line import add_line
from handlers.staff.losses import add_losses
from handlers.staff.lost import add_lost
from handlers.staff.merging import add_merging
from handlers.staff.plans import add_plans, add_texts
from handlers.staff.preview import add_previews
from handlers.staff.record import add_record
from handlers.staff.remind import add_remind
from handlers.staff.rights import RIGHTS
from handlers.staff.roster import add_roster
from handlers.staff.sending import add_held, add_sending
from handlers.staff.shown import LISTS, shown, spoken
from handlers.staff.sign_in import add_sign_in
from handlers.staff.sites import add_sites, add_switches
from handlers.staff.tasks import add_tasks
from handlers.staff.team import add_team
from handlers.staff.titles import text_title
from handlers.staff.today import add_today
from handlers.staff.transfers import add_transfers
from handlers.staff.visits import add_planning, add_visits
from handlers.staff.words import LANGUAGES, words_in
from service.actions.credentials import CredentialKind, nobodys
from service.parts import Parts
from service.preview.engine import Travel

VIEWS: Final = (
    add_sign_in,
    add_line,
    add_today,
    add_tasks,
    add_visits,
    add_planning,
    add_events,
    add_event_day,
    add_clients,
    add_remind,
    add_enrol,
    add_infants,
    add_samples,
    add_corrections,
    add_record,
    add_changes,
    add_losses,
    add_merging,
    add_incidents,
    add_transfers,
    add_inbox,
    add_team,
    add_joining,
    add_roster,
    add_sites,
    add_switches,
    add_sending,
    add_held,
    add_lost,
    add_plans,
    add_texts,
    add_previews,
    add_audit,
    add_figures,
    add_account,
)
TABS: Final = (
    ("staff.today", "today.title"),
    ("staff.clients", "clients.title"),
    ("staff.inbox", "inbox.title"),
    ("staff.figures", "figures.title"),
    ("staff.account", "account.title"),
)
"""What stands in the menu, for whom it is open."""

MORE: Final = (
    ("staff.enrol", "enrol.title"),
    ("staff.event_list", "events.title"),
    ("staff.incidents", "incidents.title"),
    ("staff.transfers", "transfers.title"),
    ("staff.team_list", "team.title"),
    ("staff.sending", "sending.title"),
    ("staff.plan_list", "plans.title"),
    ("staff.site_list", "sites.title"),
    ("staff.audit", "audit.title"),
)
"""What the page behind the last entry leads to."""


def blueprint(parts: Parts, travel: Travel | None = None) -> Blueprint:
    pages = Blueprint(
        "staff", __name__, url_prefix="/staff", template_folder="templates", static_folder="static"
    )
    desk = Desk(parts, travel)
    nobodys(CredentialKind.PASSWORD)  # now, so that the first unknown name takes no longer than the next
    add_guard(pages, desk)
    for add in VIEWS:
        add(pages, desk)
    _add_front(pages)
    _add_what_templates_need(pages, desk)
    return pages


def _add_front(pages: Blueprint) -> None:
    @pages.get("/")
    def front() -> AnyResponse:
        """To the first page that is open to her."""
        return redirect(url_for(_open_to_her(TABS)[0][0]), code=303)


def _open_to_her(links: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    roles = me().roles
    return tuple(link for link in links if roles & RIGHTS[link[0]])


def _add_what_templates_need(pages: Blueprint, desk: Desk) -> None:
    zone = desk.parts.programme.calendar.zone
    versions = {
        file.name: blake2s(file.read_bytes(), digest_size=4).hexdigest()
        for file in files("handlers.staff").joinpath("static").iterdir()
    }

    steps = {step.id: step for plan in desk.parts.programme.plans for step in plan.timings}
    pages.add_app_template_filter(shown)

    @pages.context_processor
    def given() -> dict[str, object]:
        return {
            "dated": lambda day: words().near_day(day, desk.today()),
            "moment": lambda moment: words().moment(moment, zone, desk.today()),
            "known_steps": steps,
            "text_title": text_title,
            "note": lambda task: spoken(task, zone),
            **LISTS,
            "asset": lambda name: url_for(STATIC, filename=name, v=versions[name]),
            "csrf_token": generate_csrf,
            "demo": desk.parts.demo,
            "language_names": lambda: [(code, words_in(code).name) for code in LANGUAGES],
            "request": request,
            "tabs": lambda: _open_to_her(TABS) if whoever() else (),
            "more": lambda: _open_to_her(MORE),
        }
