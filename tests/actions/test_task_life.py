"""A task in people's hands, from the day it is opened to what came of it."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.actions import staff, task_life
from service.actions.task_life import Closing, TaskFault
from service.actions.tasks import URGENCY, NewTask, open_task
from service.domain.care import VisitKind
from service.domain.people import OPERATOR, Actor, ActorKind, ClientState, Role
from service.domain.safety import LossKind
from service.domain.tasks import (
    AFTER_A_MISS,
    FollowUpMethod,
    FollowUpOutcome,
    FollowUpReason,
    InformationSource,
    TaskKind,
    Trouble,
    Urgency,
    usual_reason,
)
from service.store.models.care import Contact, Task, TaskEvent
from service.store.models.follow_up import TaskTrouble
from service.store.models.people import Client
from service.store.models.safety import Loss
from tests.actions.talk import HERS, MENTORS, later
from tests.worker.village import MONDAY, Village, at

LINEOS = "+26658100051"
CALLED = FollowUpMethod.PHONE
LOST_SIGHT = Closing(FollowUpOutcome.NOT_LOCATED, CALLED)


def opened(village: Village, new: NewTask) -> UUID:
    return village.store.write(lambda tx: open_task(tx, new), OPERATOR)


def close(village: Village, task: UUID, closing: Closing) -> TaskFault | None:
    return village.store.write(
        lambda tx: task_life.close_task(tx, village.parts.programme, task, closing), OPERATOR
    )


def tried(village: Village, task: UUID) -> None:
    village.store.write(lambda tx: task_life.note_try(tx, task, CALLED), OPERATOR)


def test_every_kind_of_task_says_how_soon(village: Village) -> None:
    assert set(URGENCY) == set(TaskKind)


def test_a_plan_says_how_soon_until_when_and_whose(village: Village) -> None:
    village.staff("Palesa", MENTORS)
    lineo = village.staff("Lineo", LINEOS, Role.COORDINATOR)
    woman = village.woman(HERS)
    friday = at(MONDAY + timedelta(days=4), "17:00")
    opened(
        village,
        NewTask(TaskKind.REFERRAL, woman, urgency=Urgency.TODAY, owner=Role.COORDINATOR, finish_by=friday),
    )
    (task,) = village.rows(Task.urgency, Task.owner_id, Task.due_at)
    assert tuple(task) == (Urgency.TODAY, lineo, friday)


def test_a_task_without_a_plan_is_due_as_its_kind_says(village: Village) -> None:
    opened(village, NewTask(TaskKind.CALL_ME, village.woman()))
    (task,) = village.rows(Task.urgency, Task.due_at, Task.opened_at)
    assert task.urgency is Urgency.TODAY
    assert task.due_at - task.opened_at == timedelta(hours=8)


def test_every_step_is_kept_with_who_took_it(village: Village) -> None:
    palesa, lineo = village.staff("Palesa", MENTORS), village.staff("Lineo", LINEOS)
    task = opened(village, NewTask(TaskKind.CALL_ME, village.woman(mentor_id=palesa)))
    as_palesa = Actor(ActorKind.STAFF, str(palesa))
    for step in (
        lambda tx: task_life.acknowledge(tx, task, palesa),
        lambda tx: task_life.note_try(tx, task, CALLED),
        lambda tx: task_life.reassign(tx, task, lineo),
        lambda tx: task_life.close_task(
            tx, village.parts.programme, task, Closing(FollowUpOutcome.DONE, CALLED)
        ),
    ):
        later(village)
        assert village.store.write(step, as_palesa) is None
    events = village.rows(TaskEvent.event, TaskEvent.owner_id, TaskEvent.method, TaskEvent.actor)
    assert [(row.event, row.owner_id, row.method) for row in events] == [
        ("opened", palesa, None),
        ("acknowledged", palesa, None),
        ("tried", None, CALLED),
        ("reassigned", lineo, None),
        ("closed", None, CALLED),
    ]
    assert {row.actor for row in events[1:]} == {str(as_palesa)}


def test_a_task_is_not_given_to_somebody_who_is_not_there(village: Village) -> None:
    palesa = village.staff("Palesa", MENTORS)
    task = opened(village, NewTask(TaskKind.CALL_ME, village.woman()))
    village.store.write(lambda tx: staff.block_staff(tx, palesa), OPERATOR)
    given = village.store.write(lambda tx: task_life.reassign(tx, task, palesa), OPERATOR)
    assert given is TaskFault.NOT_THERE


def test_what_is_closed_stays_closed(village: Village) -> None:
    palesa = village.staff("Palesa", MENTORS)
    task = opened(village, NewTask(TaskKind.CALL_ME, village.woman()))
    assert close(village, task, Closing(FollowUpOutcome.DONE)) is None
    assert close(village, task, Closing(FollowUpOutcome.DIED)) is TaskFault.CLOSED
    assert village.store.write(lambda tx: task_life.acknowledge(tx, task, palesa), OPERATOR)
    assert village.store.write(lambda tx: task_life.reassign(tx, task, palesa), OPERATOR)
    assert village.store.write(lambda tx: task_life.note_try(tx, task, CALLED), OPERATOR)
    assert [row.outcome for row in village.rows(Task.outcome)] == [FollowUpOutcome.DONE]


def test_a_call_in_vain_needs_three_tries_at_different_hours(village: Village) -> None:
    task = opened(village, NewTask(TaskKind.CALL_MISSED, village.woman(), tries=3))
    tried(village, task)
    later(village, minutes=5)
    tried(village, task)
    later(village, days=1)
    tried(village, task)
    assert close(village, task, LOST_SIGHT) is TaskFault.TRIED_TOO_LITTLE
    later(village, hours=1)
    tried(village, task)
    assert close(village, task, LOST_SIGHT) is TaskFault.TRIED_TOO_LITTLE
    later(village, hours=1)
    assert close(village, task, LOST_SIGHT) is None


def test_whoever_was_found_needs_no_more_tries(village: Village) -> None:
    task = opened(village, NewTask(TaskKind.CALL_MISSED, village.woman(), tries=3))
    assert close(village, task, Closing(FollowUpOutcome.RETURNING, CALLED)) is None


def test_what_came_of_it_is_kept_in_the_code_lists(village: Village) -> None:
    woman = village.woman()
    task = opened(
        village,
        NewTask(TaskKind.CALL_MISSED, woman, visit_id=village.visit(woman, MONDAY, VisitKind.REFILL)),
    )
    troubles = frozenset({Trouble.TRAVEL_COST, Trouble.FORGOT})
    closing = Closing(FollowUpOutcome.RETURNING, CALLED, source=InformationSource.CLIENT, troubles=troubles)
    close(village, task, closing)
    (kept,) = village.rows(Task.method, Task.outcome, Task.reason)
    assert tuple(kept) == (CALLED, FollowUpOutcome.RETURNING, FollowUpReason.MISSED_PICKUP)
    assert {row.trouble for row in village.rows(TaskTrouble.trouble)} == troubles
    assert [row.source for row in village.rows(TaskEvent.source)][-1] is InformationSource.CLIENT


@pytest.mark.parametrize("source", [None, *InformationSource])
def test_only_what_she_said_herself_is_a_contact_with_her(
    village: Village, source: InformationSource | None
) -> None:
    task = opened(village, NewTask(TaskKind.HOME_VISIT, village.woman()))
    close(village, task, Closing(FollowUpOutcome.RETURNING, FollowUpMethod.HOME_VISIT, source=source))
    modes = [row.mode.value for row in village.rows(Contact.mode)]
    assert modes == (["home_visit"] if source is InformationSource.CLIENT else [])


@pytest.mark.parametrize(
    ("kind", "visit", "reason"),
    [
        (TaskKind.CALL_MISSED, VisitKind.ANC, FollowUpReason.MISSED_VISIT),
        (TaskKind.HOME_VISIT, VisitKind.REFILL, FollowUpReason.MISSED_PICKUP),
        (TaskKind.NEW_SAMPLE, None, FollowUpReason.INCONCLUSIVE),
        (TaskKind.CALL_ME, VisitKind.REFILL, FollowUpReason.OTHER),
    ],
)
def test_a_follow_up_has_a_usual_reason(
    kind: TaskKind, visit: VisitKind | None, reason: FollowUpReason
) -> None:
    assert usual_reason(kind, visit) is reason
    assert TaskKind.CALL_ME not in AFTER_A_MISS


def test_a_death_that_is_found_mutes_everything_at_once_and_once(village: Village) -> None:
    woman = village.woman()
    tasks = [opened(village, NewTask(kind, woman)) for kind in (TaskKind.CALL_MISSED, TaskKind.DANGER)]
    for task in tasks:
        assert close(village, task, Closing(FollowUpOutcome.DIED, CALLED)) is None
    assert [row.state for row in village.rows(Client.state)] == [ClientState.DIED]
    assert [row.kind for row in village.rows(Loss.kind)] == [LossKind.MATERNAL_DEATH]
