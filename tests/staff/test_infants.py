"""An infant's page: where it stands, its samples, and results that no phone ever hears of."""

import re

import pytest

from service.store.models.people import Infant
from service.store.models.plans import InfantSample
from tests.staff.house import House


@pytest.fixture
def path(house: House) -> str:
    """The page of an infant of eight weeks."""
    her = f"/staff/clients/{house.here.code}"
    born = {"nickname": "Neo", "born_on": "2026-09-28", "risk": "low"}
    house.mentor.send(f"{her}/infant", from_page=her, **born)
    found = re.search(r'href="(/staff/clients/\d+/infants/[^"]+)"', house.mentor.open(her).html)
    assert found
    return found[1]


def send(house: House, path: str, form: str, **fields: str) -> str:
    return house.mentor.send(f"{path}/{form}", from_page=path, to=path, **fields).to.rpartition("told=")[2]


def sample(house: House) -> str:
    (row,) = house.village.rows(InfantSample.id)
    return f"samples/{row.id}"


def test_a_sample_goes_from_taken_to_told(house: House, path: str) -> None:
    assert "Next test" in house.mentor.open(path).text
    assert send(house, path, "sample", day="2026-11-16") == "infant_noted"
    assert "The result is awaited" in house.mentor.open(path).text
    given = send(house, path, f"{sample(house)}/given", day="2026-11-23")
    assert given == "sample_no_result"
    noted = send(house, path, f"{sample(house)}/result", result="negative", day="2026-11-20")
    assert noted == "infant_noted"
    assert "The mother is to be told" in house.mentor.open(path).text
    assert send(house, path, f"{sample(house)}/given", day="2026-11-23") == "infant_noted"
    assert "mother told Monday 23 November" in house.mentor.open(path).text


def test_a_positive_result_asks_two_people_at_once(house: House, path: str) -> None:
    send(house, path, "sample", day="2026-11-16")
    send(house, path, f"{sample(house)}/result", result="positive", day="2026-11-20")
    assert "positive: care at once" in house.mentor.open(path).text
    assert "See her at once" in house.mentor.open("/staff/today").text
    assert "See her at once" in house.coordinator.open("/staff/today").text


def test_what_was_written_down_by_mistake_is_corrected(house: House, path: str) -> None:
    send(house, path, "sample", day="2026-11-16")
    assert send(house, path, f"{sample(house)}/day", day="2026-11-17") == "infant_noted"
    assert send(house, path, f"{sample(house)}/day", day="2026-12-17") == "sample_to_come"
    assert send(house, path, f"{sample(house)}/withdraw") == "infant_noted"
    assert "No samples yet." in house.mentor.open(path).text


def test_weaning_and_leaving_are_noted_and_a_death_is_not_noted_here(house: House, path: str) -> None:
    assert send(house, path, "weaned", day="2026-11-20") == "infant_noted"
    assert "Weaned Friday 20 November" in house.mentor.open(path).text
    assert send(house, path, "state", state="ended") == "infant_noted"
    assert house.mentor.send(f"{path}/state", from_page=path, state="died").status == 400


def test_an_infant_or_sample_of_another_client_is_not_there(house: House, path: str) -> None:
    send(house, path, "sample", day="2026-11-16")
    (infant,) = house.village.rows(Infant.id)
    theirs = f"/staff/clients/{house.elsewhere.code}/infants/{infant.id}"
    there = house.signed_in(house.elsewhere.mentor)
    assert there.open(theirs).status == 404
    there.open("/staff/account")
    assert there.send(f"{theirs}/{sample(house)}/result", result="negative", day="2026-11-20").status == 404
    assert there.send(f"{path}/sample", day="2026-11-20").status == 404
