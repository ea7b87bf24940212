"""S15: the old number is silent at once; the new one gets nothing before it is known to be hers."""

from uuid import UUID

import pytest

from scheduler import planner
from service.actions import numbers
from service.actions.enrol import NicknameTaken
from service.actions.new_number import NewNumber, Proof, change_number
from service.domain.phone import Phone
from tests.safety.place import DAY, HERS, NICKNAME, OTHERS, Place
from tests.worker.village import at


@pytest.fixture
def woman(place: Place) -> UUID:
    woman = place.woman()
    place.village.visit(woman, place.today + 9 * DAY)
    return woman


def changed(place: Place, woman: UUID, proof: Proof | None = None, phone: str = OTHERS) -> None:
    new = NewNumber(woman, Phone(phone), proof=proof)
    place.act(lambda tx: change_number(tx, place.village.parts.programme, new))


def test_s15_the_old_number_is_silent_at_once(place: Place, woman: UUID) -> None:
    changed(place, woman)
    place.later(days=10)
    assert place.got(HERS) == []


def test_s15_what_waits_for_the_old_number_is_taken_back(place: Place, woman: UUID) -> None:
    place.village.clock.moment = at(place.today + 8 * DAY, "10:00")
    planner.put_due(place.village.parts)
    changed(place, woman, Proof.STAFF)
    place.village.dispatch()
    assert place.got(HERS) == []
    place.later(minutes=1)
    (reminder,) = place.got(OTHERS)
    assert "tomorrow" in reminder


def test_s15_the_new_number_is_asked_and_gets_nothing_else_before_it_answers(
    place: Place, woman: UUID
) -> None:
    changed(place, woman)
    place.later(days=9)
    (asked,) = place.got(OTHERS)
    assert asked.startswith(f"Hello. Is this the phone of {NICKNAME}?")


def test_s15_once_she_answers_from_it_her_reminders_go_there(place: Place, woman: UUID) -> None:
    changed(place, woman)
    place.later(minutes=5)
    place.say("1", OTHERS)
    place.later(days=9)
    assert [text for text in place.got(OTHERS) if "tomorrow" in text]


@pytest.mark.parametrize("proof", Proof)
def test_s15_a_pin_or_her_mentor_proves_it_at_once(place: Place, woman: UUID, proof: Proof) -> None:
    changed(place, woman, proof)
    place.later(days=9)
    assert not [text for text in place.got(OTHERS) if "Is this the phone" in text]
    assert [text for text in place.got(OTHERS) if "tomorrow" in text]


def test_s15_her_mentor_can_vouch_for_it_later(place: Place, woman: UUID) -> None:
    changed(place, woman)
    place.act(lambda tx: numbers.vouch(tx, woman, numbers.note(tx, Phone(OTHERS))))
    place.later(days=9)
    assert [text for text in place.got(OTHERS) if "tomorrow" in text]


def test_s15_an_answer_from_the_old_number_is_a_strangers(place: Place, woman: UUID) -> None:
    place.later(days=2, hours=1)
    (reminder,) = place.got(HERS)
    assert NICKNAME in reminder
    changed(place, woman)
    shown = place.say("1", HERS) + place.dial("1", phone=HERS) + place.say("3", HERS)
    assert not [text for text in shown if NICKNAME in text or "Palesa" in text]


def test_s15_nobody_is_called_the_same_at_the_new_number(place: Place, woman: UUID) -> None:
    place.woman(OTHERS, NICKNAME.upper())
    with pytest.raises(NicknameTaken):
        changed(place, woman)
    assert [row.person_id for row in place.village.links()].count(woman) == 1


def test_s15_she_may_go_back_to_the_number_that_she_had(place: Place, woman: UUID) -> None:
    changed(place, woman, Proof.STAFF)
    place.later(minutes=1)
    changed(place, woman, Proof.STAFF, HERS)
    place.later(days=9)
    assert place.got(OTHERS) == []
    assert [text for text in place.got(HERS) if "tomorrow" in text]


def test_s15_a_number_that_was_reported_as_wrong_stays_silent_for_her_too(place: Place, woman: UUID) -> None:
    place.woman(OTHERS, "Lerato")
    place.say("9", OTHERS)
    changed(place, woman, Proof.STAFF)
    place.later(days=9)
    assert len(place.got(OTHERS)) == 1
