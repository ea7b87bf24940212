"""Asking the providers what is left in our accounts, so that nobody waits for them who looks."""

from service.actions.credit import note_credit
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import TellsCredit

ACTOR = Actor(ActorKind.SYSTEM, "credit")


def ask_for_credit(parts: Parts) -> int:
    """How many providers told it."""
    return sum(_ask(parts, name, gateway) for name, gateway in parts.gateways.items())


def _ask(parts: Parts, name: str, gateway: object) -> bool:
    left = gateway.credit() if isinstance(gateway, TellsCredit) else None
    if left is None:
        return False
    parts.store.write(lambda tx: note_credit(tx, name, left), ACTOR)
    return True
