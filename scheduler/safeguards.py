"""What keeps texts from the wrong people, and records from lying with nobody, as time passes."""

from service.actions import doubts, held, transfer
from service.domain.people import Actor, ActorKind
from service.parts import Parts

ACTOR = Actor(ActorKind.SYSTEM, "safeguards")


def doubt_numbers(parts: Parts) -> int:
    """Ask whose a silent or failing number is; where nobody answers, a person finds out. How many."""
    store, programme = parts.store, parts.programme
    doubted = store.write(lambda tx: doubts.doubt_silent(tx, programme), ACTOR)
    asked = store.write(lambda tx: doubts.ask_doubted(tx, programme), ACTOR)
    return doubted + asked + store.write(doubts.hand_unanswered_to_people, ACTOR)


def close_expired(parts: Parts) -> int:
    """End what was held beyond its last useful moment; how much."""
    return parts.store.write(held.close_expired, ACTOR)


def return_transfers(parts: Parts) -> int:
    """Give back to the sender whoever was not accepted in time; how many."""
    return parts.store.write(lambda tx: transfer.return_unanswered(tx, parts.programme), ACTOR)
