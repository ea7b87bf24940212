"""S12: a reminder goes once, whatever clocks, workers and providers do."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.safety.place import DAY, Place


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def test_s12_a_reminder_goes_once_whatever_the_clock_and_the_worker_do(place: Place, woman: UUID) -> None:
    place.village.visit(woman, place.today + DAY)
    for minutes in (0, 1, -5, 10, 600, -300):
        place.village.clock.moment += timedelta(minutes=minutes)
        place.work()
    assert len([text for text in place.got() if "tomorrow" in text]) == 1


def test_s12_after_an_outage_nothing_stale_leaves_and_nothing_at_night(place: Place, woman: UUID) -> None:
    """The worker is away from the day before the seventh day until the evening after it."""
    place.village.visit(woman, place.today + 8 * DAY)
    place.village.clock.moment += 1 * DAY + timedelta(hours=10)
    place.work()
    assert place.got() == []
    place.village.clock.moment += timedelta(hours=12)
    place.work()
    (late,) = place.got()
    assert "remember your date" in late
    place.village.clock.moment += 7 * DAY
    place.work()
    assert place.got() == [late]
