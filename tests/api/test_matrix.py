"""Every address of the API against every role, and against what is of another site."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from service.domain.people import Role
from tests.api.caller import Calling, System, things_of
from tests.staff.house import ROLES
from tests.store.every_table import Everything, everything_in

TABLE = Path(__file__).with_name("matrix.txt")
Entry = tuple[str, str]

BODIES: dict[str, dict[str, Any]] = {
    "enrol_client": {
        "phone": "58100077",
        "nickname": "Lerato",
        "language": "en",
        "site": "Ha Demo",
        "consents": {"sms": True},
    },
    "enrol_infant": {"nickname": "Neo", "born_on": "2026-11-01"},
    "set_consent": {"channel": "sms", "given": True},
    "plan_visit": {"kind": "lab", "day": "2026-12-14"},
    "plan_refill": {"day": "2026-12-14", "supplied_for": 84},
    "record_attendance": {"outcome": "attended"},
    "move_visit": {"day": "2026-11-30"},
    "record_sample": {"taken_on": "2026-11-20"},
    "record_result": {"result": "negative", "back_on": "2026-11-22"},
    "note_try": {"method": "phone"},
    "close_task": {"outcome": "done"},
    "note_contact": {"mode": "call"},
    "add_webhook": {"name": "hmis", "url": "https://example.org/news"},
}


def fhir_bodies(code: str) -> dict[str, dict[str, Any]]:
    her = {"identifier": {"system": "urn:khopotso:client", "value": code}}
    appointment = {
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-12-15T10:00:00+02:00",
        "participant": [{"actor": her, "status": "accepted"}],
    }
    asked = {"resourceType": "CommunicationRequest", "status": "active", "subject": her}
    return {
        "request_communication": asked,
        "book_appointment": appointment,
        "change_appointment": appointment | {"status": "fulfilled"},
    }


def matrix() -> dict[Entry, frozenset[str]]:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, endpoint): frozenset(who) for method, endpoint, *who in lines}


MATRIX = matrix()


def routes(api: Calling) -> Iterator[tuple[Entry, Rule]]:
    for rule in api.house.app.url_map.iter_rules():
        name = rule.endpoint.removeprefix("api.")
        if name != rule.endpoint:
            yield from (((method, name), rule) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def ask(api: Calling, system: System, entry: Entry, rule: Rule, things: dict[str, object]) -> TestResponse:
    with api.house.app.test_request_context():
        adapter = api.house.app.url_map.bind("localhost")
        path = adapter.build(rule.endpoint, {name: things[name] for name in rule.arguments})
    headers = system.headers | {"Idempotency-Key": str(uuid4())}
    bodies = BODIES | fhir_bodies(str(things["code"]))
    body = bodies.get(entry[1], {}) if entry[0] in {"POST", "PUT"} else None
    query = {"period": "2026-11"} if entry[1] == "report" else {}
    client = api.house.app.test_client()
    return client.open(path, method=entry[0], headers=headers, json=body, query_string=query)


def test_every_address_is_in_the_matrix_and_nothing_else_is(api: Calling) -> None:
    assert sorted(entry for entry, _ in routes(api)) == sorted(MATRIX)


def test_each_role_gets_what_the_matrix_says(api: Calling) -> None:
    things, wrong = things_of(api, api.house.here), []
    for role in ROLES:
        for entry, rule in routes(api):
            status = ask(api, api.system(role), entry, rule, things).status_code
            if (status != 403) is not (role in MATRIX[entry]) or status in (404, 422, 500):
                wrong.append((role, entry, status))
    assert not wrong


def test_what_is_another_sites_is_as_if_it_were_not_there(api: Calling) -> None:
    """Nothing is told of it, and nothing that was asked about it was done."""
    things, found = things_of(api, api.house.elsewhere), []
    systems = {role: api.system(role, api.house.here.id) for role in (Role.ADMIN, Role.COORDINATOR)}
    before = changing(api)
    for entry, rule in routes(api):
        if entry[1] in {"enrol_client", "add_webhook"}:
            continue  # they name nothing that is there
        system = systems[Role.ADMIN if "webhook" in entry[1] else Role.COORDINATOR]
        answer = ask(api, system, entry, rule, things)
        names = rule.arguments - {"indicator"} or entry[1] in fhir_bodies("")
        if answer.status_code != 404 if names else api.house.elsewhere.code in answer.text:
            found.append((entry, answer.status_code))
    assert not found
    assert changing(api) == before


def changing(api: Calling) -> Everything:
    """Everything but the notes of who asked."""
    found = everything_in(api.house.village.store)
    return {table: rows for table, rows in found.items() if table not in ("api_tokens", "tries")}
