"""SMS webhooks: inbound texts, receipts and opt-outs. Each is durable before the provider hears of it."""

from collections.abc import Callable
from typing import Final

import structlog

from service.actions import tally
from service.actions.receive import receive
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import ReceiptReceived
from service.store.spooled import Letter, Spoolable, to_text
from service.store.transaction import Transaction

Write = Callable[[Callable[[Transaction], None], Actor], None]

UNREADABLE: Final = "unreadable"
"""The counter of genuine requests that say nothing this service can act on."""

log = structlog.get_logger()


def take(parts: Parts, gateway: str, event: Spoolable, write: Write | None = None) -> None:
    """Act on an event; if that cannot be done now, keep it in the spool, from where it is taken again.

    ``write`` is the store's own, which may take its time, unless another is given.
    Raises ``SpoolFull`` or ``OSError`` if it could not be kept either: then nobody may call it taken.
    """
    letter = Letter(gateway, event)
    write = write or parts.store.write
    try:
        write(lambda tx: receive(tx, parts.programme, letter), _who(gateway, event))
    except Exception:
        log.exception("kept in the spool", gateway=gateway)
        parts.spool.put(to_text(letter))


def _who(gateway: str, event: Spoolable) -> Actor:
    kind = ActorKind.GATEWAY if isinstance(event, ReceiptReceived) else ActorKind.CALLER
    return Actor(kind, gateway)


def unreadable(parts: Parts, gateway: str, write: Write) -> None:
    """Count a request that nobody can act on; it is not worth a place in the spool."""
    try:
        write(
            lambda tx: tally.add_to(tx, f"{UNREADABLE}:{gateway}", parts.programme.today(tx.now)),
            Actor(ActorKind.GATEWAY, gateway),
        )
    except Exception:
        log.exception("not counted", gateway=gateway)
