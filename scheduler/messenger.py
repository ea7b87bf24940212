"""Carrying news to other systems, and a sign of life to whoever waits for one."""

from time import monotonic
from typing import Final

import structlog

from service.actions.announce import Letter, is_waiting, note_not_taken, note_taken, take_along
from service.carrying import carry
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.reports.readiness import backlog

ACTOR: Final = Actor(ActorKind.SYSTEM, "messenger")
SECONDS: Final = 2.0
"""After which no more is begun: with the courier's own patience that is less than a stop may take."""

log = structlog.get_logger()


def carry_news(parts: Parts) -> int:
    """Tell webhooks what happened; how much could be told. No transaction is open meanwhile."""
    began, taken = monotonic(), 0
    while monotonic() - began < SECONDS and parts.store.read(is_waiting):
        letters = parts.store.write(lambda tx: take_along(tx, 1), ACTOR)
        taken += sum(_carry(parts, letter) for letter in letters)
    return taken


def _carry(parts: Parts, letter: Letter) -> bool:
    why = carry(parts.courier, letter)
    if why is None:
        parts.store.write(lambda tx: note_taken(tx, letter), ACTOR)
        return True
    log.warning("news not taken", reason=why)
    parts.store.write(lambda tx: note_not_taken(tx, letter, why), ACTOR)
    return False


def beat(parts: Parts) -> int:
    """Give a sign of life, unless something waits that should have left: its absence is an alarm."""
    if not parts.heartbeat_url or parts.store.read(backlog).late:
        return 0
    why = parts.courier.fetch(parts.heartbeat_url)
    if why:
        log.warning("heartbeat not taken", reason=why)
    return 0
