"""Turns what falls due into messages."""

from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from service.actions import fire
from service.domain.people import Actor, ActorKind
from service.parts import Parts

ACTOR: Final = Actor(ActorKind.SYSTEM, "planner")
MOST_AT_ONCE: Final = 200
LONGEST_S: Final = 4.0

log = structlog.get_logger()


def put_due(parts: Parts) -> int:
    """Decide about every reminder whose time has come; how many there were.

    After ``LONGEST_S`` the rest is left to the next tick, so that a worker that is told to stop need not
    finish a whole morning's work.
    """
    decided, began = 0, monotonic()
    while monotonic() - began < LONGEST_S and (
        due := parts.store.read(lambda reading: fire.due_entries(reading, MOST_AT_ONCE))
    ):
        for ledger_id in due:
            _decide(parts, ledger_id)
        decided += len(due)
    return decided


def _decide(parts: Parts, ledger_id: UUID) -> None:
    """One reminder that cannot be decided must not stand in the way of all others."""
    try:
        parts.store.write(lambda tx: fire.fire(tx, parts.programme, ledger_id), ACTOR)
    except OperationalError:
        raise  # the database is away, which is nothing about this reminder
    except Exception:
        log.exception("reminder failed", ledger=str(ledger_id))
        parts.store.write(lambda tx: fire.stumble(tx, ledger_id), ACTOR)
