"""New secrets, lost phones and leave: who may give them, and to whom."""

import re

import pytest

from service.actions.credentials import CredentialKind, verifier_of
from service.domain.caseload import Post, may_manage
from service.domain.ids import new_id
from service.domain.people import Role
from service.store.transaction import Reading
from tests.staff.house import House

HERE, THERE = new_id(), new_id()
COORDINATOR = (Post(Role.COORDINATOR, HERE),)


@pytest.mark.parametrize(
    ("mine", "hers", "may"),
    [
        ((Post(Role.ADMIN, None),), (Post(Role.ADMIN, None),), True),
        (COORDINATOR, (Post(Role.MENTOR, HERE),), True),
        (COORDINATOR, (Post(Role.MENTOR, THERE),), False),
        (COORDINATOR, (Post(Role.MENTOR, HERE), Post(Role.MENTOR, THERE)), False),
        (COORDINATOR, (Post(Role.MENTOR, None),), False),
        (COORDINATOR, (Post(Role.MENTOR, HERE), Post(Role.ADMIN, None)), False),
        (COORDINATOR, COORDINATOR, False),
        ((Post(Role.COORDINATOR, None),), (Post(Role.MENTOR, THERE),), True),
        ((Post(Role.MENTOR, HERE),), (Post(Role.MENTOR, HERE),), False),
        ((Post(Role.ME, None),), (Post(Role.MENTOR, HERE),), False),
    ],
)
def test_nobody_gets_more_rights_by_a_colleagues_password(
    mine: tuple[Post, ...], hers: tuple[Post, ...], may: bool
) -> None:
    assert may_manage(mine, hers) is may


def test_a_coordinator_gives_the_code_that_opens_a_new_phone(house: House) -> None:
    path = f"/staff/team/{house.here.mentor}"
    page = house.coordinator.send(f"{path}/reset", from_page=path)
    pin, code = re.findall(r'<p class="number">([0-9 ]+)</p>', page.html)
    phone = house.browser()
    answer = phone.send(
        "/staff/sign-in", from_page="/staff/sign-in", who="Palesa 1", secret=pin.strip(), code=code
    )
    assert answer.status == 303
    assert phone.open("/staff/today").status == 200


def test_a_lost_phone_is_shut_out_with_one_press(house: House) -> None:
    phone = house.mentor
    path = f"/staff/team/{house.here.mentor}"
    house.coordinator.send(f"{path}/phone-lost", from_page=path)
    assert phone.open("/staff/today").to.startswith("/staff/sign-in")


def test_a_coordinator_has_no_say_over_another_coordinators_account(house: House) -> None:
    colleague = house.village.staff("Another", "+26658008888", Role.COORDINATOR)
    path = f"/staff/team/{colleague}"
    assert house.coordinator.open(path).status == 200
    assert house.coordinator.send(f"{path}/reset", from_page="/staff/team").status == 403

    def password(reading: Reading) -> str | None:
        return verifier_of(reading, colleague, CredentialKind.PASSWORD)

    assert house.village.store.read(password) is None


def test_leave_passes_her_tasks_on_and_her_return_is_noted(house: House) -> None:
    path = f"/staff/team/{house.here.mentor}"
    away = {"first": "2026-11-23", "last": "2026-11-27"}
    assert house.coordinator.send(f"{path}/leave", from_page=path, **away).to.endswith("told=leave_noted")
    assert "away until" in house.coordinator.open(path).text
    assert "She asks for a call" in house.coordinator.open("/staff/today").text
    house.coordinator.send(f"{path}/is-back", from_page=path)
    assert "away until" not in house.coordinator.open(path).text


def test_a_leave_that_ends_before_it_begins_is_refused(house: House) -> None:
    path = f"/staff/team/{house.here.mentor}"
    odd = {"first": "2026-11-27", "last": "2026-11-24"}
    assert house.coordinator.send(f"{path}/leave", from_page=path, **odd).to.endswith("told=leave_is_odd")


def test_whoever_is_blocked_is_out(house: House) -> None:
    phone = house.mentor
    path = f"/staff/team/{house.here.mentor}"
    house.coordinator.send(f"{path}/block", from_page=path)
    assert phone.open("/staff/today").to.startswith("/staff/sign-in")
