"""SMS webhooks: inbound texts, receipts and opt-outs. Each returns once it is durable."""

from typing import Final

from service.actions import hear, receipts, tally
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import OptOutReceived, ReceiptReceived, TextReceived

UNREADABLE: Final = "unreadable"
"""The counter of genuine requests that say nothing this service can act on."""


def text(parts: Parts, gateway: str, received: TextReceived) -> None:
    parts.store.write(
        lambda tx: hear.hear(tx, parts.programme, gateway, received), Actor(ActorKind.CALLER, gateway)
    )


def receipt(parts: Parts, gateway: str, received: ReceiptReceived) -> None:
    parts.store.write(
        lambda tx: receipts.take_receipt(tx, gateway, received), Actor(ActorKind.GATEWAY, gateway)
    )


def opt_out(parts: Parts, gateway: str, received: OptOutReceived) -> None:
    parts.store.write(lambda tx: hear.opt_out(tx, gateway, received), Actor(ActorKind.GATEWAY, gateway))


def unreadable(parts: Parts, gateway: str) -> None:
    parts.store.write(
        lambda tx: tally.add_to(tx, f"{UNREADABLE}:{gateway}", parts.programme.today(tx.now)),
        Actor(ActorKind.GATEWAY, gateway),
    )
