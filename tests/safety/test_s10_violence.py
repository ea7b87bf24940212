"""S10: what a woman says of violence is in no text, and is spoken of only after she has said her word."""

from uuid import UUID

import pytest

from service.actions import pins
from service.actions.code_word import code_word_for
from service.store.models.care import Task
from tests.safety.place import HERS, MENTORS, STRANGERS, Place, one_database

PIN, WORD = "7291", "Thaba"
SAFETY = (PIN, "5", "1", "1")
VIOLENCE = ("violen", "abuse", "beat", "hurt", "safe", "husband", "police", "otla", "polokeho", WORD)


@pytest.fixture
def woman(place: Place) -> UUID:
    woman = place.woman()
    place.act(lambda tx: pins.choose(tx, woman, [woman], PIN))
    return woman


def asks(place: Place) -> None:
    """She asks for a safe call, and chooses the word by which she knows who calls."""
    place.dial(*SAFETY, WORD, "1")
    place.later(minutes=30)


def test_s10_it_reaches_a_person_and_shows_on_no_phone(place: Place, woman: UUID) -> None:
    asks(place)
    assert place.open_tasks() == [("safety", MENTORS)]
    assert place.got(HERS) == []
    assert not [text for text in place.service.sent() for word in VIOLENCE if word.lower() in text.lower()]


def test_s10_only_whoever_is_to_call_sees_her_word(place: Place, woman: UUID) -> None:
    asks(place)
    (task,) = place.village.rows(Task.id)
    seen = [
        place.read(lambda reading, who=who: code_word_for(reading, task.id, who))  # type: ignore[misc]
        for who in (place.mentor, place.coordinator)
    ]
    assert seen == [WORD, None]


def test_s10_without_her_pin_nobody_gets_there(place: Place, woman: UUID) -> None:
    screens = place.dial("5", "1", "1") + place.dial("4063", "5", "1", "1") + place.dial(phone=STRANGERS)
    assert not [screen for screen in screens for word in ("afe", "word") if word in screen]
    assert place.open_tasks("safety") == []


@one_database
@pytest.mark.parametrize("said", ["my husband beats me", "monna oa ka oa nkotla", "he hurts me at home"])
def test_s10_a_text_of_it_is_answered_without_a_word_of_it(place: Place, woman: UUID, said: str) -> None:
    answers = place.say(said)
    assert place.open_tasks()
    assert not [text for text in answers for word in VIOLENCE if word.lower() in text.lower()]


def test_s10_what_is_asked_for_from_a_stranger_names_nobody(place: Place, woman: UUID) -> None:
    texts = place.say("please call me", STRANGERS) + place.say("2", STRANGERS)
    assert texts
    assert not [text for text in texts if "Thato" in text or "Palesa" in text]
    assert place.got(HERS) == []
