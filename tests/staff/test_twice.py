"""Every form of every page, sent twice: the second time nothing happens, and the answer is the same."""

import re
from collections.abc import Iterator
from importlib.resources import files

from sqlalchemy import func, select
from werkzeug.routing import Rule

import handlers.staff
from service.domain.people import Role
from service.store.models.access import IdempotencyKey, SignIn
from service.store.models.columns import Row
from service.store.transaction import Reading
from tests.staff.house import Browser, House
from tests.staff.test_matrix import FIELDS

FORMS = FIELDS | {
    "stop_sending": {"what": "all:", "why": "x"},
    "go_on_sending": {"what": "all:"},
    "add_site": {"name": "Ha New", "district": "Berea"},
    "on_call": {"starts": "08:00", "ends": "17:00"},
    "add_event": {"where": "site:nowhere", "kind": "outreach", "day": "2026-12-09"},
}
UNCOUNTED = {IdempotencyKey.__tablename__, SignIn.__tablename__}


def worker() -> re.Pattern[str]:
    """The addresses of forms that a phone without a line does not keep, because an answer is to be read."""
    script = files(handlers.staff).joinpath("static", "worker.js").read_text("utf-8")
    found = re.search(r"NEEDS_AN_ANSWER = /(.*)/;", script)
    assert found
    return re.compile(found[1].replace(r"\/", "/"))


def forms(house: House) -> Iterator[tuple[Rule, str]]:
    with house.app.test_request_context():
        adapter = house.app.url_map.bind("localhost")
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint.startswith("staff.") and "POST" in (rule.methods or ()):
                named = house.names(house.here)
                yield (
                    rule,
                    adapter.build(
                        rule.endpoint, {name: named[name] for name in rule.arguments}, method="POST"
                    ),
                )


def rows(house: House) -> dict[str, int]:
    def count(reading: Reading) -> dict[str, int]:
        tables = (table for table in Row.metadata.sorted_tables if table.name not in UNCOUNTED)
        counts = [
            select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables
        ]
        return dict(reading.connection.execute(select(*counts)).mappings().one())

    return house.village.store.read(count)


def test_a_form_that_is_sent_twice_counts_once_whatever_it_is(house: House) -> None:
    """Those whose answer is to be read are not kept without a line; each is harmless in its own way."""
    people = {role: house.with_role(role) for role in (Role.COORDINATOR, Role.ADMIN)}
    pages = {role: browser.open("/staff/account") for role, browser in people.items()}
    answered, twice = set(), []
    for rule, path in forms(house):
        name = rule.endpoint.removeprefix("staff.")
        if worker().search(path):
            answered.add(name)
            continue
        role = Role.ADMIN if name in {"add_site", "activate_site"} else Role.COORDINATOR
        first, second, grew = send_twice(house, people[role], path, FORMS.get(name, {}))
        people[role].page = pages[role]
        if first != second or grew:
            twice.append((name, first, second, grew))
    assert not twice
    assert answered == ANSWERED


def send_twice(
    house: House, browser: Browser, path: str, fields: dict[str, str]
) -> tuple[object, object, list[str]]:
    first = browser.send(path, **fields)
    before = rows(house)
    second = browser.send(path, **fields)
    after = rows(house)
    grew = [table for table in after if after[table] != before[table]]
    return (first.status, first.to), (second.status, second.to), grew


ANSWERED = {
    "come_in",
    "take_second_step",
    "take_set_up",
    "take_unlock",
    "lock",
    "choose_language",
    "sign_out",
    "sign_out_everywhere",
    "change_secret",
    "number",
    "number_of_task",
    "device_code",
    "reset",
    "unblock",
    "merge_clients",
    "take_on",
}
