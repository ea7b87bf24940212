"""When things change: a loss, a wish, an incident, two records of one woman, another site."""

import re
from datetime import date
from uuid import UUID

import pytest

from service.actions.enrol import NewInfant, enrol_infant
from service.actions.names import call
from service.domain.people import OPERATOR, ClientState, Role
from service.store.models.people import Client, Infant
from service.store.models.safety import Incident, Loss, Merge
from service.store.transaction import Transaction
from tests.staff.house import Browser, House, Page
from tests.worker.village import MONDAY, at


def path(house: House) -> str:
    return f"/staff/clients/{house.here.code}/changes"


def send(house: House, browser: Browser, form: str, **fields: str) -> str:
    """Send a form of the page about her; what was told."""
    to = f"/staff/clients/{house.here.code}/{form}"
    return browser.send(to, from_page=path(house), to=path(house), **fields).to.rpartition("told=")[2]


def state(house: House) -> ClientState:
    (row,) = [row for row in house.village.rows(Client.id, Client.state) if row.id == house.here.woman]
    found: ClientState = row.state
    return found


def test_a_loss_silences_her_until_her_care_goes_on_and_can_be_taken_back(house: House) -> None:
    assert send(house, house.mentor, "loss", kind="stillbirth", day="2026-11-20") == "loss_noted"
    assert state(house) is ClientState.MUTED
    page = house.mentor.open(path(house)).text
    assert "Stillbirth · Friday 20 November" in page
    assert "No text goes to her" in page
    (loss,) = house.village.rows(Loss.id)
    assert send(house, house.mentor, f"losses/{loss.id}/goes-on") == "care_goes_on"
    assert state(house) is ClientState.ACTIVE
    assert send(house, house.mentor, f"losses/{loss.id}/undo", why="Another woman") == "loss_undone"
    assert "Stillbirth ·" not in house.mentor.open(path(house)).text


def test_a_loss_that_cannot_be_so_is_refused_with_a_word(house: House) -> None:
    assert send(house, house.mentor, "loss", kind="infant_death") == "which_infant"
    assert send(house, house.mentor, "loss", kind="stillbirth", day="2026-12-24") == "day_is_to_come"
    assert house.village.rows(Loss.id) == []


def test_a_loss_of_another_client_is_not_there(house: House) -> None:
    other = f"/staff/clients/{house.elsewhere.code}"
    admin = house.signed_in(house.elsewhere.mentor)
    admin.send(f"{other}/loss", from_page=f"{other}/changes", kind="stillbirth")
    (loss,) = house.village.rows(Loss.id)
    form = f"/staff/clients/{house.here.code}/losses/{loss.id}/goes-on"
    assert house.mentor.send(form, from_page=path(house)).status == 404


@pytest.mark.parametrize(("choice", "at"), [("weekly_check_in", ""), ("coded_reminder", "07:30")])
def test_what_she_wishes_for_begins_and_ends_with_her_word(house: House, choice: str, at: str) -> None:
    assert send(house, house.mentor, "choice", choice=choice, wanted="yes", at=at) == "wish_noted"
    assert re.search(rf": yes{', ' + at if at else ''} ", house.mentor.open(path(house)).text)
    send(house, house.mentor, "choice", choice=choice, wanted="no")
    assert ": yes" not in house.mentor.open(path(house)).text


def test_an_incident_stops_her_texts_until_a_coordinator_has_looked_into_it(house: House) -> None:
    assert send(house, house.mentor, "incident", note="Her <b>neighbour</b> read it") == "incident_noted"
    assert state(house) is ClientState.MUTED
    page = house.coordinator.open("/staff/incidents")
    assert "Her &lt;b&gt;neighbour&lt;/b&gt; read it" in page.html
    (row,) = house.village.rows(Incident.id)
    resume = f"incidents/{row.id}/resume"
    assert house.mentor.send(f"/staff/clients/{house.here.code}/{resume}").status == 403
    there = house.signed_in(house.elsewhere.coordinator)
    theirs = f"/staff/clients/{house.elsewhere.code}/{resume}"
    assert there.send(theirs, from_page="/staff/incidents", safe="yes").status == 404
    assert send(house, house.coordinator, resume, safe="yes") == "texts_go_on"
    assert state(house) is ClientState.ACTIVE
    assert "she is safe" in house.coordinator.open("/staff/incidents").text


def test_two_records_become_one_and_two_again(house: House) -> None:
    twin = house.village.woman("+26658001055", "Twin", site_id=house.here.id)
    (code,) = [row.code for row in house.village.rows(Client.id, Client.code) if row.id == twin]
    namesake = house.village.woman("+26658001055", "Woman1", site_id=house.here.id)
    assert send(house, house.coordinator, "merge", other=code) == "name_taken"
    house.village.store.write(lambda tx: call(tx, house.village.parts.programme, namesake, "Pule"), OPERATOR)
    assert send(house, house.coordinator, "merge", other=code) == "merged"
    assert f"{code} went into this one." in house.coordinator.open(path(house)).text
    (row,) = house.village.rows(Merge.id)
    there = house.signed_in(house.elsewhere.coordinator)
    theirs = f"/staff/clients/{house.elsewhere.code}/merges/{row.id}/undo"
    assert there.send(theirs, from_page="/staff/account").status == 404
    assert send(house, house.coordinator, f"merges/{row.id}/undo") == "unmerged"


def test_a_baby_that_looks_the_same_in_both_records_is_asked_about_before_they_are_one(house: House) -> None:
    twin = house.village.woman("+26658001055", "Twin", site_id=house.here.id)
    (code,) = [row.code for row in house.village.rows(Client.id, Client.code) if row.id == twin]
    babies = [
        NewInfant(mother, name, born)
        for name, mother, born in (
            ("Neo", house.here.woman, date(2026, 10, 1)),
            ("Neo M", twin, date(2026, 10, 3)),
            ("Pule", twin, date(2026, 10, 1)),
            ("Older", twin, date(2025, 1, 1)),
        )
    ]

    def bear(tx: Transaction) -> dict[str, UUID]:
        return {new.nickname: enrol_infant(tx, new, "en") for new in babies}

    known = house.village.store.write(bear, OPERATOR)
    question = f"/staff/clients/{house.here.code}/merge?other={code}"
    answer = f"/staff/clients/{house.here.code}/merge"
    assert house.coordinator.send(answer, from_page=path(house), other=code).to == question
    page = house.coordinator.open(question).text
    assert "Neo M, born Saturday 3 October" in page
    assert "Older" not in page
    neo, another = str(known["Neo"]), "another"
    fields = {f"infant-{known[name]}": neo for name in ("Neo M", "Pule")}
    both = house.coordinator.send(answer, from_page=question, other=code, **fields)
    assert both.to == f"{question}&told=which_babies"
    assert house.village.rows(Merge.id) == []
    fields[f"infant-{known['Pule']}"] = another
    said = house.coordinator.send(answer, from_page=question, to=path(house), other=code, **fields)
    assert said.to.endswith("told=merged")
    mothers = {row.id: row.mother_id for row in house.village.rows(Infant.id, Infant.mother_id)}
    assert mothers[known["Neo M"]] == twin
    assert "Neo M" not in house.coordinator.open(f"/staff/clients/{code}").text
    assert mothers[known["Pule"]] == mothers[known["Older"]] == house.here.woman


def test_nobody_merges_herself_or_somebody_elses_client(house: House) -> None:
    for code in (house.here.code, house.elsewhere.code, "nonsense"):
        assert send(house, house.coordinator, "merge", other=code) == "not_merged"
    assert house.village.rows(Merge.id) == []


def answer(house: House, browser: Browser, word: str, **fields: str) -> Page:
    """Send the form of the only transfer that the page shows."""
    found = re.search(rf'action="(/staff/transfers/[^"]+/{word})"', browser.open("/staff/transfers").html)
    assert found, browser.page.text
    return browser.send(found[1], to="/staff/transfers", **fields)


def test_she_is_hers_where_she_is_until_the_other_site_takes_her(house: House) -> None:
    there = house.signed_in(house.elsewhere.coordinator)
    offered = send(house, house.coordinator, "transfer", site=str(house.elsewhere.id))
    assert offered == "transfer_offered"
    assert house.mentor.open(f"/staff/clients/{house.here.code}").status == 200
    taken = answer(house, there, "accept", mentor=str(house.elsewhere.mentor))
    assert taken.to.endswith("told=transfer_accepted")
    assert house.mentor.open(f"/staff/clients/{house.here.code}").status == 404
    assert house.signed_in(house.elsewhere.mentor).open(f"/staff/clients/{house.here.code}").status == 200


def test_an_offer_is_declined_by_whom_it_is_made_to_and_withdrawn_by_whoever_made_it(house: House) -> None:
    there = house.signed_in(house.elsewhere.coordinator)
    site = str(house.elsewhere.id)
    send(house, house.coordinator, "transfer", site=site)
    assert send(house, house.coordinator, "transfer", site=site) == "no_transfer_offered"
    found = re.search(r'"(/staff/transfers/[^"]+)/withdraw"', house.coordinator.open("/staff/transfers").html)
    assert found
    assert house.coordinator.send(f"{found[1]}/accept").status == 404
    assert there.send(f"{found[1]}/withdraw", from_page="/staff/transfers").status == 404
    assert answer(house, there, "decline").to.endswith("told=transfer_declined")
    send(house, house.coordinator, "transfer", site=site)
    assert answer(house, house.coordinator, "withdraw").to.endswith("told=transfer_withdrawn")


def test_her_page_says_beforehand_why_nothing_would_go(house: House) -> None:
    her = f"/staff/clients/{house.here.code}"
    house.village.tick()
    assert "As things stand" not in house.mentor.open(her).text
    house.mentor.send(f"{her}/consent", channel="sms", given="no")
    page = house.mentor.open(her).text
    assert "As things stand none of them goes: she did not agree to texts." in page


def test_another_number_gets_one_question_and_the_old_one_nothing(house: House) -> None:
    assert send(house, house.mentor, "new-number", phone="2231 0000", phone_owner="own") == "number_is_odd"
    assert send(house, house.mentor, "new-number", phone="5800 9090", phone_owner="own") == "number_changed"
    page = house.mentor.open(f"/staff/clients/{house.here.code}").text
    assert "…090 · her own · not confirmed" in page
    house.village.clock.moment = at(MONDAY, "10:00")
    house.village.tick()
    assert {text.to.e164 for text in house.village.gateway.sent} == {"+26658009090"}


def test_a_record_is_put_right_and_a_name_that_tells_is_refused(house: House) -> None:
    assert send(house, house.mentor, "record", nickname="HIV mother") == "name_is_odd"
    assert send(house, house.mentor, "record", nickname="Thato", kind="breastfeeding") == "put_right"
    assert send(house, house.mentor, "record", born_on="2030-01-01") == "day_is_to_come"
    page = house.mentor.open(f"/staff/clients/{house.here.code}").text
    assert "Thato" in page
    assert "breastfeeding" in page


def test_one_client_goes_to_a_colleague_of_her_own_site(house: House) -> None:
    heir = house.village.staff("Heir", "+26658001077", Role.MENTOR, site=house.here.id)
    form = f"/staff/clients/{house.here.code}/mentor"
    elsewhere = str(house.elsewhere.mentor)
    assert house.coordinator.send(form, from_page=path(house), to_whom=elsewhere).status == 400
    assert send(house, house.coordinator, "mentor", to_whom=str(heir)) == "handed_over"
    assert house.mentor.open(f"/staff/clients/{house.here.code}").status == 404
    assert "She asks for a call" in house.signed_in(heir).open("/staff/today").text
