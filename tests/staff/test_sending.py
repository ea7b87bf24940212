"""The stop button and what it held back: everybody's for everything, a coordinator's for her own sites."""

from datetime import timedelta

from service.actions.pause import pauses
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
