"""What another system can do and see over the API, and how it is told what it cannot."""

from typing import Any

from sqlalchemy import func, update
from werkzeug.test import TestResponse

from service.actions.api_tokens import all_tokens, revoke_token
from service.domain.people import OPERATOR, Role
from service.domain.throttle import ADDRESS, MINUTE, NOTHING, REQUESTS, Record, after_request, wait
from service.store.models.access import Tries
from service.store.models.messages import Message
from service.store.models.people import Client
from tests.api.caller import Calling, System

NEW: dict[str, Any] = {
    "phone": "58100077",
    "nickname": "Lerato",
    "language": "en",
    "site": "Ha Demo",
    "consents": {"sms": True},
}


def problem(answer: TestResponse, status: int) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == status
    return answer.get_json()


def count(api: Calling, table: Any) -> int:
    return int(api.house.village.rows(func.count(table.id))[0][0])


def test_without_a_good_token_nobody_is_let_in(api: Calling) -> None:
    nobody = System(api.house, "khopotso_wrong")
    assert "WWW-Authenticate" in nobody.get("/clients").headers
    problem(nobody.get("/clients"), 401)
    problem(api.house.app.test_client().get("/api/v1/clients"), 401)
    basic = {"Authorization": "Basic QTpC"}
    problem(api.house.app.test_client().get("/api/v1/clients", headers=basic), 401)


def test_a_revoked_token_is_nobodys(api: Calling) -> None:
    system = api.here
    assert system.get("/clients").status_code == 200
    store = api.house.village.store
    (row,) = store.read(all_tokens)
    assert row.used_at
    assert store.write(lambda tx: revoke_token(tx, row.name), OPERATOR)
    problem(system.get("/clients"), 401)


def test_whoever_guesses_at_tokens_waits_and_a_good_one_does_not(api: Calling) -> None:
    guesser, good = System(api.house, "khopotso_guess"), api.here
    for _ in range(ADDRESS.most):
        guesser.get("/clients")
    assert int(guesser.get("/clients").headers["Retry-After"]) > 0
    problem(guesser.get("/clients"), 429)
    assert good.get("/clients").status_code == 200


def test_a_token_that_asks_too_often_waits_for_the_rest_of_a_minute_and_no_other_does(api: Calling) -> None:
    eager, other = api.here, api.system(Role.ADMIN)
    assert eager.get("/sites").status_code == 200
    store = api.house.village.store
    store.write(lambda tx: tx.connection.execute(update(Tries).values(failures=REQUESTS - 1)), OPERATOR)
    assert eager.post("/clients", "k-1", **NEW).status_code == 201
    clients = count(api, Client)
    refused = eager.post("/clients", "k-2", **(NEW | {"phone": "58100078"}))
    assert str(REQUESTS) in problem(refused, 429)["detail"]
    assert 0 < int(refused.headers["Retry-After"]) <= MINUTE + 1
    assert count(api, Client) == clients
    assert other.get("/clients").status_code == 200
    earlier = update(Tries).values(since=Tries.since - MINUTE, locked_until=Tries.locked_until - MINUTE)
    store.write(lambda tx: tx.connection.execute(earlier), OPERATOR)
    assert eager.post("/clients", "k-2", **(NEW | {"phone": "58100078"})).status_code == 201


def test_requests_are_counted_anew_every_minute() -> None:
    record = NOTHING
    for _ in range(REQUESTS):
        assert wait(record, 1000.0) == 0
        record = after_request(record, 1000.0)
    assert (wait(record, 1000.0), wait(record, 1059.0), wait(record, 1060.0)) == (60, 1, 0)
    assert after_request(record, 1060.0) == Record(1, 1060.0, None)
    assert after_request(Record(5, 1000.0, None), 1059.0) == Record(6, 1000.0, None)


def test_a_client_is_taken_in_and_her_number_is_asked_first(api: Calling) -> None:
    answer = api.here.post("/clients", **NEW)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/clients/{answer.get_json()['code']}"
    assert answer.get_json()["site"] == "Ha Demo"
    assert [text.text_id for text in api.house.village.rows(Message.text_id)] == ["confirm_number"]


def test_the_same_request_with_the_same_key_is_carried_out_once(api: Calling) -> None:
    first = api.here.post("/clients", "k-1", **NEW)
    clients = count(api, Client)
    again = api.here.post("/clients", "k-1", **NEW)
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert count(api, Client) == clients
    problem(api.here.post("/clients", "k-1", **(NEW | {"nickname": "Other"})), 422)
    problem(api.here.post("/clients", "k-2", **NEW), 409)


def test_what_was_refused_may_be_asked_again_with_the_same_key(api: Calling) -> None:
    problem(api.here.post("/clients", "k-1", **(NEW | {"nickname": "HIV"})), 422)
    assert api.here.post("/clients", "k-1", **NEW).status_code == 201


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"nickname": "ARV"}, "nickname"),
    ({"nickname": "58123456"}, "nickname"),
    ({"phone": "22312345"}, "phone"),
    ({"language": "fr"}, "language"),
    ({"site": "Nowhere"}, "site"),
    ({"site": "Ha Another"}, "site"),
    ({"enrolled_on": "2031-01-01"}, "enrolled_on"),
    ({"born_on": "2015-01-01", "wording": "T1"}, "wording"),
)


def test_what_cannot_be_right_is_named_and_not_repeated(api: Calling) -> None:
    assert api.house.elsewhere
    for wrong, field in WRONG:
        said = problem(api.here.post("/clients", **(NEW | wrong)), 422)
        assert [fault["name"] for fault in said["errors"]] == [field]
        assert next(iter(wrong.values())) not in str(said["errors"][0]["detail"]).split()


def test_an_infants_name_passes_the_gate_too(api: Calling) -> None:
    path = f"/clients/{api.house.here.code}/infants"
    problem(api.here.post(path, nickname="Virus", born_on="2026-11-01"), 422)
    problem(api.here.post(path, nickname="Neo", born_on="2031-11-01"), 422)
    infant = api.here.post(path, nickname="Neo", born_on="2026-11-01").get_json()
    assert infant["mother"] == api.house.here.code
    tests = f"/infants/{infant['id']}/infant-tests"
    sample = api.here.post(tests, taken_on="2026-11-20").get_json()
    problem(api.here.post(tests, taken_on="2026-11-20"), 409)
    back = api.here.post(f"/infant-tests/{sample['id']}/result", result="negative", back_on="2026-11-22")
    assert back.get_json()["result"] == "negative"
    assert len(api.here.get(tests).get_json()["items"]) == 1
    assert "Neo" not in api.here.get(path).text


def test_a_visit_is_planned_moved_and_recorded(api: Calling) -> None:
    path = f"/clients/{api.house.here.code}/visits"
    planned = api.here.post(path, kind="lab", day="2026-12-14")
    visit = planned.get_json()
    assert api.here.get(planned.headers["Location"].removeprefix("/api/v1")).get_json() == visit
    problem(api.here.post(path, kind="lab", day="2026-12-14"), 409)
    problem(api.here.post(path, kind="anc", day="2026-11-01"), 422)
    problem(api.here.post(f"/visits/{visit['id']}/attendance", outcome="attended"), 409)
    moved = api.here.post(f"/visits/{visit['id']}/move", day="2026-11-23").get_json()
    assert moved["day"] == "2026-11-23"
    missed = api.here.post(f"/visits/{visit['id']}/attendance", outcome="missed", why="travel_cost")
    assert missed.get_json()["state"] == "missed"
    refill = api.here.post(f"/clients/{api.house.here.code}/refills", day="2026-12-20", supplied_for=84)
    assert (refill.get_json()["kind"], refill.get_json()["interval_days"]) == ("refill", 84)


def test_what_only_looks_like_a_day_an_hour_a_number_or_a_yes_is_refused(api: Calling) -> None:
    """Seconds since 1970 were a day before this was so, and an hour of another zone a local one."""
    path, good = f"/clients/{api.house.here.code}/visits", {"kind": "lab", "day": "2026-12-14"}
    for wrong in (
        {"day": 1_797_206_400},
        {"day": "1797206400"},
        {"day": "2026-12-14T00:00:00"},
        {"at": "10:00Z"},
        {"at": 36_000},
        {"interval_days": "28"},
        {"interval_days": True},
    ):
        problem(api.here.post(path, **(good | wrong)), 422)
    for given in (1, "yes", "on"):
        problem(api.here.post(f"/clients/{api.house.here.code}/consents", channel="sms", given=given), 422)
    problem(api.here.get("/visits", day="0.0"), 422)
    assert api.here.post(path, **good, at="09:30", interval_days=28).get_json()["at"] == "09:30:00"


def test_a_reminder_goes_once_a_day_and_says_what_stands_in_the_way(api: Calling) -> None:
    path = f"/clients/{api.house.here.code}/reminders"
    api.house.village.clock.moment = api.house.village.clock.moment.replace(hour=9)
    assert api.here.post(path, "once").status_code == 202
    assert api.here.post(path, "once").status_code == 202
    assert count(api, Message) == 1
    (message,) = api.here.get("/messages", client=api.house.here.code).get_json()["items"]
    assert (message["state"], "body" in message) == ("queued", False)
    api.here.post(f"/clients/{api.house.here.code}/consents", channel="sms", given=False)
    assert "no_consent" in problem(api.here.post(path), 409)["detail"]
    assert {row["plan"] for row in api.here.get(path).get_json()["items"]}


def test_a_task_is_tried_and_closed_with_what_came_of_it(api: Calling) -> None:
    path = f"/tasks/{api.house.here.task}"
    assert api.here.post(f"{path}/tries", method="phone").get_json()["tries"] == 1
    closed = api.here.post(f"{path}/close", outcome="done", method="phone", source="client").get_json()
    assert (closed["state"], closed["outcome"]) == ("closed", "done")
    problem(api.here.post(f"{path}/close", outcome="done"), 409)
    contacts = api.here.get(f"/clients/{api.house.here.code}/contacts").get_json()["items"]
    assert [contact["mode"] for contact in contacts] == ["call"]


def test_a_list_goes_on_where_the_page_before_ended(api: Calling) -> None:
    assert api.house.here.code != api.house.elsewhere.code
    system = api.system(Role.ADMIN)
    whole = [row["code"] for row in system.get("/clients").get_json()["items"]]
    first = system.get("/clients", limit=1).get_json()
    second = system.get("/clients", limit=1, cursor=first["next"]).get_json()
    assert [row["code"] for page in (first, second) for row in page["items"]] == whole
    assert (len(whole), second["next"]) == (2, None)


def test_bodies_that_are_no_object_or_too_large_are_refused(api: Calling) -> None:
    client, headers = api.house.app.test_client(), api.here.headers | {"Idempotency-Key": "k"}

    def send(body: str | bytes, kind: str = "application/json") -> TestResponse:
        return client.post("/api/v1/clients", headers=headers, data=body, content_type=kind)

    for body in ("", "[]", '"{}"', "null", "{", "[" * 60_000, b"\xff"):
        problem(send(body), 400)
    problem(send("{}", "text/plain"), 415)
    problem(send('{"phone": "' + "x" * 70_000), 413)
    problem(send("{}"), 422)
    problem(client.post("/api/v1/clients", headers=api.here.headers, json=NEW), 422)
    problem(client.delete("/api/v1/clients", headers=headers), 405)
    problem(client.get("/api/v1/nothing", headers=headers), 404)
    problem(client.get("/api/v1/clients/000000", headers=headers), 404)
    problem(client.get("/api/v1/visits/not-an-id", headers=headers), 422)


def test_a_name_of_a_field_that_is_not_known_is_refused(api: Calling) -> None:
    said = problem(api.here.post("/clients", **NEW, confirmed=True), 422)
    assert said["errors"][0]["name"] == "confirmed"
    problem(api.here.get("/clients", page=2), 422)


def test_a_figure_is_told_of_the_tokens_site_alone(api: Calling) -> None:
    assert api.house.here.id != api.house.elsewhere.id
    whole = api.system(Role.ME)
    known = {row["id"] for row in whole.get("/reports").get_json()["items"]}
    assert "NEW" in known

    def places(system: System) -> set[str]:
        found = system.get("/reports/NEW", period="2026-11").get_json()
        return {str(row["place"]) for row in found["items"] if row["level"] == "site"}

    assert places(whole) == {str(api.house.here.id), str(api.house.elsewhere.id)}
    assert places(api.here) == {str(api.house.here.id)}
    for period in ("2026-13", "9999-12", "0001-01-01", "soon"):
        problem(whole.get("/reports/NEW", period=period), 422)
    problem(whole.get("/reports/NOTHING", period="2026-11"), 404)


def test_staff_are_listed_without_names_and_those_of_the_site_alone(api: Calling) -> None:
    elsewhere, here = api.house.elsewhere, api.house.here
    found = {row["id"]: row for row in api.here.get("/staff").get_json()["items"]}
    assert found[str(here.mentor)]["roles"] == ["mentor"]
    assert not {str(elsewhere.mentor), str(elsewhere.coordinator)} & set(found)
    assert "Mentor 1" not in api.here.get("/staff").text


def test_the_description_is_there_and_its_pages_ask_nobody_else(api: Calling) -> None:
    client = api.house.app.test_client()
    described = client.get("/api/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/clients/{code}" in described["paths"]
    page = client.get("/api/docs", follow_redirects=True)
    assert "://" not in page.text.replace("http://www.w3.org", "")
    with client.get("/api/docs/swagger/js/swagger-ui-bundle.js") as script:
        assert script.status_code == 200
