"""SMS webhooks: inbound texts, receipts and opt-outs. Each is durable before the provider hears of it."""

from typing import Final

import structlog

from service.actions import tally
from service.actions.receive import receive
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import ReceiptReceived
from service.store.spooled import Letter, Spoolable, to_text

UNREADABLE: Final = "unreadable"
"""The counter of genuine requests that say nothing this service can act on."""

log = structlog.get_logger()


def take(parts: Parts, gateway: str, event: Spoolable) -> None:
    """Act on an event; if that cannot be done now, keep it in the spool, from where it is taken again.

    Raises ``SpoolFull`` or ``OSError`` if it could not be kept either: then nobody may call it taken.
    """
    letter = Letter(gateway, event)
    try:
        parts.store.write(lambda tx: receive(tx, parts.programme, letter), _who(gateway, event))
    except Exception:
        log.exception("kept in the spool", gateway=gateway)
        parts.spool.put(to_text(letter))


def _who(gateway: str, event: Spoolable) -> Actor:
    kind = ActorKind.GATEWAY if isinstance(event, ReceiptReceived) else ActorKind.CALLER
    return Actor(kind, gateway)


def unreadable(parts: Parts, gateway: str) -> None:
    """Count a request that nobody can act on; it is not worth a place in the spool."""
    try:
        parts.store.write(
            lambda tx: tally.add_to(tx, f"{UNREADABLE}:{gateway}", parts.programme.today(tx.now)),
            Actor(ActorKind.GATEWAY, gateway),
        )
    except Exception:
        log.exception("not counted", gateway=gateway)
