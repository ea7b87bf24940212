"""S18: nobody is ever told to start, stop or change a medicine."""

from uuid import UUID

import pytest

from tests.safety.place import Place, one_database

MEDICINE = ("pill", "medicine", "pilisi", "moriana", "meriana", "dose", "tablet")


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


@one_database
@pytest.mark.parametrize(
    "said", ["should I stop my medicine", "can I take more pills", "na nka emisa pilisi"]
)
def test_s18_nobody_is_told_to_start_stop_or_change_a_medicine(place: Place, woman: UUID, said: str) -> None:
    answers = place.say(said)
    assert not [text for text in answers for word in MEDICINE if word in text.lower()]
