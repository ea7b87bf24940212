"""S17: what no rule can read reaches a person, and is answered once a day."""

from uuid import UUID

import pytest

from tests.safety.place import MENTORS, Place


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def test_s17_what_nobody_can_read_by_rule_reaches_her_mentor_and_is_answered_once_a_day(
    place: Place, woman: UUID
) -> None:
    assert len(place.say("my sister went to the shop with a goat")) == 1
    assert place.open_tasks() == [("read_message", MENTORS)]
    place.later(minutes=5)
    assert place.say("and came back with two goats") == []
    place.later(days=1)
    assert len(place.say("and then there were three goats")) == 1
