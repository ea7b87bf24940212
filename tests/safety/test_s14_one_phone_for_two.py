"""S14: two women may share a phone; neither learns more of the other than a nickname."""

from uuid import UUID

import pytest

from service.actions.enrol import NicknameTaken
from service.domain.people import Wording
from tests.safety.place import DAY, HERS, MENTORS, Place


@pytest.fixture
def mother(place: Place) -> UUID:
    return place.woman(HERS, "Thato", wording=Wording.T1)


@pytest.fixture
def daughter(place: Place, mother: UUID) -> UUID:
    return place.woman(HERS, "Lerato", wording=Wording.T1)


def test_s14_texts_to_a_phone_that_two_women_use_are_neutral(
    place: Place, mother: UUID, daughter: UUID
) -> None:
    place.village.visit(mother, place.today + DAY)
    place.village.visit(daughter, place.today + DAY)
    place.later(days=1)
    assert sorted(text.split(",")[0] for text in place.got()) == ["Hello Lerato", "Hello Thato"]
    assert not [text for text in place.got() if "booklet" in text]


def test_s14_nobody_can_be_called_the_same_at_one_phone(place: Place, mother: UUID) -> None:
    with pytest.raises(NicknameTaken):
        place.woman(HERS, "THATO")


def test_s14_a_digit_answers_for_whoever_was_asked(place: Place, mother: UUID, daughter: UUID) -> None:
    visits = {
        mother: place.village.visit(mother, place.today + 30 * DAY),
        daughter: place.village.visit(daughter, place.today + DAY),
    }
    place.later(minutes=5)
    place.say("1")
    assert {woman: place.village.visit_state(visit)[1] for woman, visit in visits.items()} == {
        mother: False,
        daughter: True,
    }


def test_s14_a_digit_after_both_were_asked_goes_to_a_person(
    place: Place, mother: UUID, daughter: UUID
) -> None:
    visits = [place.village.visit(woman, place.today + DAY) for woman in (mother, daughter)]
    place.later(minutes=5)
    place.say("1")
    assert [place.village.visit_state(visit)[1] for visit in visits] == [False, False]
    assert [kind for kind, _ in place.open_tasks()] == ["read_message"]


def test_s14_a_digit_that_answers_nothing_goes_to_a_person(
    place: Place, mother: UUID, daughter: UUID
) -> None:
    place.say("2")
    assert [kind for kind, _ in place.open_tasks()] == ["needs_help"]
    assert not [text for text in place.got() if "Thato" in text or "Lerato" in text]


def test_s14_no_date_is_shown_to_whoever_dials(place: Place, mother: UUID, daughter: UUID) -> None:
    place.village.visit(mother, place.today + DAY)
    shown = " ".join(place.dial("1"))
    assert "24" not in shown
    assert "Thato" not in shown


def test_s14_a_call_for_one_of_them_reaches_a_person(place: Place, mother: UUID, daughter: UUID) -> None:
    place.say("I am bleeding")
    assert [kind for kind, number in place.open_tasks() if number] == ["danger"]
    assert not [text for text in place.got() if "Thato" in text or "Lerato" in text]
    assert MENTORS
