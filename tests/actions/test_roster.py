"""Who acts for a client at a moment, and what becomes of the tasks of somebody who cannot."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from scheduler import ladder
from service.actions import leave, on_call, roster, staff
from service.actions.tasks import NewTask, open_task
from service.domain.duty import Duty
from service.domain.people import OPERATOR, Role
from service.domain.tasks import TaskKind
from service.store.models.care import Task, TaskEvent
from tests.worker.village import MASERU, MONDAY, Village, at

DAY = timedelta(days=1)
PALESA, LINEO, MPHO, THABO = (f"+2665810005{number}" for number in range(4))


def backs_up(village: Village, who: UUID, backup: UUID) -> None:
    village.store.write(lambda tx: leave.set_backup(tx, who, backup), OPERATOR)


def goes_on_leave(village: Village, who: UUID, first: date, last: date) -> int:
    return village.store.write(lambda tx: leave.record_leave(tx, MASERU, who, first, last), OPERATOR)


def acts(village: Village, woman: UUID | None, moment: datetime | None = None) -> UUID | None:
    return village.store.read(lambda reading: roster.who_acts(reading, woman, moment)[1])


def ask(village: Village, woman: UUID, kind: TaskKind = TaskKind.CALL_ME, owner: Role = Role.MENTOR) -> UUID:
    return village.store.write(lambda tx: open_task(tx, NewTask(kind, woman, owner=owner)), OPERATOR)


def owners(village: Village) -> list[UUID | None]:
    return [row.owner_id for row in village.rows(Task.owner_id)]


def test_while_her_mentor_is_away_the_backup_acts_and_then_her_mentor_again(village: Village) -> None:
    palesa, lineo = village.staff("Palesa", PALESA), village.staff("Lineo", LINEO)
    backs_up(village, palesa, lineo)
    woman = village.woman(mentor_id=palesa)
    goes_on_leave(village, palesa, MONDAY + DAY, MONDAY + 2 * DAY)
    assert acts(village, woman) == palesa
    assert acts(village, woman, at(MONDAY + DAY, "00:00")) == lineo
    assert acts(village, woman, at(MONDAY + 2 * DAY, "23:59")) == lineo
    assert acts(village, woman, at(MONDAY + 3 * DAY, "00:00")) == palesa


def test_a_backup_who_is_away_too_passes_it_on_to_hers(village: Village) -> None:
    palesa, lineo, mpho = (
        village.staff(name, phone) for name, phone in (("Palesa", PALESA), ("Lineo", LINEO), ("Mpho", MPHO))
    )
    backs_up(village, palesa, lineo)
    backs_up(village, lineo, mpho)
    woman = village.woman(mentor_id=palesa)
    for who in (palesa, lineo):
        goes_on_leave(village, who, MONDAY, MONDAY)
    assert acts(village, woman) == mpho


def test_where_neither_mentor_nor_backup_is_there_the_coordinator_of_her_site_acts(village: Village) -> None:
    palesa = village.staff("Palesa", PALESA)
    coordinator = village.staff("Lineo", LINEO, Role.COORDINATOR)
    village.staff("Thabo", THABO, Role.COORDINATOR, on_call=True)
    woman = village.woman(mentor_id=palesa)
    goes_on_leave(village, palesa, MONDAY, MONDAY)
    assert acts(village, woman) == coordinator


def test_a_coordinator_who_is_away_leaves_her_site_to_another_one_or_to_her_backup(village: Village) -> None:
    first, second = (
        village.staff(name, phone, Role.COORDINATOR) for name, phone in (("Lineo", LINEO), ("Mpho", MPHO))
    )
    mentor = village.staff("Palesa", PALESA)
    backs_up(village, second, mentor)
    woman = village.woman()
    assert acts(village, woman) == first
    goes_on_leave(village, first, MONDAY, MONDAY)
    assert acts(village, woman) == second
    goes_on_leave(village, second, MONDAY, MONDAY)
    assert acts(village, woman) == mentor


def on_call_between(village: Village, who: UUID, hours: str) -> None:
    starts, ends = (time.fromisoformat(part) for part in hours.split("-"))
    village.store.write(lambda tx: on_call.put_on_call(tx, who, Duty(starts, ends, MASERU)), OPERATOR)


@pytest.fixture
def by_day_and_by_night(village: Village) -> tuple[UUID, UUID]:
    day, night = (
        village.staff(name, phone, Role.COORDINATOR, on_call=True)
        for name, phone in (("Lineo", LINEO), ("Mpho", MPHO))
    )
    on_call_between(village, day, "07:00-19:00")
    on_call_between(village, night, "19:00-07:00")
    return day, night


@pytest.mark.parametrize(
    ("clock", "who"), [("06:59", 1), ("07:00", 0), ("18:59", 0), ("19:00", 1), ("23:59", 1), ("00:00", 1)]
)
def test_by_day_one_is_on_call_and_at_night_another(
    village: Village, by_day_and_by_night: tuple[UUID, UUID], clock: str, who: int
) -> None:
    assert acts(village, None, at(MONDAY, clock)) == by_day_and_by_night[who]


def test_an_hour_at_which_nobody_is_on_call_is_found_and_still_somebody_acts(
    village: Village, by_day_and_by_night: tuple[UUID, UUID]
) -> None:
    day, night = by_day_and_by_night
    assert village.store.read(roster.first_gap) is None
    on_call_between(village, night, "20:00-07:00")
    assert village.store.read(roster.first_gap) == at(MONDAY, "19:00")
    assert acts(village, None, at(MONDAY, "19:30")) in (day, night)


def test_a_night_whose_only_person_goes_on_leave_is_a_gap_unless_somebody_backs_her_up(
    village: Village, by_day_and_by_night: tuple[UUID, UUID]
) -> None:
    _, night = by_day_and_by_night
    goes_on_leave(village, night, MONDAY, MONDAY)
    assert village.store.read(roster.first_gap) == at(MONDAY, "19:00")
    backs_up(village, night, village.staff("Palesa", PALESA))
    assert village.store.read(roster.first_gap) is None


def test_the_tasks_of_whoever_goes_on_leave_today_are_handed_over_at_once(village: Village) -> None:
    palesa, lineo = village.staff("Palesa", PALESA), village.staff("Lineo", LINEO)
    backs_up(village, palesa, lineo)
    ask(village, village.woman(mentor_id=palesa))
    assert goes_on_leave(village, palesa, MONDAY, MONDAY + DAY) == 1
    assert owners(village) == [lineo]
    assert [row.event for row in village.rows(TaskEvent.event)] == ["opened", "passed_on"]


def test_the_tasks_of_whoever_goes_on_leave_later_are_handed_over_when_it_begins(village: Village) -> None:
    palesa, lineo = village.staff("Palesa", PALESA), village.staff("Lineo", LINEO)
    backs_up(village, palesa, lineo)
    ask(village, village.woman(mentor_id=palesa))
    assert goes_on_leave(village, palesa, MONDAY + DAY, MONDAY + DAY) == 0
    assert ladder.keep_owned(village.parts) == 0
    village.clock.moment = at(MONDAY + DAY, "00:01")
    assert ladder.keep_owned(village.parts) == 1
    assert ladder.keep_owned(village.parts) == 0
    assert owners(village) == [lineo]


def test_a_leave_that_is_called_off_is_none(village: Village) -> None:
    palesa = village.staff("Palesa", PALESA)
    woman = village.woman(mentor_id=palesa)
    goes_on_leave(village, palesa, MONDAY, MONDAY)
    assert village.store.write(lambda tx: leave.call_off(tx, palesa), OPERATOR) == 1
    assert acts(village, woman) == palesa


def test_a_task_that_was_nobodys_gets_an_owner_as_soon_as_there_is_one(village: Village) -> None:
    ask(village, village.woman())
    assert owners(village) == [None]
    lineo = village.staff("Lineo", LINEO, Role.ME, on_call=True)
    ladder.keep_owned(village.parts)
    assert owners(village) == [lineo]


def test_what_is_the_coordinators_is_not_handed_to_a_mentor(village: Village) -> None:
    palesa = village.staff("Palesa", PALESA)
    coordinators = [
        village.staff(name, phone, Role.COORDINATOR) for name, phone in (("Lineo", LINEO), ("Mpho", MPHO))
    ]
    ask(village, village.woman(mentor_id=palesa), TaskKind.TAKE_OVER, Role.COORDINATOR)
    assert owners(village) == coordinators[:1]
    village.store.write(lambda tx: staff.block_staff(tx, coordinators[0]), OPERATOR)
    assert owners(village) == coordinators[1:]
