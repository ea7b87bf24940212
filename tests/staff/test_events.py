"""Outreach days on a page: set, answered, moved, called off, and closed by who came."""

from datetime import timedelta

from service.domain.care import VisitKind, VisitState
from service.domain.people import Role
from service.store.models.care import Visit
from service.store.models.events import Event
from service.store.models.people import Client
from tests.staff.house import Browser, House
from tests.worker.village import MONDAY, at

LIST = "/staff/events"
WEEK = MONDAY + timedelta(days=7)


def press(browser: Browser, path: str, button: str, **fields: str) -> str:
    answer = browser.send(f"{path}/{button}", from_page=path, to=path, **fields)
    return answer.to.rpartition("told=")[2] or str(answer.status)


def here(house: House) -> str:
    return f"{LIST}/{house.here.event}"


def invitation(house: House) -> tuple[str, str]:
    """Her visit of the event, and how it stands."""
    found = [row for row in house.village.rows(Visit.id, Visit.event_id, Visit.state) if row.event_id]
    ((visit, state),) = [(str(row.id), row.state) for row in found if row.event_id == house.here.event]
    return visit, state


def answer(house: House, browser: Browser, coming: str) -> str:
    return press(browser, here(house), "answer", visit=invitation(house)[0], coming=coming)


def test_a_day_is_set_for_a_site_or_for_those_of_one_place(house: House) -> None:
    coordinator, code = house.coordinator, house.here.code
    linked = {"site": str(house.here.id), "place": "Ha Far", "codes": code}
    assert press(coordinator, LIST, "link", **linked) == "place_linked"
    assert press(coordinator, LIST, "link", **linked | {"codes": "000000"}) == "code_unknown"
    (place,) = {row.place_id for row in house.village.rows(Client.place_id) if row.place_id}
    day = {"kind": "outreach", "day": "2026-12-15", "at": "09:00", "where": f"place:{place}"}
    assert press(coordinator, LIST, "add", **day) == "event_added"
    house.village.tick()
    assert "Tuesday 15 December , 09:00 · Outreach day Ha Demo · Ha Far to come · invited 1" in (
        coordinator.open(LIST).text
    )
    assert press(coordinator, LIST, "add", **day | {"day": f"{MONDAY}"}) == "event_day_past"
    assert press(coordinator, LIST, "add", **day | {"kind": "anc"}) == "400"
    assert press(coordinator, LIST, "add", **day | {"where": f"site:{house.elsewhere.id}"}) == "400"


def test_her_mentor_notes_what_she_says(house: House) -> None:
    assert answer(house, house.mentor, "yes") == "answer_noted"
    assert invitation(house)[1] is VisitState.PLANNED
    assert "coming 1" in house.mentor.open(here(house)).text
    assert answer(house, house.mentor, "no") == "answer_noted"
    assert invitation(house)[1] is VisitState.CANCELLED


def test_nobody_names_or_answers_for_anothers_client(house: House) -> None:
    stranger = house.signed_in(house.elsewhere.mentor)
    assert stranger.open(here(house)).status == 404
    colleague = house.village.staff("Thabo 9", "+26658009999", site=house.here.id)
    browser = house.signed_in(colleague)
    page = browser.open(here(house))
    assert page.status == 200
    assert house.here.code not in page.text
    assert answer(house, browser, "yes") == "404"


def test_whoever_had_said_yes_is_to_be_called_when_the_day_is_moved_or_off(house: House) -> None:
    coordinator, path = house.coordinator, here(house)
    answer(house, coordinator, "yes")
    house.village.clock.moment += timedelta(minutes=1)
    assert press(coordinator, path, "move", day=f"{MONDAY}") == "event_day_past"
    assert press(coordinator, path, "move", day=f"{WEEK + timedelta(days=1)}") == "event_moved"
    assert invitation(house)[1] is VisitState.INVITED
    assert f"call them. Woman1 · {house.here.code}" in coordinator.open(path).text
    house.village.clock.moment += timedelta(minutes=1)
    answer(house, coordinator, "yes")
    assert "call them" not in coordinator.open(path).text
    house.village.clock.moment += timedelta(minutes=1)
    assert press(coordinator, path, "cancel") == "event_off"
    assert "call them" in coordinator.open(path).text
    assert press(coordinator, path, "cancel") == "event_is_over"
    assert answer(house, coordinator, "yes") == "event_is_over"


def test_a_due_visit_is_brought_onto_the_day(house: House) -> None:
    fields = {"code": house.here.code, "kind": "anc"}
    assert press(house.mentor, here(house), "bring", **fields | {"kind": "lab"}) == "nothing_to_bring"
    assert press(house.mentor, here(house), "bring", **fields | {"code": house.elsewhere.code}) == (
        "nothing_to_bring"
    )
    assert press(house.mentor, here(house), "bring", **fields) == "brought"
    visits = house.village.rows(Visit.client_id, Visit.kind, Visit.day)
    assert (house.here.woman, VisitKind.ANC, WEEK) in [tuple(row) for row in visits]
    assert invitation(house)[1] is VisitState.PLANNED


def test_who_came_closes_the_day_and_nothing_typed_is_lost(house: House) -> None:
    coordinator, path, code = house.coordinator, here(house), house.here.code
    answer(house, coordinator, "yes")
    assert press(coordinator, path, "attended", came=code) == "day_is_to_come"
    house.village.clock.moment = at(WEEK, "16:00")
    assert "Who came" not in house.signed_in(house.here.mentor).open(path).text
    assert "Who came" not in house.with_role(Role.ADMIN).open(path).text
    coordinator = house.signed_in(house.here.coordinator)
    wrong = coordinator.send(f"{path}/attended", from_page=path, to=path, came=code, codes="000000, 1")
    assert wrong.status == 422
    assert "none of your clients" in wrong.text
    assert f'value="{code}" checked' in wrong.html
    assert "000000, 1</textarea>" in wrong.html
    walked_in = house.village.woman("+26658300001", "Neo", site_id=house.here.id)
    others = next(row.code for row in house.village.rows(Client.id, Client.code) if row.id == walked_in)
    assert press(coordinator, path, "attended", came=code, codes=others) == "event_held"
    attended = [row for row in house.village.rows(Visit.event_id, Visit.state) if row.event_id]
    assert [row.state for row in attended] == [VisitState.ATTENDED] * 2
    assert [row.state.value for row in house.village.rows(Event.state)] == ["held"]
