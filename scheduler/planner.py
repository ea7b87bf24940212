"""Turns what falls due into messages."""

from uuid import UUID

import structlog

from service.actions import fire
from service.domain.people import Actor, ActorKind
from service.parts import Parts

ACTOR = Actor(ActorKind.SYSTEM, "planner")
MOST_AT_ONCE = 500

log = structlog.get_logger()


def put_due(parts: Parts) -> int:
    """Decide about every reminder whose time has come; how many there were."""
    decided = 0
    while due := parts.store.read(lambda reading: fire.due_entries(reading, MOST_AT_ONCE)):
        for ledger_id in due:
            _decide(parts, ledger_id)
        decided += len(due)
    return decided


def _decide(parts: Parts, ledger_id: UUID) -> None:
    """One reminder that cannot be decided must not stand in the way of all others."""
    try:
        parts.store.write(lambda tx: fire.fire(tx, parts.programme, ledger_id), ACTOR)
    except Exception:
        log.exception("reminder failed", ledger=str(ledger_id))
        parts.store.write(lambda tx: fire.stumble(tx, ledger_id), ACTOR)
