"""One woman's page: what comes next stands first, and what was is told apart from it."""

from datetime import timedelta

from tests.staff.house import House
from tests.worker.village import MONDAY


def test_her_next_visit_stands_first_and_what_is_past_below_the_latest_first(house: House) -> None:
    here, village = house.here, house.village
    for days in (20, 9):
        village.visit(here.woman, MONDAY - timedelta(days=days))
    house.mentor.send(f"/staff/visits/{here.visit}/came", from_page="/staff/today", to="/staff/today")
    page = house.mentor.open(f"/staff/clients/{here.code}").text
    coming = ("To come", "Monday 30 November", "Tuesday 1 December")
    past = ("Past", "Monday 23 November", "Saturday 14 November", "not known", "Tuesday 3 November")
    places = [page.index(said) for said in (*coming, *past)]
    assert places == sorted(places)


def test_a_reply_that_only_a_person_understands_says_so(house: House) -> None:
    assert house.here.woman
    for text in ("Ke tla bona", "1"):
        house.village.texts(text, "+26658001009")
    page = house.mentor.open("/staff/replies").text
    assert "not understood: for a person to read" in page
    assert "understood as yes" in page
