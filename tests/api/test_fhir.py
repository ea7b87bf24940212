"""The door for systems that speak FHIR: a request to remind, what became of it, and appointments."""

import sys
from typing import Any
from uuid import uuid4

import pytest
from fhir.resources.R4B.appointment import Appointment
from fhir.resources.R4B.communication import Communication
from fhir.resources.R4B.operationoutcome import OperationOutcome
from sqlalchemy import update
from werkzeug.test import TestResponse

from handlers.api.fhir_words import APPOINTMENT, BAHMNI, COMMUNICATION
from service.domain.care import VisitState
from service.domain.message import MessageState
from service.domain.people import OPERATOR, Role
from service.domain.throttle import REQUESTS
from service.store.models.access import Tries
from service.store.models.messages import Message
from tests.api.caller import Calling


def her(code: str) -> dict[str, Any]:
    return {"identifier": {"system": "urn:khopotso:client", "value": code}}


def asked(code: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "CommunicationRequest", "status": "active", "subject": her(code)} | more


def appointment(code: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-12-14T22:30:00Z",
        "serviceType": [{"coding": [{"system": "urn:khopotso:visit-kind", "code": "lab"}]}],
        "participant": [{"actor": her(code), "status": "accepted"}],
    } | more


def put(api: Calling, path: str, body: dict[str, Any]) -> TestResponse:
    key = str(abs(hash(str(body))))
    headers = api.here.headers | {"Idempotency-Key": key, "Content-Type": "application/fhir+json"}
    return api.house.app.test_client().put(f"/api/v1{path}", headers=headers, json=body)


@pytest.fixture
def code(api: Calling) -> str:
    api.house.village.clock.moment = api.house.village.clock.moment.replace(hour=9)
    return api.house.here.code


def test_a_request_becomes_our_reminder_and_its_fate_a_communication(api: Calling, code: str) -> None:
    request = api.here.post("/fhir/CommunicationRequest", "r-1", **asked(code))
    assert request.status_code == 201, request.text
    place = request.headers["Location"].removeprefix("/api/v1")

    def became() -> Communication:
        return Communication.model_validate(api.here.get(place).get_json())

    assert became().status == "preparation"
    assert api.here.get(place).get_json()["subject"] == her(code)
    api.house.village.dispatch()
    assert became().status == "in-progress"
    (sent,) = api.house.village.gateway.sent
    api.house.village.receipt(sent, MessageState.DELIVERED)
    assert became().status == "completed"
    assert sent.text not in api.here.get(place).text


def test_a_text_of_their_own_is_not_carried(api: Calling, code: str) -> None:
    own = asked(code, payload=[{"contentString": "Your ARVs are ready"}])
    for odd in (own, asked(code, status="draft"), asked("000001"), asked(code, subject={"display": "x"})):
        assert api.here.post("/fhir/CommunicationRequest", **odd).status_code == 422
    assert not api.house.village.rows(Message.id)


def test_an_appointment_is_planned_moved_and_recorded_in_bahmnis_words(api: Calling, code: str) -> None:
    made = api.here.post("/fhir/Appointment", **appointment(code, status="Scheduled"))
    assert made.status_code == 201, made.text
    place = made.headers["Location"].removeprefix("/api/v1")
    booked = Appointment.model_validate(made.get_json())
    assert booked.status == "booked"
    assert made.get_json()["serviceType"] == appointment(code)["serviceType"]
    visit = api.here.get(f"/clients/{code}/visits", day="2026-12-15").get_json()["items"][0]
    assert (visit["kind"], visit["at"]) == ("lab", "00:30:00")
    assert put(api, place, appointment(code, status="Completed")).status_code == 409
    moved = put(api, place, appointment(code, start="2026-11-23T09:00:00+02:00"))
    assert moved.get_json()["start"].startswith("2026-11-2")
    missed = put(api, place, appointment(code, status="Missed", start="2026-11-23T09:00:00+02:00"))
    assert missed.get_json()["status"] == "noshow"
    assert put(api, place, appointment(code, status="Requested")).status_code == 422
    assert put(api, place, appointment("000001")).status_code == 422


def issues(answer: TestResponse, status: int) -> list[Any]:
    """Of the outcome that came back: one for the whole, and one for each fault."""
    assert (answer.status_code, answer.content_type) == (status, "application/fhir+json"), answer.text
    assert OperationOutcome.model_validate(answer.get_json())
    return list(answer.get_json()["issue"])


def test_what_is_no_resource_of_fhir_is_told_element_by_element(api: Calling, code: str) -> None:
    (whole,) = issues(api.here.post("/fhir/Appointment", **appointment(code, participant=[])), 422)
    assert whole["details"]["text"].startswith("Name one client")
    actor = {"actor": {"reference": 5}, "status": "accepted"}
    odd = appointment(code, participant=[{"actor": her(code), "status": "accepted"}, actor])
    _, *each = issues(api.here.post("/fhir/Appointment", **odd, colour="red"), 422)
    paths = {path for one in each for path in one["expression"]}
    assert paths == {"Appointment.colour", "Appointment.participant[1].actor.reference"}
    _, other = issues(api.here.post("/fhir/Appointment", resourceType="Secret"), 422)
    assert (other["expression"], "Secret" in str(other)) == (["Appointment.resourceType"], False)


def test_every_refusal_at_this_door_is_an_outcome(api: Calling, code: str) -> None:
    """Also what is refused before a view is asked: a token, a role, an address, a body, a header."""
    client, path = api.house.app.test_client(), "/api/v1/fhir/Appointment"
    good = api.here.headers | {"Idempotency-Key": "k"}

    def issue(status: int, method: str = "POST", where: str = path, **said: Any) -> tuple[str, list[str]]:
        given = {"headers": good, "json": appointment(code)} | said
        first, *more = issues(client.open(where, method=method, **given), status)
        return first["code"], [place for one in more for place in one["location"]]

    assert issue(401, headers={}) == ("login", [])
    assert issue(403, headers=api.system(Role.ME).headers) == ("forbidden", [])
    assert issue(404, "GET", f"{path}/{uuid4()}", json=None) == ("not-found", [])
    assert issue(404, "GET", "/api/v1/fhir/Patient", json=None) == ("not-found", [])
    assert issue(405, "DELETE") == ("not-supported", [])
    assert api.here.post("/fhir/Appointment", **appointment(code)).status_code == 201
    assert issue(409) == ("business-rule", [])
    assert issue(413, json={"comment": "x" * 70_000}) == ("too-long", [])
    assert issue(415, json=None, data="x") == ("not-supported", [])
    assert issue(400, json=[]) == ("structure", [])
    assert issue(422, headers=api.here.headers) == ("invalid", ["http.Idempotency-Key"])
    assert issue(422, "GET", f"{path}/7", json=None) == ("invalid", ["http.visit"])
    store = api.house.village.store
    store.write(lambda tx: tx.connection.execute(update(Tries).values(failures=REQUESTS)), OPERATOR)
    assert api.here.get("/sites").status_code == 200
    assert issue(429) == ("throttled", [])


def test_without_the_models_of_fhir_the_door_says_so(
    api: Calling, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fhir.resources.R4B.appointment", None)
    (said,) = issues(api.here.post("/fhir/Appointment", **appointment(code)), 501)
    assert (said["code"], "[fhir]" in said["details"]["text"]) == ("not-supported", True)


def test_every_state_of_ours_has_a_word_of_theirs() -> None:
    assert set(COMMUNICATION) == set(MessageState)
    assert set(APPOINTMENT) == set(VisitState)
    assert set(BAHMNI.values()) <= {"proposed", "booked", "checked-in", "fulfilled", "noshow", "cancelled"}
