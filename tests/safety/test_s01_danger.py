"""S1: danger is answered at once, whatever the hour, and climbs every ten minutes until somebody has it."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.safety.place import BACKUPS, COORDINATORS, MENTORS, ON_CALLS, Place, one_database


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def alarmed(place: Place) -> list[bool]:
    """Who of the ladder has been alarmed, from the mentor to whoever is on call."""
    return [
        any("URGENT" in text for text in place.got(phone))
        for phone in (MENTORS, BACKUPS, COORDINATORS, ON_CALLS)
    ]


@one_database
@pytest.mark.parametrize("said", ["I am bleeding", "ke tsoa mali", "lesea ha le anye", "the baby has fits"])
def test_s01_danger_is_answered_at_once_and_her_mentor_alarmed(place: Place, woman: UUID, said: str) -> None:
    (answer,) = place.say(said)
    assert "NOW" in answer
    assert place.open_tasks() == [("danger", MENTORS)]
    assert alarmed(place) == [True, False, False, False]


def test_s01_nobody_answers_and_it_climbs_every_ten_minutes(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    seen = []
    for _ in range(3):
        place.village.clock.moment += timedelta(minutes=10, seconds=1)
        place.work()
        place.village.dispatch()
        seen.append(alarmed(place))
    assert seen == [
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_s01_at_night_too(place: Place, woman: UUID) -> None:
    place.village.clock.moment += timedelta(hours=11)
    (answer,) = place.say("I am bleeding")
    assert "NOW" in answer
    assert alarmed(place)[0]
