"""The ladder: what people must do about a missed visit, until she comes or a day is agreed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, true, update

from service.actions.misses import Miss, misses, unsettled_visits
from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.ids import new_id
from service.domain.ladder import MORE_THAN_28, Rung, steps_due
from service.domain.tasks import AFTER_A_MISS
from service.programme import Programme
from service.reminders.plan import ladder
from service.store.models.care import Task, Visit
from service.store.models.plans import RungTaken
from service.store.transaction import Reading, Transaction

LADDER: Final = "missed_visit"

SOUGHT_FOR: Final = timedelta(days=MORE_THAN_28.lost)
"""Whoever has been away for so long is lost: she is on the list of absences, and in nobody's tasks."""


def follow(tx: Transaction, programme: Programme, client_ids: Collection[UUID]) -> None:
    """Act on what was just recorded about visits of these clients: a miss climbs until something settles it.

    It is called in the transaction of the change.
    """
    settle(tx, Task.client_id.in_(client_ids))
    for miss in misses(tx, _sought(tx, programme) & Visit.client_id.in_(client_ids)):
        _climb(tx, programme, miss)


def settle(tx: Transaction, which: ColumnElement[bool] | None = None) -> None:
    """Close what people were asked to do about misses that are settled: she came, or a day was agreed."""
    settled = Task.kind.in_(AFTER_A_MISS) & Task.visit_id.not_in(unsettled_visits())
    close_where(tx, settled if which is None else settled & which, Ending(reason="settled"))


def climb(tx: Transaction, programme: Programme, visit_id: UUID) -> None:
    """Ask people for what is due about a missed visit. Running it again changes nothing."""
    for miss in misses(tx, _sought(tx, programme) & (Visit.id == visit_id)):
        _climb(tx, programme, miss)


def _climb(tx: Transaction, programme: Programme, miss: Miss) -> None:
    for rung in _due(tx, programme, miss):
        _take(tx, miss, rung)


@dataclass(frozen=True)
class Page:
    """Some of the missed visits: those of which something is due, and the last that was looked at."""

    due: tuple[UUID, ...]
    last: UUID


def due_climbs(reading: Reading, programme: Programme, after: UUID | None, most: int = 500) -> Page | None:
    """Go on from behind ``after`` through the missed visits that may still climb; ``None`` at the end."""
    found = misses(reading, _sought(reading, programme) & (Visit.id > after if after else true()), most)
    due = tuple(miss.visit_id for miss in found if _due(reading, programme, miss))
    return Page(due, found[-1].visit_id) if found else None


def _sought(reading: Reading, programme: Programme) -> ColumnElement[bool]:
    return Visit.day > programme.today(reading.now) - SOUGHT_FOR


def _due(reading: Reading, programme: Programme, miss: Miss) -> tuple[Rung, ...]:
    return steps_due(ladder(programme.plans, LADDER), miss.facts, programme.today(reading.now))


def _take(tx: Transaction, miss: Miss, rung: Rung) -> None:
    """Climb a rung once for a date that was missed; what its owner was asked for before gives way to it."""
    taken_id = new_id()
    missed = {"visit_id": miss.visit_id, "day": miss.facts.expected_on}
    if not tx.add_once(RungTaken, id=taken_id, **missed, rung=rung.id, taken_at=tx.now):
        return
    lower = (Task.visit_id == miss.visit_id) & Task.kind.in_(AFTER_A_MISS - {rung.task})
    close_where(tx, lower & (Task.owner_role == rung.owner), Ending(reason="overtaken"))
    task = NewTask(
        rung.task,
        miss.client_id,
        visit_id=miss.visit_id,
        subject_id=miss.infant_id,
        urgency=rung.urgency,
        owner=rung.owner,
        tries=rung.tries,
        about=str(miss.visit_id),
    )
    task_id = open_task(tx, task)
    tx.connection.execute(update(RungTaken).where(RungTaken.id == taken_id).values(task_id=task_id))
