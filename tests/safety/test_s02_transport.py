"""S2: the advice names the free transport that was set, and no number that nobody verified."""

from uuid import UUID

import pytest

from tests.safety.place import Place


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def test_s02_the_advice_names_the_transport_that_was_set_and_no_other(place: Place, woman: UUID) -> None:
    (answer,) = place.say("I am bleeding")
    assert place.village.parts.programme.transport_number in answer  # type: ignore[operator]
