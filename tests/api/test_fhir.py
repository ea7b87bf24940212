"""The door for systems that speak FHIR: a request to remind, what became of it, and appointments."""

from typing import Any

import pytest
from fhir.resources.R4B.appointment import Appointment
from fhir.resources.R4B.communication import Communication
from werkzeug.test import TestResponse

from handlers.api.fhir_words import APPOINTMENT, BAHMNI, COMMUNICATION
from service.domain.care import VisitState
from service.domain.message import MessageState
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


def test_what_is_no_resource_of_fhir_is_told_field_by_field(api: Calling, code: str) -> None:
    said = api.here.post("/fhir/Appointment", **(appointment(code) | {"participant": []})).get_json()
    assert said["status"] == 422
    odd = api.here.post("/fhir/Appointment", **appointment(code), colour="red").get_json()
    assert [fault["name"] for fault in odd["errors"]] == ["colour"]


def test_every_state_of_ours_has_a_word_of_theirs() -> None:
    assert set(COMMUNICATION) == set(MessageState)
    assert set(APPOINTMENT) == set(VisitState)
    assert set(BAHMNI.values()) <= {"proposed", "booked", "checked-in", "fulfilled", "noshow", "cancelled"}
