"""What a Mentor Mother can order by text."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from service.actions import pins, sites, staff
from service.domain.people import OPERATOR, SYSTEM, Role
from service.domain.phone import Phone
from service.store.models.care import Contact, Task
from service.store.models.messages import Inbound
from service.store.models.people import Client, Credential
from tests.actions.talk import HERS, MENTORS, STRANGERS, later, notes, say, suspended
from tests.worker.village import MONDAY, Village, at

WEDNESDAY = MONDAY + timedelta(days=2)


def order(village: Village, text: str, phone: str = MENTORS) -> list[str]:
    return say(village, text, phone)


def code_of(village: Village, woman: UUID) -> str:
    return village.store.read(
        lambda reading: reading.connection.execute(select(Client.code).where(Client.id == woman)).scalar_one()
    )


@pytest.fixture
def caseload(village: Village) -> tuple[UUID, UUID]:
    """A woman of hers who is expected today, and the visit."""
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    return woman, village.visit(woman, MONDAY)


def test_due_lists_codes_and_nothing_else(village: Village, caseload: tuple[UUID, UUID]) -> None:
    assert order(village, "DUE") == [f"Today: {code_of(village, caseload[0])}"]


def test_due_on_an_empty_day_says_so(village: Village) -> None:
    village.staff("Palesa", MENTORS)
    assert order(village, "due") == ["Nothing is due today."]


@pytest.mark.parametrize(("word", "state"), [("ATT", "attended"), ("MISS", "missed")])
def test_she_records_who_came_and_who_did_not(
    village: Village, caseload: tuple[UUID, UUID], word: str, state: str
) -> None:
    code = code_of(village, caseload[0])
    assert order(village, f"{word} {code}") == [f"{code}: noted. Thank you."]
    assert village.visit_state(caseload[1])[0] == state


def test_remind_sends_her_next_date_once_a_day(village: Village) -> None:
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    village.visit(woman, WEDNESDAY + timedelta(days=14))
    village.clock.moment = at(MONDAY, "11:00")
    for _ in range(2):
        order(village, f"REMIND {code_of(village, woman)}")
        later(village)
    assert len([message for message in village.gateway.sent if message.to == Phone(HERS)]) == 1


def test_remind_without_a_date_says_that_there_is_nothing_to_do(village: Village) -> None:
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    assert "nothing to do now" in order(village, f"REMIND {code_of(village, woman)}")[0]


def test_call_ok_closes_what_asked_for_a_call(village: Village) -> None:
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    say(village, "3")
    later(village)
    order(village, f"CALL {code_of(village, woman)} OK")
    assert [row.state for row in village.rows(Task.state)] == ["closed"]
    assert {row.mode for row in village.rows(Contact.mode)} == {"sms", "call"}


def test_she_is_answered_for_each_of_a_list_and_once_for_the_same(
    village: Village, caseload: tuple[UUID, UUID]
) -> None:
    other = village.woman("+26658100002", "Lerato", mentor_id=village.rows(Client.mentor_id)[0].mentor_id)
    village.visit(other, MONDAY)
    codes = [code_of(village, caseload[0]), code_of(village, other)]
    for code in codes:
        assert order(village, f"ATT {code}") == [f"{code}: noted. Thank you."]
    assert len(order(village, "ATT 999999") + order(village, "ATT 999999")) == 1


@pytest.mark.parametrize("code", ["000001", "999999"])
def test_a_code_that_is_nobodys_is_not_found(village: Village, code: str) -> None:
    village.staff("Palesa", MENTORS)
    assert order(village, f"ATT {code}") == [f"{code}: not found. Please check the code."]


def test_a_woman_of_another_site_is_not_found_either(village: Village, caseload: tuple[UUID, UUID]) -> None:
    elsewhere = village.store.write(lambda tx: sites.add_site(tx, "Ha Other", "Leribe"), OPERATOR)
    village.staff("Mpho", "+26658100051", site=elsewhere)
    code = code_of(village, caseload[0])
    assert "not found" in order(village, f"ATT {code}", "+26658100051")[0]
    assert village.visit_state(caseload[1])[0] == "planned"


def test_an_order_reaches_nobody_whom_her_menu_would_not_show_her(
    village: Village, caseload: tuple[UUID, UUID]
) -> None:
    village.staff("Limpho", "+26658100051")
    code = code_of(village, caseload[0])
    for word in (f"ATT {code}", f"MISS {code}", f"REMIND {code}", f"CALL {code} OK"):
        assert "not found" in order(village, word, "+26658100051")[0]
        later(village)
    assert village.visit_state(caseload[1])[0] == "planned"


def test_no_order_settles_danger(village: Village, caseload: tuple[UUID, UUID]) -> None:
    say(village, "I am bleeding")
    order(village, f"CALL {code_of(village, caseload[0])} OK")
    assert [(row.kind.value, row.state.value) for row in village.rows(Task.kind, Task.state)] == [
        ("danger", "open")
    ]


def test_what_comes_back_says_nothing_but_codes(village: Village, caseload: tuple[UUID, UUID]) -> None:
    code = code_of(village, caseload[0])
    for word in ("DUE", f"MISS {code}", f"ATT {code}", f"REMIND {code}", f"CALL {code} OK", "ATT 999999"):
        (answer,) = order(village, word)
        assert not any(telling in answer for telling in ("Thato", HERS[-8:], "November", "Ha Demo"))
        later(village)


def test_a_pin_in_an_order_is_not_looked_at(village: Village, caseload: tuple[UUID, UUID]) -> None:
    palesa = village.rows(Client.mentor_id)[0].mentor_id
    village.store.write(lambda tx: pins.choose(tx, palesa, [palesa], "7291"), SYSTEM)
    code = code_of(village, caseload[0])
    assert order(village, f"ATT {code} 1111") == [f"{code}: noted. Thank you."]
    assert {row.failures for row in village.rows(Credential.failures)} == {0}


def test_the_phone_of_somebody_who_is_blocked_orders_nothing(
    village: Village, caseload: tuple[UUID, UUID]
) -> None:
    palesa = village.rows(Client.mentor_id)[0].mentor_id
    village.store.write(lambda tx: staff.block_staff(tx, palesa), OPERATOR)
    order(village, f"ATT {code_of(village, caseload[0])}")
    assert village.visit_state(caseload[1])[0] == "planned"


def test_an_auditor_may_look_and_not_touch(village: Village, caseload: tuple[UUID, UUID]) -> None:
    village.staff("Mpho", "+26658100051", Role.AUDITOR)
    assert "not found" in order(village, f"ATT {code_of(village, caseload[0])}", "+26658100051")[0]


def test_an_order_from_a_number_that_is_no_staffs_changes_nothing(
    village: Village, caseload: tuple[UUID, UUID]
) -> None:
    code = code_of(village, caseload[0])
    say(village, f"ATT {code}", STRANGERS)
    assert village.visit_state(caseload[1])[0] == "planned"
    assert village.tasks() == ["read_message"]


@pytest.mark.parametrize("phone", [MENTORS, STRANGERS, HERS])
def test_a_pin_is_never_stored(village: Village, caseload: tuple[UUID, UUID], phone: str) -> None:
    code = code_of(village, caseload[0])
    for text in (f"ATT {code} 86420", "DUE 86420", f"CALL {code} OK 86420"):
        say(village, text, phone)
    bodies = [
        village.store.vault.open_if(Inbound.body, row.id, row.body) or ""
        for row in village.rows(Inbound.id, Inbound.body)
    ]
    assert not any("86420" in kept for kept in bodies + notes(village))


def test_a_mentor_mother_does_not_silence_her_own_phone_by_a_nine(village: Village) -> None:
    village.staff("Palesa", MENTORS)
    say(village, "9", MENTORS)
    assert not suspended(village)
    assert village.tasks() == ["read_message"]
