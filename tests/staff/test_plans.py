"""Plans and texts: read by whoever answers for them, and approved by two different people."""

import pytest

from service.actions.approve import version_of_text
from service.domain.people import Role
from tests.staff.house import Browser, House


def word(browser: Browser, path: str) -> str:
    return browser.send(f"{path}/approve", from_page=path, to=path).to.rpartition("told=")[2]


@pytest.mark.parametrize("path", ["/staff/plans/visits", "/staff/texts/visit_d7"])
def test_two_people_approve_it_and_not_one_of_them_twice(house: House, path: str) -> None:
    other = house.with_role(Role.ME)
    assert "to be approved" in house.coordinator.open(path).text
    assert word(house.coordinator, path) == "word_one_more"
    house.coordinator.open(path)
    assert "one more person" in house.coordinator.page.text
    assert word(house.coordinator, path) == "word_again"
    assert word(other, path) == "word_approved"
    page = other.open(path)
    assert "approved" in page.text
    assert "Coordinator 1" in page.text
    assert "I approve it" not in page.text


def test_an_auditor_reads_and_approves_nothing(house: House) -> None:
    auditor = house.with_role(Role.AUDITOR)
    page = auditor.open("/staff/texts/visit_d7")
    assert page.status == 200
    assert "I approve it" not in page.text


def test_a_text_is_shown_as_a_phone_would_show_it_with_its_parts(house: House) -> None:
    page = house.coordinator.open("/staff/texts/visit_d7").text
    assert "Hello Palesa, remember your date:" in page
    assert "Lumela Palesa, hopola letsatsi la hau:" in page
    assert page.count("Parts: 1") == 2
    assert "awaiting native review" in page


def test_the_list_of_texts_shows_their_words(house: House) -> None:
    assert "Hello Palesa, remember your date:" in house.coordinator.open("/staff/texts").text


def test_a_text_says_what_it_is_for_and_when_it_goes_and_its_name_last(house: House) -> None:
    page = house.coordinator.open("/staff/texts/visit_d1_t1_oneway").text
    title = "The day before her visit (in mother-and-baby words, where nobody can reply)"
    when = "the day before: visit, 10:00 · Reminders of visits"
    places = [page.index(said) for said in (title, when, "visit_d1_t1_oneway")]
    assert places == sorted(places)


def test_texts_stand_together_by_what_makes_them_go(house: House) -> None:
    page = house.coordinator.open("/staff/texts").text
    said = (
        *("Reminders and questions", "Ahead of her visit"),
        *("Answers and what else she is told", "Answer to STOP"),
        *("To colleagues", "To a colleague: a new task"),
    )
    assert [page.index(one) for one in said] == sorted(page.index(one) for one in said)


def test_a_plan_says_when_what_is_sent_and_where_its_numbers_come_from(house: House) -> None:
    page = house.coordinator.open("/staff/plans/visits").text
    assert "7 days before: visit, 10:00" in page
    assert "Programme default: the day before" in page


def test_what_does_not_exist_is_not_there(house: House) -> None:
    for path in ("/staff/plans/nonsense", "/staff/texts/nonsense", "/staff/texts/ussd.home"):
        assert house.coordinator.open(path).status == 404


def test_other_words_in_one_language_are_another_version(house: House) -> None:
    texts = house.village.parts.programme.texts
    assert version_of_text(texts, "visit_d7") != version_of_text(texts, "visit_d1")
    assert version_of_text(texts, "visit_d7") == version_of_text(texts, "visit_d7")


def test_a_coordinator_turns_a_step_at_her_own_site_alone(house: House) -> None:
    here, there = f"/staff/sites/{house.here.id}", f"/staff/sites/{house.elsewhere.id}"
    assert "Baby's test, 14 weeks after: birth · off" in house.coordinator.open(here).text
    answer = house.coordinator.send(f"{here}/switch", to=here, step="eid_14w", on="yes")
    assert answer.to.endswith("told=step_turned")
    assert "Baby's test, 14 weeks after: birth · on" in house.coordinator.open(here).text
    assert house.coordinator.send(f"{here}/switch", step="visit_d7", on="no").status == 400
    assert house.coordinator.send(f"{there}/switch", step="eid_14w", on="yes").status == 404
