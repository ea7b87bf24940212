"""A door for systems that speak FHIR (R4B): a request to remind, what became of it, and appointments.

A request carries no text of its own: what a phone shows is approved here. Clients are named by their code.
The models are those of ``fhir-resources``, an optional part of the installation.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib import import_module
from typing import Any, NoReturn
from uuid import UUID

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, ValidationError
from werkzeug import exceptions

from handlers.api.clients import her
from handlers.api.desk import Desk, Once, Strict, me, only
from handlers.api.fhir_words import (
    BAHMNI,
    CODES,
    KINDS,
    OUTCOMES,
    OVER,
    PLANNED,
    as_appointment,
    as_communication,
)
from handlers.api.outcome import MEDIA_TYPE
from handlers.api.problem import Fault, Refused, described
from handlers.api.visits import TAKEN, TO_COME, insist_on_day
from service.actions import visits
from service.actions.remind_now import last_by_hand, remind_now
from service.actions.visits import NewVisit
from service.domain.care import VisitKind
from service.domain.caseload import Caseload
from service.domain.code import is_code
from service.domain.permission import Go
from service.reports.listed_care import ListedVisit, VisitsWanted
from service.reports.listed_care import visits as listed_visits
from service.reports.listed_work import MessagesWanted, messages
from service.reports.paging import ONE
from service.store.transaction import Reading, Transaction


class TextPath(Strict):
    message: UUID


class AppointmentPath(Strict):
    visit: UUID


@dataclass(frozen=True)
class Appointment:
    """What is asked about a visit. ``day`` and ``at`` are local."""

    status: str
    code: str
    day: date
    at: time
    kind: VisitKind


def _schema(kind: str) -> dict[str, Any]:
    """What the description says of a resource; the rest is FHIR's to describe."""
    return {"type": "object", "properties": {"resourceType": {"const": kind}}, "required": ["resourceType"]}


def _content(kind: str) -> dict[str, Any]:
    return {"content": {MEDIA_TYPE: {"schema": _schema(kind)}}}


def _body(kind: str) -> dict[str, Any]:
    return {"requestBody": {**_content(kind), "required": True}}


def _answers(status: int, kind: str) -> ResponseDict:
    return {**described(MEDIA_TYPE, _schema("OperationOutcome")), status: _content(kind)}


def add_fhir(api: APIBlueprint, desk: Desk) -> None:
    _add_communication(api, desk)
    _add_appointments(api, desk)


def _add_communication(api: APIBlueprint, desk: Desk) -> None:
    @api.post(
        "/fhir/CommunicationRequest",
        responses=_answers(201, "CommunicationRequest"),
        openapi_extensions=_body("CommunicationRequest"),
    )
    def request_communication(header: Once) -> Response:
        """Remind a client of her next visit, in our words; what becomes of it is the Communication"""
        asked = _read("CommunicationRequest")
        if asked.get("status") != "active" or asked.get("payload"):
            raise Refused(422, "Send an active request without a payload: the words are approved here.")
        caseload, code = me().caseload, _code_in(asked.get("subject")) or _nobody()
        message_id = UUID(desk.act(header, lambda tx: _remind(tx, desk, caseload, code)))
        return _told(
            {**asked, "id": str(message_id)}, 201, f"{api.url_prefix}/fhir/Communication/{message_id}"
        )

    @api.get("/fhir/Communication/<string:message>", responses=_answers(200, "Communication"))
    def communication(path: TextPath) -> Response:
        """What became of it"""
        caseload, wanted = me().caseload, MessagesWanted(path.message)
        rows = desk.ask(lambda reading: messages(reading, caseload, ONE, wanted))
        return _told(as_communication(only(rows)))


def _add_appointments(api: APIBlueprint, desk: Desk) -> None:
    @api.post(
        "/fhir/Appointment",
        responses=_answers(201, "Appointment"),
        openapi_extensions=_body("Appointment"),
    )
    def book_appointment(header: Once) -> Response:
        """Plan a visit"""
        asked, caseload = _appointment(desk), me().caseload
        visit_id = UUID(desk.act(header, lambda tx: _book(tx, desk, caseload, asked)))
        return _shown(desk, caseload, visit_id, 201, f"{api.url_prefix}/fhir/Appointment/{visit_id}")

    @api.put(
        "/fhir/Appointment/<string:visit>",
        responses=_answers(200, "Appointment"),
        openapi_extensions=_body("Appointment"),
    )
    def change_appointment(path: AppointmentPath, header: Once) -> Response:
        """Move it, cancel it, or record whether she came"""
        asked, caseload = _appointment(desk), me().caseload
        desk.act(header, lambda tx: _change(tx, desk, _visit(tx, caseload, path.visit), asked))
        return _shown(desk, caseload, path.visit)

    @api.get("/fhir/Appointment/<string:visit>", responses=_answers(200, "Appointment"))
    def appointment(path: AppointmentPath) -> Response:
        """One visit as an appointment"""
        return _shown(desk, me().caseload, path.visit)


def _model(name: str) -> type[BaseModel]:
    try:
        found: type[BaseModel] = getattr(import_module(f"fhir.resources.R4B.{name.lower()}"), name)
    except ModuleNotFoundError:
        raise exceptions.NotImplemented from None
    return found


def _read(name: str, translate: Callable[[dict[str, Any]], dict[str, Any]] = dict) -> dict[str, Any]:
    """The resource that was sent, checked. Raises ``Refused`` with everything that is wrong with it."""
    model, given, refused = _model(name), request.get_json(), f"This is no {name} of FHIR R4B."
    if given.get("resourceType") != name:
        raise Refused(422, refused, [Fault(name=f"{name}.resourceType", detail=f"It is {name} here.")])
    try:
        return model.model_validate(translate(given)).model_dump()
    except ValidationError as error:
        raise Refused(422, refused, _faults(name, error)) from None


def _faults(name: str, error: ValidationError) -> Iterator[Fault]:
    """Each by the path of the element, as FHIR writes paths."""
    for found in error.errors(include_input=False, include_url=False, include_context=False):
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in found["loc"])
        yield Fault(name=name + "".join(steps), detail=found["msg"])


def _told(resource: Mapping[str, Any], status: int = 200, location: str = "") -> Response:
    kind = str(resource["resourceType"])
    body = _model(kind).model_validate(resource).model_dump_json()
    headers = {"Location": location} if location else {}
    return Response(f"{body}\n", status=status, content_type=MEDIA_TYPE, headers=headers)


def _shown(desk: Desk, caseload: Caseload, visit_id: UUID, status: int = 200, location: str = "") -> Response:
    row = desk.ask(lambda reading: _visit(reading, caseload, visit_id))
    return _told(as_appointment(row, desk.parts.programme.calendar.zone), status, location)


def _remind(tx: Transaction, desk: Desk, caseload: Caseload, code: str) -> str:
    woman = her(tx, caseload, code)
    permission = remind_now(tx, desk.parts.programme, woman)
    message_id = last_by_hand(tx, woman.id)
    if not isinstance(permission, Go) or message_id is None:
        raise Refused(409, f"It may not go now: {getattr(permission, 'reason', '')}.")
    return str(message_id)


def _visit(reading: Reading, caseload: Caseload, visit_id: UUID) -> ListedVisit:
    return only(listed_visits(reading, caseload, ONE, VisitsWanted(visit_id)))


def _book(tx: Transaction, desk: Desk, caseload: Caseload, asked: Appointment) -> str:
    if asked.status != PLANNED:
        raise Refused(422, "Only a booked appointment is planned.")
    programme, woman = desk.parts.programme, her(tx, caseload, asked.code)
    insist_on_day(desk, tx, asked.day)
    new = NewVisit(woman.id, woman.id, asked.kind, asked.day, asked.at)
    planned = visits.plan_visit(tx, programme, new)
    if planned is None:
        raise Refused(409, TAKEN)
    return str(planned)


def _change(tx: Transaction, desk: Desk, row: ListedVisit, asked: Appointment) -> str:
    programme = desk.parts.programme
    if asked.code != row.client:
        raise Refused(422, "This appointment is another client's.")
    if asked.status in OVER:
        visits.cancel_visit(tx, programme, row.id, "cancelled")
    elif asked.status in OUTCOMES:
        if row.day > programme.today(tx.now):
            raise Refused(409, TO_COME)
        visits.record_attendance(tx, programme, row.id, OUTCOMES[asked.status])
    elif asked.status != PLANNED:
        raise Refused(422, "An appointment that is not booked yet is nobody's visit.")
    elif asked.day != row.day:
        insist_on_day(desk, tx, asked.day)
        if not visits.move_visit(tx, programme, row.id, asked.day):
            raise Refused(409, TAKEN)
    return str(row.id)


def _appointment(desk: Desk) -> Appointment:
    asked = _read("Appointment", lambda given: {**given, "status": _in_fhirs_words(given.get("status"))})
    zone, start = desk.parts.programme.calendar.zone, asked.get("start")
    if not isinstance(start, datetime):
        raise Refused(422, "An appointment needs a start.")
    local = start.astimezone(zone)
    actors = (one.get("actor") for one in asked.get("participant", ()))
    codes = [code for code in map(_code_in, actors) if code]
    if len(codes) != 1:
        _nobody()
    return Appointment(asked["status"], codes[0], local.date(), local.time(), _kind(asked))


def _in_fhirs_words(status: object) -> object:
    return BAHMNI.get(status.casefold().replace(" ", ""), status) if isinstance(status, str) else status


def _code_in(reference: Any) -> str | None:
    identifier = (reference or {}).get("identifier") or {}
    value = identifier.get("value", "")
    return str(value) if identifier.get("system") == CODES and is_code(value) else None


def _nobody() -> NoReturn:
    raise Refused(422, f"Name one client by her code, as an identifier of {CODES}.")


def _kind(asked: Mapping[str, Any]) -> VisitKind:
    """Of our words if there is one; anything else is a visit like any other."""
    codings = (coding for one in asked.get("serviceType") or () for coding in one.get("coding") or ())
    named = (one.get("code") for one in codings if one.get("system") == KINDS)
    return next((VisitKind(code) for code in named if code in set(VisitKind)), VisitKind.OTHER)
