"""A number that was silent for 90 days may be another's by now: it is asked before it is told anything."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.safety.place import DAY, HERS, NICKNAME, Place, one_database

STILL = f"Hello. Is this still the phone of {NICKNAME}?"
NEXT = 100
"""Days to her next visit; ninety of them pass before she is texted about it."""


@pytest.fixture
def woman(place: Place) -> UUID:
    woman = place.woman()
    place.village.visit(woman, place.today + NEXT * DAY)
    return woman


def passes(place: Place, days: int) -> None:
    """The days go by, with all that a worker does; of many only the last four are of interest."""
    place.village.clock.moment += max(0, days - 4) * DAY
    for _ in range(min(4, days)):
        place.village.work_through(place.now, place.now + DAY, timedelta(hours=12))
        place.work()


@one_database
def test_it_is_asked_before_the_next_reminder_which_waits_for_the_answer(place: Place, woman: UUID) -> None:
    passes(place, 93)
    assert [text.startswith(STILL) for text in place.got(HERS)] == [True]
    place.say("1")
    passes(place, NEXT - 93)
    assert [text for text in place.got(HERS) if "tomorrow" in text]


@one_database
def test_without_an_answer_nothing_goes_there_and_somebody_looks(place: Place, woman: UUID) -> None:
    passes(place, 93)
    passes(place, NEXT - 92)
    assert [text.startswith(STILL) for text in place.got(HERS)] == [True]
    assert "check_number" in {kind for kind, _ in place.open_tasks()}


@one_database
def test_a_sign_of_life_is_enough(place: Place, woman: UUID) -> None:
    passes(place, 40)
    place.say("1")
    passes(place, 52)
    assert [text for text in place.got(HERS) if text.startswith(STILL)] == []
