"""Silences that end with a person."""

from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from service.actions import escalate, handover, visits
from service.domain.people import Actor, ActorKind
from service.parts import Parts

ACTOR: Final = Actor(ActorKind.SYSTEM, "ladder")
MOST_AT_ONCE: Final = 500

log = structlog.get_logger()


def ask_who_came(parts: Parts) -> int:
    """Open "did she come?" for every past visit of which nobody recorded anything; how many."""
    asked = 0
    today = parts.programme.today(parts.clock.now())
    while found := parts.store.write(lambda tx: visits.note_unrecorded(tx, today), ACTOR):
        asked += found
    return asked


def keep_owned(parts: Parts) -> int:
    """Give the tasks of whoever cannot act to somebody who can; how many."""
    return parts.store.write(handover.keep_owned, ACTOR)


def escalate_late(parts: Parts) -> int:
    """Let every task of which nobody has taken care in time climb; how many were looked at."""
    late = parts.store.read(lambda reading: escalate.late_tasks(reading, MOST_AT_ONCE))
    for task_id in late:
        _escalate(parts, task_id)
    return len(late)


def _escalate(parts: Parts, task_id: UUID) -> None:
    """One task that cannot climb must not stand in the way of the others."""
    try:
        parts.store.write(lambda tx: escalate.escalate(tx, parts.programme, task_id), ACTOR)
    except OperationalError:
        raise  # the database is away, which is nothing about this task
    except Exception:
        log.exception("task did not climb", task=str(task_id))
