"""When things change for a client: wishes, losses, records too many, somebody who learnt of her affairs."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff.clients import hers, on_her
from handlers.staff.desk import Desk, back, me, page
from handlers.staff.fields import chosen, chosen_time
from service.actions.choices import choose, end_choice
from service.actions.incident import Checked, NewIncident, report_disclosure, resume_after
from service.actions.notes import LONGEST
from service.domain.people import Choice, ClientState
from service.reports import changes as report
from service.reports.clients import infants
from service.reports.sites import site_names
from service.store.records import ClientRecord
from service.store.transaction import Reading, Transaction

MOST: Final = 20


def add_changes(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/clients/<code>/changes")
    def changes(code: str) -> str:
        return desk.ask(lambda reading: _page(reading, desk, hers(reading, code)))

    @pages.post("/clients/<code>/choice")
    def wish(code: str) -> AnyResponse:
        return on_her(desk, code, "wish_noted", lambda tx, woman: _choose(tx, desk, woman))


def _page(reading: Reading, desk: Desk, woman: ClientRecord) -> str:
    return page(
        "changes.html",
        woman=woman,
        today=desk.today(),
        losses=report.losses_of(reading, woman.id),
        infants=[one for one in infants(reading, woman) if one.state is not ClientState.DIED],
        choices={row.choice: row for row in report.choices_of(reading, woman.id)},
        all_choices=tuple(Choice),
        incidents=report.incidents_in(reading, me().caseload, MOST, woman.id),
        merges=report.merges_into(reading, woman.id),
        sites=[site for site in site_names(reading, None) if site.id != woman.site_id],
        transfers=[row for row in report.offered_from(reading, None) if row.code == woman.code],
    )


def _choose(tx: Transaction, desk: Desk, woman: ClientRecord) -> None:
    programme, choice = desk.parts.programme, chosen(Choice, "choice") or abort(400)
    if request.form.get("wanted") == "yes":
        choose(tx, programme, woman.id, choice, chosen_time("at"))
    else:
        end_choice(tx, programme, woman.id, choice)


def add_incidents(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/incidents")
    def incidents() -> str:
        return desk.ask(
            lambda reading: page(
                "incidents.html", rows=report.incidents_in(reading, me().caseload, MOST), here=request.path
            )
        )

    @pages.post("/clients/<code>/incident")
    def report_incident(code: str) -> AnyResponse:
        return on_her(desk, code, "incident_noted", lambda tx, woman: _report(tx, desk, woman))

    @pages.post("/clients/<code>/incidents/<uuid:incident_id>/resume")
    def resume_texts(code: str, incident_id: UUID) -> AnyResponse:
        checked = Checked(safe=_ticked("safe"), referred=_ticked("referred"))

        def resume(tx: Transaction) -> str:
            known = {row.id for row in report.incidents_in(tx, me().caseload, MOST, hers(tx, code).id)}
            return (
                back("texts_go_on")
                if incident_id in known and resume_after(tx, incident_id, checked)
                else abort(404)
            )

        return desk.act(resume)


def _report(tx: Transaction, desk: Desk, woman: ClientRecord) -> None:
    note = request.form.get("note", "").strip()
    if not 0 < len(note) <= LONGEST:
        abort(400)
    new = NewIncident(woman.id, note, record_opened=_ticked("record_opened"))
    report_disclosure(tx, desk.parts.programme, new)


def _ticked(name: str) -> bool:
    return request.form.get(name) == "yes"
