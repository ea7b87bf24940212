"""Taking somebody in on a page: read as a line of a file is, asked before she gets a reminder."""

from dataclasses import replace
from datetime import time

import pytest

from handlers.app import create_app
from service.domain.people import ConsentChannel
from service.store.models.people import Client, PersonPhone
from service.store.records import consents_to
from tests.staff.house import House, Page

GOOD = {
    "nickname": "Palesa",
    "phone": "5800 4444",
    "phone_owner": "own",
    "consent_sms": "yes",
    "language": "st",
    "wording": "T0",
    "hours": "morning",
    "kind": "pregnant",
    "visit_kind": "anc",
    "visit_day": "2026-12-01",
}


def enrol(house: House, **changed: str) -> Page:
    site = str(house.here.id)
    return house.mentor.send("/staff/enrol", from_page="/staff/enrol", **(GOOD | {"site": site} | changed))


def test_she_is_enrolled_with_her_mentor_and_asked_whether_the_number_is_hers(house: House) -> None:
    answer = enrol(house)
    assert answer.to.endswith("?told=enrolled")
    page = house.mentor.open(answer.to)
    assert "Palesa" in page.text
    assert "…444 · her own · not confirmed" in page.text
    assert "Tuesday 1 December" in page.text
    (link,) = [
        row for row in house.village.rows(PersonPhone.confirmed_at, PersonPhone.asked_at) if row.asked_at
    ]
    assert link.confirmed_at is None


def test_a_box_that_is_not_ticked_is_no_consent(house: House) -> None:
    enrol(house, consent_sms="")
    (woman,) = [row for row in house.village.rows(Client.id) if row.id != house.here.woman]
    assert not house.village.store.read(lambda reading: consents_to(reading, woman.id, ConsentChannel.SMS))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "2231 0000"}, "not a mobile number"),
        ({"phone": ""}, "Something must be written here."),
        ({"nickname": "HIV clinic"}, "Please look again:"),
        ({"born_on": "2030-01-01"}, "This day has not come yet."),
        ({"wording": "T1", "born_on": "2012-01-01"}, "A client under 18 gets neutral wording only"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    house: House, wrong: dict[str, str], said: str
) -> None:
    page = enrol(house, **wrong)
    assert page.status == 422
    assert said in page.text
    typed = GOOD | wrong
    assert f'value="{typed["nickname"]}"' in page.html
    assert f'value="{typed["wording"]}" checked' in page.html


def test_it_is_told_in_her_own_language(house: House) -> None:
    house.mentor.send("/staff/language", from_page="/staff/account", language="st")
    assert "Ena hase nomoro ea selefouno." in enrol(house, phone="2231 0000").text


def test_two_women_at_one_phone_need_two_names(house: House) -> None:
    enrol(house)
    assert "Another client at this number is called the same" in enrol(house, phone="+26658004444").text


def test_nobody_is_enrolled_at_another_site(house: House) -> None:
    assert enrol(house, site=str(house.elsewhere.id)).status == 400
    assert len(house.village.rows(Client.id)) == 2


def test_a_childs_name_may_not_tell_either(house: House) -> None:
    path = f"/staff/clients/{house.here.code}"
    telling = {"nickname": "HIV baby", "born_on": "2026-11-01"}
    assert house.mentor.send(f"{path}/infant", from_page=path, **telling).to.endswith("told=name_is_odd")
    assert "No infants." in house.mentor.open(path).text


def test_hours_are_offered_as_far_as_texts_go_here(house: House) -> None:
    parts = house.village.parts
    calendar = parts.programme.calendar
    until_two = replace(calendar, safe=replace(calendar.safe, ends=time(14)))
    house.app = create_app(replace(parts, programme=replace(parts.programme, calendar=until_two)))
    page = house.mentor.open("/staff/enrol").text
    assert "12:00 to 14:00" in page
    assert "15:00" not in page
