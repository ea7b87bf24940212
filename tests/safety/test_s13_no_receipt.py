"""S13: a text of which no receipt came does not count as delivered."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler import housekeeping
from tests.safety.place import DAY, Place


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def test_s13_without_a_receipt_it_counts_as_not_delivered(place: Place, woman: UUID) -> None:
    place.village.visit(woman, place.today + DAY)
    place.later(minutes=5)
    place.village.clock.moment += timedelta(hours=49)
    housekeeping.give_up_on_receipts(place.village.parts)
    assert place.village.ledger()["visit_d1"] == ("sent_no_receipt", None)
