"""Asking providers that keep lists: what became of a text, and what came in that we were not told of."""

from datetime import timedelta
from typing import Final

import structlog

from service.actions import evidence
from service.actions.receive import receive
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import FindsSent, ListsInbound
from service.store.spooled import Letter

ACTOR: Final = Actor(ActorKind.SYSTEM, "evidence")
SETTLED_AFTER: Final = timedelta(minutes=3)
"""A provider's list may lag behind; only after this is a send without an answer looked up."""

LOOKED_BACK: Final = timedelta(hours=25)
"""How far back inbound texts are reconciled: a day, and an hour for a late run."""

log = structlog.get_logger()


def look_up_unknown(parts: Parts) -> int:
    """Ask the provider about each unknown attempt that is old enough; how many it had taken."""
    before = parts.clock.now() - SETTLED_AFTER
    doubts = parts.store.read(lambda reading: evidence.doubts(reading, before))
    return sum(_look_up(parts, doubt) for doubt in doubts)


def _look_up(parts: Parts, doubt: evidence.Doubt) -> bool:
    gateway: object = parts.gateways.get(doubt.gateway)
    if not isinstance(gateway, FindsSent):
        return False
    taken = gateway.find(doubt.text, doubt.since).items
    return parts.store.write(lambda tx: evidence.settle(tx, doubt, taken), ACTOR)


def reconcile_inbound(parts: Parts) -> int:
    """Take every inbound text of the last day that a provider lists; those we have change nothing."""
    return sum(_reconcile(parts, name, gateway) for name, gateway in parts.gateways.items())


def _reconcile(parts: Parts, name: str, gateway: object) -> int:
    if not isinstance(gateway, ListsInbound):
        return 0
    texts = gateway.inbound_since(parts.clock.now() - LOOKED_BACK)
    if texts.gap:
        log.warning("inbound list is not whole", gateway=name, reason=texts.gap)
    for text in texts.items:
        _take(parts, Letter(name, text))
    return len(texts.items)


def _take(parts: Parts, letter: Letter) -> None:
    parts.store.write(lambda tx: receive(tx, parts.programme, letter), ACTOR)
