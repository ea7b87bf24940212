"""S1: danger is answered at once, whatever the hour, and climbs every ten minutes until somebody has it."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.actions import leave, staff, task_life
from service.actions.task_life import Closing
from service.domain.caseload import EVERYBODY
from service.domain.tasks import FollowUpOutcome, TaskKind, TaskState
from service.reports.today import open_tasks
from service.reports.troubles import TroubleKind, troubles
from service.store.models.care import Task
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


# --- somebody has it ---


def the_task(place: Place) -> UUID:
    (task_id,) = [row.id for row in place.village.rows(Task.id, Task.kind) if row.kind is TaskKind.DANGER]
    return task_id  # type: ignore[no-any-return]


def has_it(place: Place, staff_id: UUID) -> None:
    task_id = the_task(place)
    assert place.act(lambda tx: task_life.acknowledge(tx, task_id, staff_id)) is None


def passes(place: Place, minutes: int, every: int = 5) -> None:
    for _ in range(minutes // every):
        place.village.clock.moment += timedelta(minutes=every)
        place.work()


def asked(place: Place) -> list[int]:
    """How often each on the ladder was asked what came of it."""
    return [
        sum("What came of it?" in text for text in place.got(phone))
        for phone in (MENTORS, BACKUPS, COORDINATORS, ON_CALLS)
    ]


def test_s01_whoever_says_that_she_has_it_ends_the_climb(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    passes(place, 15)
    has_it(place, place.mentor)
    passes(place, 75, 25)
    assert alarmed(place) == [True, True, False, False]


@one_database
def test_s01_she_is_asked_what_came_of_it_then_the_coordinator_then_nobody(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    has_it(place, place.mentor)
    seen = []
    for minutes, every in ((55, 55), (115, 115), (30 * 60, 180)):
        passes(place, minutes, every)
        before = asked(place)
        passes(place, 5)
        seen.append((before, asked(place)))
    nobody, her, both = [0, 0, 0, 0], [1, 0, 0, 0], [1, 0, 1, 0]
    assert seen == [(nobody, her), (her, both), (both, both)]
    assert alarmed(place) == [True, False, False, False]


@one_database
def test_s01_what_nobody_settles_stays_on_top_of_the_lists_and_before_whoever_watches(
    place: Place, woman: UUID
) -> None:
    place.say("I am bleeding")
    has_it(place, place.mentor)
    place.say("3")
    passes(place, 4 * 60, 30)
    first, *_ = place.read(lambda reading: open_tasks(reading, EVERYBODY, 9))
    assert (first.kind, first.state) == (TaskKind.DANGER, TaskState.ACKNOWLEDGED)
    (trouble, *_) = place.read(lambda reading: troubles(reading, ()))
    assert (trouble.kind, trouble.about) == (TroubleKind.DANGER, "1")


@one_database
def test_s01_once_it_is_noted_nobody_is_asked(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    has_it(place, place.mentor)
    programme, task_id, done = place.village.parts.programme, the_task(place), Closing(FollowUpOutcome.DONE)
    assert place.act(lambda tx: task_life.close_task(tx, programme, task_id, done)) is None
    passes(place, 4 * 60, 30)
    assert asked(place) == [0, 0, 0, 0]
    assert place.read(lambda reading: troubles(reading, ())) == ()


def test_s01_who_cries_again_on_that_day_needs_somebody_once_more(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    has_it(place, place.mentor)
    passes(place, 5)
    place.say("I am bleeding")
    passes(place, 15)
    assert alarmed(place) == [True, False, False, False]
    place.say("my baby has fits")
    passes(place, 15)
    assert alarmed(place) == [True, True, False, False]


def test_s01_whoever_is_given_it_is_alarmed_and_it_climbs_from_her(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    task_id = the_task(place)
    place.act(lambda tx: task_life.reassign(tx, task_id, place.coordinator))
    place.work()
    assert alarmed(place) == [True, False, True, False]
    passes(place, 10)
    assert alarmed(place) == [True, False, True, True]


def goes_on_leave(place: Place) -> None:
    zone, today = place.village.parts.programme.calendar.zone, place.today
    assert place.act(lambda tx: leave.record_leave(tx, zone, place.mentor, today, today)) == 1
    place.work()


def test_s01_a_leave_that_begins_rings_for_danger_that_nobody_has(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    goes_on_leave(place)
    assert place.open_tasks() == [("danger", BACKUPS)]
    assert alarmed(place) == [True, True, False, False]


def test_s01_a_leave_that_begins_rings_for_nobody_where_somebody_has_it(place: Place, woman: UUID) -> None:
    """Whoever stands in is asked what came of it, as she would have been."""
    place.say("I am bleeding")
    has_it(place, place.mentor)
    goes_on_leave(place)
    assert place.open_tasks() == [("danger", BACKUPS)]
    passes(place, 55)
    assert (alarmed(place), asked(place)) == ([True, False, False, False], [0, 0, 0, 0])
    passes(place, 5)
    assert asked(place) == [0, 1, 0, 0]
    place.say("I am bleeding")
    passes(place, 10)
    assert alarmed(place) == [True, True, True, False]


def test_s01_whoever_is_shut_out_has_nobody_any_more(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    has_it(place, place.mentor)
    place.act(lambda tx: staff.block_staff(tx, place.mentor))
    place.work()
    assert alarmed(place) == [True, True, False, False]
