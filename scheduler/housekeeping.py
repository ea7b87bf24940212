"""What must be tidied because time passed."""

from service.actions import deliver, tidy
from service.domain.people import Actor, ActorKind
from service.parts import Parts

ACTOR = Actor(ActorKind.SYSTEM, "housekeeping")


def recover(parts: Parts) -> int:
    """Free what crashed workers held."""
    return parts.store.write(deliver.recover, ACTOR)


def resolve_unknown(parts: Parts) -> int:
    """Apply the policy of its class to each unknown message that has waited long enough for evidence."""
    return parts.store.write(deliver.resolve_unknown, ACTOR)


def give_up_on_receipts(parts: Parts) -> int:
    """End the reminders whose receipts never came."""
    return parts.store.write(tidy.end_without_receipt, ACTOR)


def forget(parts: Parts) -> int:
    """Drop drafts of dialogues and parked receipts that nobody can use any more."""
    return parts.store.write(tidy.forget, ACTOR)
