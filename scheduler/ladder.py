"""Silences that end with a person."""

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from service.actions import cascade, climb, escalate, handover, visits
from service.actions.climb import Page
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.programme import Programme
from service.store.transaction import Reading, Transaction

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
    _each(parts, late, escalate.escalate)
    return len(late)


def climb_ladders(parts: Parts) -> int:
    """Ask people for what is due today about missed visits; about how many."""
    parts.store.write(climb.settle, ACTOR)
    return _page_by_page(parts, climb.due_climbs, climb.climb)


def keep_asked(parts: Parts) -> int:
    """Ask people for what the tests of infants wait for today; about how many mothers."""
    return _page_by_page(parts, cascade.due_asks, cascade.keep_asked)


_Act = Callable[[Transaction, Programme, UUID], None]
_Find = Callable[[Reading, Programme, UUID | None], Page | None]


def _page_by_page(parts: Parts, find: _Find, act: _Act) -> int:
    done, page = 0, _find(parts, find, None)
    while page:
        _each(parts, page.due, act)
        done, page = done + len(page.due), _find(parts, find, page.last)
    return done


def _find(parts: Parts, find: _Find, after: UUID | None) -> Page | None:
    return parts.store.read(lambda reading: find(reading, parts.programme, after))


def _each(parts: Parts, ids: Iterable[UUID], act: _Act) -> None:
    for row_id in ids:
        _one(parts, row_id, act)


def _one(parts: Parts, row_id: UUID, act: _Act) -> None:
    """One row that a mistake of the program keeps back must not stand in the way of the others."""
    try:
        parts.store.write(lambda tx: act(tx, parts.programme, row_id), ACTOR)
    except OperationalError:
        raise  # the database is away, which is nothing about this one
    except Exception:
        log.exception("left for the next time", id=str(row_id))
