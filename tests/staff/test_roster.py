"""Colleagues: taken on, on call, let in again, and a caseload that goes to somebody else."""

import re

from service.actions.roster import first_gap, on_duty
from service.domain.people import Role
from service.store.models.people import Client, Staff
from tests.staff.house import Browser, House, Page


def take_on(house: House, browser: Browser, **changed: str) -> Page:
    given = {"name": "Khauhelo", "phone": "5800 6666", "role": "mentor", "language": "st"}
    site = {"site": str(house.here.id)}
    return browser.send("/staff/team/new", from_page="/staff/team/new", **(given | site | changed))


def test_a_coordinator_takes_a_mentor_mother_on_and_tells_her_pin_and_code(house: House) -> None:
    page = take_on(house, house.coordinator)
    pin, code = re.findall(r'<p class="number">([0-9 ]+)</p>', page.html)
    phone = house.browser()
    typed = {"who": "Khauhelo", "secret": pin, "code": code}
    assert phone.send("/staff/sign-in", from_page="/staff/sign-in", **typed).status == 303
    assert "Khauhelo" in house.coordinator.open("/staff/team").text


WRONG = (
    ({"name": "HIV nurse"}, "cannot stand in a text"),
    ({"name": ""}, "Write her name"),
    ({"name": "coordinator  1"}, "Somebody has this name already"),
    ({"phone": "2231 0000"}, "Look at the number"),
    ({"phone": "5800 1001"}, "belongs to another colleague"),
    ({"site": ""}, "Choose a role, and a site"),
)


def test_what_is_wrong_is_said_and_nobody_is_taken_on(house: House) -> None:
    coordinator, before = house.coordinator, len(house.village.rows(Staff.id))
    for wrong, said in WRONG:
        page = take_on(house, coordinator, **wrong)
        assert page.status == 422
        assert said in page.text
    assert len(house.village.rows(Staff.id)) == before


def test_a_coordinator_gives_no_role_above_her_own(house: House) -> None:
    coordinator, before = house.coordinator, len(house.village.rows(Staff.id))
    for role in ("admin", "coordinator", "auditor"):
        assert take_on(house, coordinator, role=role).status == 403
    assert len(house.village.rows(Staff.id)) == before


def test_a_coordinator_takes_nobody_on_at_another_site(house: House) -> None:
    page = take_on(house, house.coordinator, site=str(house.elsewhere.id))
    assert "Choose a role, and a site" in page.text


def test_whoever_was_shut_out_is_let_in_again_with_a_new_pin(house: House) -> None:
    path = f"/staff/team/{house.here.mentor}"
    house.coordinator.send(f"{path}/block", from_page=path)
    page = house.coordinator.send(f"{path}/unblock", from_page=path)
    pin, code = re.findall(r'<p class="number">([0-9 ]+)</p>', page.html)
    phone = house.browser()
    typed = {"who": "Palesa 1", "secret": pin, "code": code}
    assert phone.send("/staff/sign-in", from_page="/staff/sign-in", **typed).status == 303


def test_somebody_is_on_call_in_her_hours_and_a_gap_is_shown(house: House) -> None:
    path, admin = f"/staff/team/{house.here.mentor}", house.with_role(Role.ADMIN)
    store = house.village.store
    admin.send(f"{path}/on-call", from_page=path, starts="07:00", ends="17:00")
    assert store.read(on_duty) == house.here.mentor
    roster = admin.open("/staff/roster").text
    assert "From today, 17:00 nobody is on call" in roster
    assert "07:00-17:00" in roster
    admin.send(f"{path}/on-call", from_page=path, starts="", ends="")
    assert store.read(first_gap) is None
    admin.send(f"{path}/off-call", from_page=path)
    assert store.read(on_duty) is None


def test_a_caseload_goes_to_a_colleague_at_the_same_site_with_its_tasks(house: House) -> None:
    heir = house.village.staff("Heir", "+26658001077", Role.MENTOR, site=house.here.id)
    path = f"/staff/team/{house.here.mentor}"
    answer = house.coordinator.send(f"{path}/hand-over", from_page=path, to_whom=str(heir))
    assert answer.to.endswith("told=handed_over")
    assert {row.mentor_id for row in house.village.rows(Client.mentor_id)} == {heir}
    assert "She asks for a call" in house.signed_in(heir).open("/staff/today").text
    assert "Nothing is waiting for you." in house.mentor.open("/staff/today").text


def test_a_caseload_does_not_go_to_another_site(house: House) -> None:
    path = f"/staff/team/{house.here.mentor}"
    others = str(house.elsewhere.mentor)
    assert house.coordinator.send(f"{path}/hand-over", from_page=path, to_whom=others).status == 400
    admin = house.with_role(Role.ADMIN)
    assert admin.send(f"{path}/hand-over", from_page=path, to_whom=others).status == 400


def test_a_coordinator_gives_a_task_to_a_colleague(house: House) -> None:
    heir = house.village.staff("Heir", "+26658001077", Role.MENTOR, site=house.here.id)
    path = f"/staff/tasks/{house.here.task}"
    answer = house.coordinator.send(f"{path}/assign", from_page=path, to_whom=str(heir))
    assert answer.to.endswith("told=assigned")
    assert "She asks for a call" in house.signed_in(heir).open("/staff/today").text
    assert house.coordinator.send(f"{path}/assign", from_page=path, to_whom="nobody").status == 400


def test_the_record_of_who_did_what_names_staff_and_codes_and_no_client(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    house.mentor.send(f"{path}/number", from_page=path)
    page = house.with_role(Role.AUDITOR).open("/staff/audit?verb=reveal_number").text
    assert f"Palesa 1 looked at the number: client {house.here.code}" in page
    assert "Woman1" not in page
    assert "sign in" not in page.partition("Show")[2]
