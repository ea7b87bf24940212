"""What becomes of a task of which nobody takes care."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from scheduler import ladder
from service.actions import leave, task_life
from service.actions.tasks import NewTask, open_task
from service.domain.people import OPERATOR, Role
from service.domain.phone import Phone
from service.domain.tasks import TaskKind
from service.store.models.care import Task, TaskEvent
from service.store.models.people import Staff
from tests.worker.village import MONDAY, Village, at

HERS, MENTORS, BACKUPS, COORDINATORS, ON_CALLS = (
    "+26658100001",
    "+26658100050",
    "+26658100051",
    "+26658100052",
    "+26658100053",
)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Team:
    mentor: UUID
    backup: UUID
    coordinator: UUID
    on_call: UUID
    woman: UUID


@pytest.fixture
def team(village: Village) -> Team:
    mentor = village.staff("Palesa", MENTORS)
    backup = village.staff("Lineo", BACKUPS)
    coordinator = village.staff("Mpho", COORDINATORS, Role.COORDINATOR)
    on_call = village.staff("Thabo", ON_CALLS, Role.ADMIN, on_call=True)
    village.store.write(lambda tx: leave.set_backup(tx, mentor, backup), OPERATOR)
    return Team(mentor, backup, coordinator, on_call, village.woman(HERS, mentor_id=mentor))


def owner(village: Village) -> UUID | None:
    (row,) = village.rows(Task.owner_id)
    return row.owner_id  # type: ignore[no-any-return]


def pass_minutes(village: Village, minutes: int) -> None:
    """Let the worker tick as often as it does."""
    for _ in range(minutes * 2):
        village.clock.moment += timedelta(seconds=30)
        ladder.escalate_late(village.parts)
    village.dispatch()


def alerted(village: Village) -> list[str]:
    """Which phones were alarmed, up the ladder; several texts may leave at one time in any order."""
    return sorted(message.to.e164 for message in village.gateway.sent if message.text.startswith("URGENT"))


def test_danger_climbs_after_10_20_and_30_minutes_and_alarms_each(village: Village, team: Team) -> None:
    village.texts("I am bleeding")
    village.dispatch()
    owners = [owner(village)]
    for _ in range(3):
        pass_minutes(village, 9)
        assert owner(village) == owners[-1]
        pass_minutes(village, 1)
        owners.append(owner(village))
    assert owners == [team.mentor, team.backup, team.coordinator, team.on_call]
    assert alerted(village) == [MENTORS, BACKUPS, COORDINATORS, ON_CALLS]
    assert [row.event for row in village.rows(TaskEvent.event)] == ["opened"] + 3 * ["escalated"]


def test_whoever_says_i_have_it_stops_the_alarm(village: Village, team: Team) -> None:
    village.texts("I am bleeding")
    (task,) = village.rows(Task.id)
    pass_minutes(village, 11)
    village.store.write(lambda tx: task_life.acknowledge(tx, task.id, team.mentor), OPERATOR)
    pass_minutes(village, 60)
    assert owner(village) == team.mentor
    assert alerted(village) == [MENTORS, BACKUPS]


def test_the_last_who_is_alarmed_is_alarmed_every_hour(village: Village, team: Team) -> None:
    village.texts("I am bleeding")
    pass_minutes(village, 30 + 121)
    assert alerted(village) == [MENTORS, BACKUPS, COORDINATORS] + 3 * [ON_CALLS]
    assert owner(village) == team.on_call


def test_whoever_is_not_there_is_passed_over(village: Village, team: Team) -> None:
    village.texts("I am bleeding")
    village.store.write(
        lambda tx: tx.connection.execute(
            update(Staff)
            .where(Staff.id.in_((team.backup, team.coordinator)))
            .values(blocked_at=village.clock.moment)
        ),
        OPERATOR,
    )
    pass_minutes(village, 10)
    assert owner(village) == team.on_call


def test_an_alarm_says_a_code_and_an_action_only(village: Village, team: Team) -> None:
    village.texts("I am bleeding")
    pass_minutes(village, 10)
    (alarm,) = [message.text for message in village.gateway.sent if message.to == Phone(BACKUPS)]
    assert "Thato" not in alarm
    assert HERS not in alarm
    assert "nobody has answered" in alarm


def test_danger_from_a_stranger_climbs_with_the_number_to_call(village: Village) -> None:
    village.staff("Mpho", COORDINATORS, Role.ADMIN, on_call=True)
    village.texts("I am bleeding", "+26658100099")
    pass_minutes(village, 10)
    (_, again) = [message.text for message in village.gateway.sent if message.to == Phone(COORDINATORS)]
    assert "+26658100099" in again


def test_many_workers_let_a_task_climb_once(village: Village, team: Team) -> None:
    village.texts("I am bleeding")
    village.clock.moment += timedelta(minutes=10)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: ladder.escalate_late(village.parts), range(4)))
    village.dispatch()
    assert owner(village) == team.backup
    assert alerted(village) == [MENTORS, BACKUPS]


def ask_for_call(village: Village, woman: UUID) -> None:
    village.store.write(lambda tx: open_task(tx, NewTask(TaskKind.CALL_ME, woman)), OPERATOR)


def owners_by_day(village: Village, first: date, days: int) -> list[UUID | None]:
    """Who has the task at noon of each day, when the worker ticks every hour."""
    found = []
    for number in range(days):
        for hour in range(24):
            village.clock.moment = at(first + number * DAY, f"{hour:02}:00")
            ladder.escalate_late(village.parts)
            if hour == 12:
                found.append(owner(village))
    return found


def test_what_is_overdue_climbs_every_working_morning(village: Village, team: Team) -> None:
    ask_for_call(village, team.woman)
    village.dispatch()
    assert owners_by_day(village, MONDAY, 5) == [
        team.mentor,
        team.backup,
        team.coordinator,
        team.on_call,
        team.on_call,
    ]
    assert village.gateway.sent == []


def test_nothing_but_danger_climbs_on_a_day_of_rest(village: Village, team: Team) -> None:
    friday, saturday = MONDAY + 4 * DAY, MONDAY + 5 * DAY
    village.clock.moment = at(saturday, "08:00")
    ask_for_call(village, team.woman)
    assert owners_by_day(village, saturday, 3) == [team.mentor, team.mentor, team.backup]
    assert friday.isoweekday() == 5


def test_what_was_asked_for_at_night_is_not_late_in_the_morning(village: Village, team: Team) -> None:
    village.clock.moment = at(MONDAY, "23:00")
    ask_for_call(village, team.woman)
    assert owners_by_day(village, MONDAY + DAY, 2) == [team.mentor, team.backup]


def test_whoever_has_a_task_has_the_day_on_which_she_took_it(village: Village, team: Team) -> None:
    ask_for_call(village, team.woman)
    (task,) = village.rows(Task.id)
    village.clock.moment = at(MONDAY + DAY, "08:00")
    village.store.write(lambda tx: task_life.acknowledge(tx, task.id, team.mentor), OPERATOR)
    assert owners_by_day(village, MONDAY + DAY, 2) == [team.mentor, team.backup]
