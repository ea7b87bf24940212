"""Every page against every role: who is let in is what the matrix says, and nothing is left out of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from service.domain.people import Role
from tests.staff.house import ROLES, House, Site

EVERYBODY = "everybody"
TABLE = Path(__file__).with_name("matrix.txt")
Entry = tuple[str, str]


def matrix() -> dict[Entry, frozenset[str]]:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, endpoint): frozenset(who) for method, endpoint, *who in lines}


MATRIX = matrix()


def routes(house: House) -> Iterator[tuple[Entry, Rule]]:
    for rule in house.app.url_map.iter_rules():
        name = rule.endpoint.removeprefix("staff.")
        if name != rule.endpoint:
            yield from (((method, name), rule) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def path_of(house: House, rule: Rule, site: Site) -> str:
    values = house.names(site)
    with house.app.test_request_context():
        adapter = house.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def test_every_page_is_in_the_matrix_and_nothing_else_is(house: House) -> None:
    assert sorted(entry for entry, _ in routes(house)) == sorted(MATRIX)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_matrix_says(house: House, role: Role) -> None:
    browser = house.with_role(role)
    form = browser.open("/staff/account")
    wrong = []
    for entry, rule in routes(house):
        allowed = bool(MATRIX[entry] & {role, EVERYBODY})
        if entry[1] in {"sign_out", "sign_out_everywhere", "lock", "front"} and allowed:
            continue  # they end the session, or lead on; they have tests of their own
        path = path_of(house, rule, house.here)
        answer = browser.open(path) if entry[0] == "GET" else browser.send(path)
        browser.page = form
        if (answer.status != 403) is not allowed:
            wrong.append((entry, answer.status))
    assert not wrong


def test_whoever_is_not_signed_in_gets_only_what_is_for_everybody(house: House) -> None:
    browser = house.browser()
    form = browser.open("/staff/sign-in")
    for entry, rule in routes(house):
        path = path_of(house, rule, house.here)
        answer = browser.open(path) if entry[0] == "GET" else browser.send(path)
        browser.page = form
        sent_away = answer.status == 303 and answer.to.startswith("/staff/sign-in")
        assert sent_away or MATRIX[entry] == {EVERYBODY}, entry


@pytest.mark.parametrize("role", [Role.MENTOR, Role.COORDINATOR])
def test_what_is_another_sites_is_as_if_it_were_not_there(house: House, role: Role) -> None:
    """The same path with somebody else's client, visit, task or site is a 404 on every page."""
    browser = house.with_role(role)
    form = browser.open("/staff/account")
    found = []
    for entry, rule in routes(house):
        if not rule.arguments & {
            "code",
            "task_id",
            "visit_id",
            "site_id",
            "staff_id",
            "transfer_id",
            "event_id",
        }:
            continue
        path = path_of(house, rule, house.elsewhere)
        fields = FIELDS.get(entry[1], {})
        answer = browser.open(path) if entry[0] == "GET" else browser.send(path, **fields)
        browser.page = form
        if answer.status not in (403, 404):
            found.append((entry, answer.status))
    assert not found


FIELDS = {
    "assign": {"to_whom": "nobody"},
    "close_site_day": {"day": "2026-11-23"},
    "close_task": {"outcome": "done"},
    "move_event": {"day": "2026-12-10"},
    "move_visit": {"day": "2026-11-30"},
    "plan_visit": {"day": "2026-11-30", "kind": "anc"},
    "add_note": {"text": "x"},
    "add_infant": {"nickname": "Neo", "born_on": "2026-11-01"},
    "go_on_leave": {"first": "2026-11-24", "last": "2026-11-25"},
    "wish": {"choice": "weekly_check_in", "wanted": "yes"},
    "record_loss": {"kind": "stillbirth"},
    "report_incident": {"note": "x"},
    "add_sample": {"day": "2026-11-20"},
    "sample_result": {"day": "2026-11-20", "result": "negative"},
    "set_reach": {"language": "st", "wording": "none"},
    "sample_day": {"day": "2026-11-20"},
    "add_contact": {"mode": "call"},
    "set_consent": {"channel": "sms", "given": "yes"},
}
