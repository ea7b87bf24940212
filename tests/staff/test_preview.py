"""Looking ahead on a page: on the engine that also sends, and nothing of it is stored or sent."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from handlers.app import create_app
from service.domain.people import Role
from service.parts import Parts
from service.preview.clock import HandClock
from service.preview.engine import Watch
from service.preview.habits import Lives
from tests.staff.house import House
from tests.staff.test_twice import rows
from tests.worker.village import MONDAY

SOMEBODY = "/staff/preview?kind=pregnant&language=en&first=2027-01-04&days=30"
ANC = "&visit_kind=anc&visit_day=2027-01-12&visit_day="


def test_the_sheet_says_every_text_with_its_day_its_words_and_its_price(house: House) -> None:
    page = house.coordinator.open(f"{SOMEBODY}{ANC}&price=0.35").text
    assert "Tuesday 5 January 2027, 10:00 Hello Thato" in page
    assert "see you tomorrow, Tuesday 12 January. If you cannot come, reply 2. Lineo" in page
    assert "the day before: visit (Antenatal visit), Tuesday 12 January 2027" in page
    assert "January 2027: texts 2, parts 2 · 0.70 LSL" in page
    assert "Not approved yet" in page
    assert "For the Ministry of Health" in page
    assert house.village.gateway.sent == []


def test_a_client_is_foretold_by_her_own_records_and_nothing_is_stored(house: House) -> None:
    path = f"/staff/clients/{house.here.code}/preview"
    browser, before = house.mentor, rows(house)
    assert "Show it" in browser.open(path).text
    page = browser.open(f"{path}?days=30&attends=never").text
    missed = MONDAY + timedelta(days=9)
    assert f"Wednesday {missed.day} December 2026, 10:00 Hello Woman1" in page
    assert "She missed a visit · Palesa 1 by Thursday 26 November 2026" in page
    assert rows(house) == before
    assert house.village.gateway.sent == []


def test_only_one_looks_ahead_at_a_time_so_that_phones_are_answered(house: House) -> None:
    beside = []

    def nosy(_: Parts, __: HandClock, ___: datetime, ____: Lives, _____: Watch) -> None:
        beside.append(house.signed_in(house.here.coordinator).open(SOMEBODY))

    house.app = create_app(house.village.parts, travel=nosy)
    for _ in range(2):
        assert house.coordinator.open(SOMEBODY).status == 200
    assert [page.status for page in beside] == [503, 503]
    assert "Somebody else is looking ahead" in beside[0].text


def test_without_a_way_to_travel_there_is_nothing_to_see(house: House) -> None:
    house.app = create_app(house.village.parts)
    assert house.coordinator.open(SOMEBODY).status == 404


ODD = (
    "kind=queen",
    "kind=",
    "days=3000",
    "first=tomorrow",
    "first=0001-01-01",
    "first=9999-12-31",
    "language=xx",
    "wording=T9",
    "age=9",
    "age=x",
    "supply=0",
    "born_on=2027-01-05",
    "price=NaN",
    "price=-1",
    "visit_kind=tea&visit_day=2027-01-12",
    "visit_kind=anc&visit_day=2026-01-12",
    "attends=perhaps",
)


def test_what_no_form_of_ours_asks_is_refused(house: House) -> None:
    usual = dict(pair.split("=") for pair in SOMEBODY.partition("?")[2].split("&"))
    for odd in ODD:
        asked = usual | dict(pair.split("=") for pair in odd.split("&"))
        assert house.coordinator.open(f"/staff/preview?{urlencode(asked)}").status == 400, odd


def test_whoever_approves_sees_what_she_signs(house: House) -> None:
    browser = house.with_role(Role.ME)
    assert '"/staff/preview"' in browser.open("/staff/plans/visits").html
    assert browser.open("/staff/preview").status == 200
