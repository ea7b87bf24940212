"""Silences that end with a person."""

from service.actions import visits
from service.domain.people import Actor, ActorKind
from service.parts import Parts

ACTOR = Actor(ActorKind.SYSTEM, "ladder")


def ask_who_came(parts: Parts) -> int:
    """Open "did she come?" for every past visit of which nobody recorded anything; how many."""
    asked = 0
    today = parts.programme.today(parts.clock.now())
    while found := parts.store.write(lambda tx: visits.note_unrecorded(tx, today), ACTOR):
        asked += found
    return asked
