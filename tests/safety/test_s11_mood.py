"""S11: two low answers bring a person within three days; a word of harming herself is danger at once."""

from uuid import UUID

import pytest

from service.actions import pins
from service.store.models.care import Task
from tests.safety.place import DAY, HERS, MENTORS, Place, one_database

PIN = "7291"
FEELINGS = (PIN, "4")
MOOD = ("mood", "depress", "feel", "maikutlo", "sad")


@pytest.fixture
def woman(place: Place) -> UUID:
    woman = place.woman()
    place.act(lambda tx: pins.choose(tx, woman, [woman], PIN))
    return woman


@pytest.mark.parametrize(
    ("answers", "asked"), [(("2", "2"), []), (("2", "3"), ["mood"]), (("4", "4"), ["mood"])]
)
def test_s11_from_a_sum_of_three_on_a_person_talks_to_her(
    place: Place, woman: UUID, answers: tuple[str, str], asked: list[str]
) -> None:
    place.dial(*FEELINGS, *answers)
    assert [kind for kind, _ in place.open_tasks()] == asked


@one_database
def test_s11_within_three_days_and_no_text_tells_of_it(place: Place, woman: UUID) -> None:
    place.dial(*FEELINGS, "4", "4")
    (task,) = place.village.rows(Task.opened_at, Task.due_at)
    assert task.due_at - task.opened_at <= 3 * DAY
    place.later(hours=1)
    assert place.got(HERS) == []
    assert not [text for text in place.service.sent() for word in MOOD if word in text.lower()]


@one_database
@pytest.mark.parametrize("said", ["I want to kill myself", "ke batla ho ipolaea", "I will hurt myself"])
def test_s11_a_word_of_harming_herself_is_danger(place: Place, woman: UUID, said: str) -> None:
    (answer,) = place.say(said)
    assert "NOW" in answer
    assert place.open_tasks() == [("danger", MENTORS)]
    assert [text for text in place.got(MENTORS) if text.startswith("URGENT")]
