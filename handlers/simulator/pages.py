"""The page with two phones. It is registered in a demonstration only; elsewhere there is no such address."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.simulator import view
from handlers.simulator.flow import Flow
from handlers.simulator.handset import Desk
from handlers.simulator.network import Network
from handlers.simulator.team import DOORS, add_team, code_now
from service.domain.phone import Phone
from service.parts import Parts
from service.phones import read_phone
from service.reports.phones import clients

CONTENT_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
NOTES: Final = {
    "no-reminder": "No reminder is planned that would really go.",
    "not-taken": "The service did not take the text.",
}
OURSELVES: Final = frozenset({"same-origin", "none", None})
"""How browsers name a request that no other site's page has made; old ones name nothing."""


@dataclass(frozen=True)
class Simulator:
    """What the page works with. ``network`` leads to the webhooks of this very process."""

    parts: Parts
    flow: Flow
    network: Network
    desk: Desk


def blueprint(simulator: Simulator) -> Blueprint:
    pages = Blueprint(
        "simulator",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/simulator/static",
    )
    pages.before_request(_refuse_other_sites)
    pages.after_request(_guard)
    _add_page(pages, simulator)
    _add_dialogues(pages, simulator)
    _add_texts(pages, simulator)
    _add_time(pages, simulator)
    add_team(pages, simulator.parts)
    return pages


def _refuse_other_sites() -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") not in OURSELVES:
        abort(403)


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response


def _add_page(pages: Blueprint, simulator: Simulator) -> None:
    @pages.get("/")
    def front() -> AnyResponse:
        return redirect(url_for("simulator.page"))

    @pages.get("/simulator")
    def page() -> str:
        chosen = request.args.get("client")
        shown = simulator.parts.store.read(
            lambda reading: view.page(reading, simulator.parts, simulator.desk, chosen)
        )
        if shown is None:
            abort(404)
        note = NOTES.get(request.args.get("note", ""))
        code = simulator.parts.store.read(code_now)
        return render_template(
            "simulator.html", page=shown, text_id=token_hex(12), note=note, doors=DOORS, code=code
        )


def _add_dialogues(pages: Blueprint, simulator: Simulator) -> None:
    desk = simulator.desk

    @pages.post("/simulator/dial")
    def dial() -> AnyResponse:
        desk.dial(_phone(), request.form.get("dialled", ""))
        return dialogue()

    @pages.post("/simulator/type")
    def type_in() -> AnyResponse:
        desk.type(_phone(), request.form.get("typed", ""), request.form.get("turn", -1, int))
        return dialogue()

    @pages.post("/simulator/hang-up")
    def hang_up() -> AnyResponse:
        desk.hang_up(_phone())
        return dialogue()

    @pages.post("/simulator/drop")
    def drop() -> AnyResponse:
        desk.drop(_phone(), request.form.get("typed", ""))
        return dialogue()

    def dialogue() -> AnyResponse:
        """To the input while the service waits for one, so that she can type on."""
        return _shown(simulator, "typed" if desk.handset(_phone()).call else "ussd")


def _add_texts(pages: Blueprint, simulator: Simulator) -> None:
    @pages.post("/simulator/text")
    def text() -> AnyResponse:
        words = request.form.get("text", "").strip()
        text_id = request.form.get("text_id") or token_hex(12)
        silence = simulator.network.text(text_id, _phone().e164, words) if words else None
        return _shown(simulator, "sms", "not-taken" if silence else None)

    @pages.post("/simulator/size")
    def size() -> Response:
        return Response(view.size(request.form.get("text", "").strip()), content_type="text/plain")


def _add_time(pages: Blueprint, simulator: Simulator) -> None:
    @pages.post("/simulator/skip")
    def skip() -> AnyResponse:
        """To the next reminder; the page follows it to the phone where it arrives."""
        codes = {row.id: row.code for row in simulator.parts.store.read(clients)}
        wanted = next((client_id for client_id, code in codes.items() if code == _client()), None)
        reminded = simulator.flow.to_next_reminder(wanted)
        if reminded is None:
            return _to_page(_client(), note="no-reminder")
        return _to_page(codes[reminded], anchor="client")

    @pages.post("/simulator/ahead")
    def ahead() -> AnyResponse:
        step = STEPS.get(request.form.get("step", "")) or abort(400)
        simulator.flow.pass_time(step)
        return _to_page(_client())


def _shown(simulator: Simulator, part: str, note: str | None = None) -> AnyResponse:
    """Back to that part of the phone, once the service has sent what follows from the key-press."""
    simulator.flow.work_once()
    return _to_page(_client(), note, f"{request.form.get('side', 'client')}-{part}")


def _to_page(client: str | None, note: str | None = None, anchor: str | None = None) -> AnyResponse:
    return redirect(url_for("simulator.page", client=client, note=note, _anchor=anchor), code=303)


def _client() -> str | None:
    return request.form.get("client")


def _phone() -> Phone:
    read = read_phone(request.form.get("phone", ""), allowed=("+",))
    return read if isinstance(read, Phone) else abort(400)
