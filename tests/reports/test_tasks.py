"""What people were asked to do, as a table."""

from datetime import timedelta

from service.actions import task_life
from service.actions.task_life import Closing
from service.actions.tasks import NewTask, open_task
from service.domain.people import OPERATOR
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, TaskKind, TaskState
from service.reports.tasks import tasks
from tests.worker.village import MONDAY, Village, at


def test_a_row_says_what_became_of_a_task_and_how_soon_somebody_acted(village: Village) -> None:
    new = NewTask(TaskKind.CALL_MISSED, village.woman(), note="her own words", tries=2)
    task = village.store.write(lambda tx: open_task(tx, new), OPERATOR)
    opened = village.clock.moment
    village.clock.moment += timedelta(hours=1)
    village.store.write(lambda tx: task_life.note_try(tx, task, FollowUpMethod.PHONE), OPERATOR)
    village.clock.moment += timedelta(hours=1)
    closing = Closing(FollowUpOutcome.NOT_LOCATED, FollowUpMethod.PHONE)
    village.store.write(lambda tx: task_life.close_task(tx, village.parts.programme, task, closing), OPERATOR)
    (row,) = village.store.read(lambda reading: tasks(reading, opened, opened + timedelta(minutes=1)))
    assert (row.task, row.kind, row.state) == (task, TaskKind.CALL_MISSED, TaskState.CLOSED)
    assert (row.opened_at, row.first_act_at) == (opened, opened + timedelta(hours=1))
    assert (row.tries, row.escalations) == (1, 0)
    assert (row.method, row.outcome, row.reason) == (
        FollowUpMethod.PHONE,
        FollowUpOutcome.NOT_LOCATED,
        "missed_care_visit",
    )
    assert "words" not in repr(row)


def test_only_tasks_of_the_period_are_in_it(village: Village) -> None:
    woman, tuesday = village.woman(), at(MONDAY + timedelta(days=1), "00:00")
    village.store.write(lambda tx: open_task(tx, NewTask(TaskKind.CALL_ME, woman)), OPERATOR)
    assert len(village.store.read(lambda reading: tasks(reading, at(MONDAY, "00:00"), tuesday))) == 1
    assert village.store.read(lambda reading: tasks(reading, tuesday, tuesday + timedelta(days=1))) == ()
