"""What people are asked to do about a missed visit, and what ends it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler import clock, ladder
from service.actions import consent, enrol, task_life
from service.actions.task_life import Closing
from service.domain.care import Done, VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.people import OPERATOR, ClientState, ConsentChannel, Role
from service.domain.tasks import AFTER_A_MISS, FollowUpMethod, FollowUpOutcome, TaskState
from service.store.models.care import Task
from service.store.models.people import Client
from service.store.models.plans import DoneAtVisit, InfantSample, RungTaken
from tests.actions.talk import MENTORS
from tests.worker.changes import move, record
from tests.worker.village import MONDAY, Village, at

DAY = timedelta(days=1)
COORDINATORS = "+26658100052"
AGREED = frozenset({ConsentChannel.SMS, ConsentChannel.CALL, ConsentChannel.VISIT})


@pytest.fixture
def mentor(village: Village) -> UUID:
    village.staff("Mpho", COORDINATORS, Role.COORDINATOR)
    return village.staff("Palesa", MENTORS)


def missed(village: Village, woman: UUID, kind: VisitKind = VisitKind.ANC, **more: Any) -> UUID:
    """A visit of Monday, of which a miss is recorded on the same day."""
    visit = village.visit(woman, MONDAY, kind, **more)
    record(village, visit, VisitState.MISSED)
    return visit


def days_pass(village: Village, first: date, last: date) -> None:
    """The worker ticks once every morning."""
    for number in range((last - first).days + 1):
        village.clock.moment = at(first + number * DAY, "09:00")
        next(job for job in clock.JOBS if job.name == "climb_ladders").run(village.parts)


def asked(village: Village) -> list[tuple[str, str]]:
    """The day of each task that was opened about a miss, and its kind."""
    rows = village.rows(Task.opened_at, Task.kind)
    return sorted((f"{row.opened_at:%d %b}", row.kind.value) for row in rows if row.kind in AFTER_A_MISS)


def still_open(village: Village) -> list[str]:
    rows = village.rows(Task.kind, Task.state)
    return sorted(row.kind.value for row in rows if row.state is not TaskState.CLOSED)


def close(village: Village, outcome: FollowUpOutcome) -> None:
    """Close the only task with that outcome, by a call."""
    (task,) = village.rows(Task.id)
    closing = Closing(outcome, FollowUpMethod.PHONE)
    village.store.write(
        lambda tx: task_life.close_task(tx, village.parts.programme, task.id, closing), OPERATOR
    )


def test_whoever_agreed_to_everything_is_called_visited_and_handed_to_the_coordinator(
    village: Village, mentor: UUID
) -> None:
    missed(village, village.woman(mentor_id=mentor, consents=AGREED))
    days_pass(village, MONDAY, MONDAY + 40 * DAY)
    assert asked(village) == [
        ("07 Dec", "take_over"),
        ("22 Dec", "interruption"),
        ("26 Nov", "call_missed"),
        ("30 Nov", "home_visit"),
    ]


def test_nobody_has_two_tasks_for_one_miss(village: Village, mentor: UUID) -> None:
    missed(village, village.woman(mentor_id=mentor, consents=AGREED))
    days_pass(village, MONDAY, MONDAY + 40 * DAY)
    assert still_open(village) == ["home_visit", "interruption"]


@pytest.mark.parametrize(
    ("consents", "first", "second"),
    [
        ({ConsentChannel.CALL}, "call_missed", None),
        ({ConsentChannel.VISIT}, "missed_visit", "home_visit"),
        (set(), "missed_visit", None),
    ],
)
def test_nobody_is_called_or_visited_who_did_not_agree_to_it(
    village: Village, mentor: UUID, consents: set[ConsentChannel], first: str, second: str | None
) -> None:
    missed(village, village.woman(mentor_id=mentor, consents=frozenset(consents | {ConsentChannel.SMS})))
    days_pass(village, MONDAY, MONDAY + 13 * DAY)
    assert asked(village) == [("26 Nov", first)] + ([("30 Nov", second)] if second else [])


def test_a_miss_that_is_recorded_late_is_acted_upon_at_once(village: Village, mentor: UUID) -> None:
    woman = village.woman(mentor_id=mentor)
    visit = village.visit(woman, MONDAY)
    village.clock.moment = at(MONDAY + 15 * DAY, "19:00")
    record(village, visit, VisitState.MISSED)
    assert asked(village) == [("08 Dec", "missed_visit"), ("08 Dec", "take_over")]
    days_pass(village, MONDAY + 16 * DAY, MONDAY + 20 * DAY)
    assert len(asked(village)) == 2


def test_nobody_acts_on_a_visit_of_which_nobody_knows_whether_she_came(
    village: Village, mentor: UUID
) -> None:
    village.visit(village.woman(mentor_id=mentor), MONDAY)
    village.clock.moment = at(MONDAY + DAY, "08:00")
    ladder.ask_who_came(village.parts)
    days_pass(village, MONDAY + DAY, MONDAY + 30 * DAY)
    assert village.tasks() == ["did_she_come"]


def test_the_ladder_of_a_day_is_climbed_once_however_often_workers_look(
    village: Village, mentor: UUID
) -> None:
    missed(village, village.woman(mentor_id=mentor))
    village.clock.moment = at(MONDAY + 3 * DAY, "09:00")
    assert [ladder.climb_ladders(village.parts) for _ in range(3)] == [1, 0, 0]
    assert len(village.rows(RungTaken.id)) == 1


def test_the_day_s_work_begins_when_people_work(village: Village, mentor: UUID) -> None:
    missed(village, village.woman(mentor_id=mentor))
    job = next(job for job in clock.JOBS if job.name == "climb_ladders")
    found = []
    for clock_time in ("00:10", "08:59", "09:00", "09:01"):
        village.clock.moment = at(MONDAY + 3 * DAY, clock_time)
        found.append(job.run(village.parts))
    assert found == [0, 0, 1, 0]


# --- what cannot wait ---------------------------------------------------------------------------------------


def high_load(village: Village, woman: UUID, done: Done, days_ago: int) -> None:
    visit = village.visit(woman, MONDAY - days_ago * DAY, VisitKind.LAB)
    record(village, visit, VisitState.ATTENDED)
    village.store.write(
        lambda tx: tx.add(DoneAtVisit, visit_id=visit, done=done, recorded_at=tx.now, actor="test"), OPERATOR
    )


def treated_since(village: Village, days: int) -> None:
    village.store.write(
        lambda tx: tx.connection.execute(update(Client).values(art_start=MONDAY - days * DAY)), OPERATOR
    )


def first_asked(village: Village) -> str:
    days_pass(village, MONDAY, MONDAY + 3 * DAY)
    return asked(village)[0][0]


def infant_of(village: Village, woman: UUID) -> UUID:
    new = enrol.NewInfant(woman, "Neo", MONDAY - 42 * DAY)
    infant = village.store.write(lambda tx: enrol.enrol_infant(tx, new, "en"), OPERATOR)
    assert infant
    return infant


def test_a_missed_infant_test_is_a_persons_the_next_day(village: Village, mentor: UUID) -> None:
    woman = village.woman(mentor_id=mentor)
    missed(village, woman, VisitKind.INFANT_TEST, subject=infant_of(village, woman))
    assert first_asked(village) == "24 Nov"


@pytest.mark.parametrize(("result", "day"), [(Result.POSITIVE, "24 Nov"), (Result.NEGATIVE, "26 Nov")])
def test_any_missed_visit_of_a_positive_infant_is_a_persons_the_next_day(
    village: Village, mentor: UUID, result: Result, day: str
) -> None:
    woman = village.woman(mentor_id=mentor)
    infant = infant_of(village, woman)
    village.store.write(
        lambda tx: tx.add(
            InfantSample,
            infant_id=infant,
            taken_on=MONDAY - 9 * DAY,
            result=result,
            recorded_at=tx.now,
            actor="test",
        ),
        OPERATOR,
    )
    missed(village, woman, VisitKind.VACCINE, subject=infant)
    assert first_asked(village) == day


def test_after_a_high_viral_load_a_miss_cannot_wait(village: Village, mentor: UUID) -> None:
    woman = village.woman(mentor_id=mentor)
    high_load(village, woman, Done.VIRAL_LOAD_HIGH, 90)
    missed(village, woman)
    assert first_asked(village) == "24 Nov"


def test_the_last_viral_load_counts(village: Village, mentor: UUID) -> None:
    woman = village.woman(mentor_id=mentor)
    high_load(village, woman, Done.VIRAL_LOAD_HIGH, 90)
    high_load(village, woman, Done.VIRAL_LOAD_LOW, 10)
    missed(village, woman)
    assert first_asked(village) == "26 Nov"


@pytest.mark.parametrize(("days", "day"), [(0, "24 Nov"), (90, "24 Nov"), (91, "26 Nov")])
def test_whoever_is_new_on_treatment_is_sought_the_next_day(
    village: Village, mentor: UUID, days: int, day: str
) -> None:
    woman = village.woman(mentor_id=mentor)
    treated_since(village, days)
    missed(village, woman)
    assert first_asked(village) == day


# --- what ends it -------------------------------------------------------------------------------------------


def climbing(village: Village, mentor: UUID) -> UUID:
    """A miss of Monday about which somebody was asked on Thursday."""
    visit = missed(village, village.woman(mentor_id=mentor))
    days_pass(village, MONDAY, MONDAY + 3 * DAY)
    assert still_open(village) == ["missed_visit"]
    return visit


def test_when_she_comes_nobody_has_to_look_for_her(village: Village, mentor: UUID) -> None:
    record(village, climbing(village, mentor), VisitState.ATTENDED)
    assert still_open(village) == []
    days_pass(village, MONDAY + 4 * DAY, MONDAY + 40 * DAY)
    assert len(asked(village)) == 1


def test_when_another_day_is_agreed_the_climb_ends_and_that_day_counts(
    village: Village, mentor: UUID
) -> None:
    visit = climbing(village, mentor)
    agreed = MONDAY + 7 * DAY
    move(village, visit, agreed)
    assert still_open(village) == []
    village.clock.moment = at(agreed, "16:00")
    record(village, visit, VisitState.MISSED)
    days_pass(village, agreed + DAY, agreed + 14 * DAY)
    assert asked(village) == [("03 Dec", "missed_visit"), ("14 Dec", "take_over"), ("26 Nov", "missed_visit")]


def test_a_new_visit_of_the_kind_is_an_agreed_day(village: Village, mentor: UUID) -> None:
    climbing(village, mentor)
    (woman,) = village.rows(Client.id)
    village.visit(woman.id, MONDAY + 9 * DAY, VisitKind.LAB)
    assert still_open(village) == ["missed_visit"]
    village.visit(woman.id, MONDAY + 9 * DAY)
    assert still_open(village) == []


def test_a_date_that_was_known_before_she_missed_this_one_settles_nothing(
    village: Village, mentor: UUID
) -> None:
    woman = village.woman(mentor_id=mentor)
    next_one = village.visit(woman, MONDAY + 28 * DAY)
    village.clock.moment += timedelta(hours=1)
    missed(village, woman)
    days_pass(village, MONDAY + DAY, MONDAY + 3 * DAY)
    assert still_open(village) == ["missed_visit"]
    record(village, next_one, VisitState.ATTENDED)
    assert still_open(village) == []


@pytest.mark.parametrize(
    ("outcome", "goes_on"),
    [
        (FollowUpOutcome.RETURNING, True),
        (FollowUpOutcome.HOSPITALISED, True),
        (FollowUpOutcome.TRANSFERRED, False),
        (FollowUpOutcome.REFUSED, False),
        (FollowUpOutcome.MOVED, False),
    ],
)
def test_only_an_outcome_that_ends_the_search_ends_the_climb(
    village: Village, mentor: UUID, outcome: FollowUpOutcome, goes_on: bool
) -> None:
    climbing(village, mentor)
    close(village, outcome)
    days_pass(village, MONDAY + 4 * DAY, MONDAY + 14 * DAY)
    assert still_open(village) == (["take_over"] if goes_on else [])


def test_whoever_left_the_programme_is_not_looked_for(village: Village, mentor: UUID) -> None:
    climbing(village, mentor)
    village.store.write(
        lambda tx: tx.connection.execute(update(Client).values(state=ClientState.TRANSFERRED)), OPERATOR
    )
    days_pass(village, MONDAY + 4 * DAY, MONDAY + 14 * DAY)
    assert still_open(village) == []


def test_whoever_said_stop_is_looked_for_all_the_same(village: Village, mentor: UUID) -> None:
    woman = village.woman(mentor_id=mentor)
    village.texts("STOP")
    assert village.store.read(lambda reading: consent.has_stopped(reading, woman))
    missed(village, woman)
    days_pass(village, MONDAY, MONDAY + 3 * DAY)
    assert still_open(village) == ["missed_visit"]


@pytest.mark.parametrize(("days", "tasks"), [(89, 2), (90, 0)])
def test_whoever_is_lost_when_her_miss_becomes_known_is_in_nobodys_tasks(
    village: Village, mentor: UUID, days: int, tasks: int
) -> None:
    visit = village.visit(village.woman(mentor_id=mentor), MONDAY)
    village.clock.moment = at(MONDAY + days * DAY, "10:00")
    record(village, visit, VisitState.MISSED)
    assert len(asked(village)) == tasks
