"""The stop button and what it held back: everybody's for everything, a coordinator's for her own sites."""

import re
from datetime import timedelta

from service.actions.pause import pauses
from service.domain.message import Refusal, Refused, Unknown
from service.domain.people import Role
from tests.staff.house import Browser, House
from tests.worker.village import MONDAY, at

PAGE = "/staff/sending"


def press(browser: Browser, button: str, **fields: str) -> str:
    answer = browser.send(f"{PAGE}/{button}", from_page=PAGE, to=PAGE, **fields)
    return answer.to.rpartition("told=")[2] or str(answer.status)


def test_a_coordinator_stops_it_and_lets_it_go_on(house: House) -> None:
    for what in ("all:", "plan:visits", "gateway:fake"):
        assert press(house.coordinator, "pause", what=what, why="Odd texts") == "paused"
        assert "Odd texts" in house.coordinator.open(PAGE).text
        assert press(house.coordinator, "resume", what=what) == "resumed"
    assert house.village.store.read(pauses) == ()


def test_she_stops_her_own_site_and_no_other(house: House) -> None:
    assert press(house.coordinator, "pause", what=f"site:{house.here.id}", why="x") == "paused"
    assert press(house.coordinator, "pause", what=f"site:{house.elsewhere.id}", why="x") == "400"
    assert press(house.coordinator, "pause", what="all:", why="") == "400"
    (row,) = house.village.store.read(pauses)
    assert row.covered.target == str(house.here.id)


def test_what_fell_due_in_a_pause_waits_for_a_word(house: House) -> None:
    coordinator, admin = house.coordinator, house.with_role(Role.ADMIN)
    press(coordinator, "pause", what="all:", why="x")
    tuesday = MONDAY + timedelta(days=1)
    house.village.work_through(at(tuesday, "08:00"), at(tuesday, "11:00"))
    assert house.village.gateway.sent == []
    press(coordinator, "resume", what="all:")
    house.village.tick()
    page = admin.open(PAGE).text
    assert "Held back" in page
    assert press(coordinator, "discard") == "discarded"
    assert "Held back" not in admin.open(PAGE).text
    assert house.village.gateway.sent == []
    assert "somebody threw it away" in house.mentor.open(f"/staff/clients/{house.here.code}").text


def send_to_both(house: House, *answers: Refused | Unknown) -> None:
    """A text to a client of each site, and what the provider says of it."""
    house.village.gateway.answers = list(answers)
    house.village.clock.moment = at(MONDAY, "10:00")
    for site, number in ((house.here, 1), (house.elsewhere, 2)):
        house.village.put(person=site.woman, phone=f"+2665800{number}009")
    house.village.dispatch()


def test_she_sees_which_texts_failed_and_of_others_how_many(house: House) -> None:
    send_to_both(house, Refused(Refusal.BAD_NUMBER), Refused(Refusal.BAD_NUMBER))
    page = house.coordinator.open(PAGE)
    assert "2 · the network does not know the number · fake Which" in page.text
    found = re.search(r'href="(/staff/sending/lost\?why[^"]*)"', page.html)
    assert found
    listed = house.coordinator.open(found[1].replace("&amp;", "&")).text
    assert f"{house.here.code} · …009 today, 10:00 Failed: the network does not know the number" in listed
    assert house.elsewhere.code not in listed
    assert "1 more went to people who are not in your care" in listed
    assert "26658001009" not in listed
    assert "2 more went to people" in house.with_role(Role.ADMIN).open(f"{PAGE}/lost").text
    assert "None." in house.coordinator.open(f"{PAGE}/lost?why=no_route").text


def test_she_sees_of_which_texts_nobody_knows(house: House) -> None:
    send_to_both(house, Unknown("read_timeout"), Unknown("read_timeout"))
    assert "Nobody knows whether they went 2 · Which" in house.coordinator.open(PAGE).text
    listed = house.coordinator.open(f"{PAGE}/unknown").text
    assert f"{house.here.code} · …009" in listed
    assert house.elsewhere.code not in listed
    assert "1 more went to people" in listed
