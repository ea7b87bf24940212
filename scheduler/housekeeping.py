"""What must be tidied because time passed."""

from threading import Event
from typing import Final

import structlog
from sqlalchemy.exc import OperationalError

from service.actions import hear, outage, tidy, unfinished, unknown
from service.actions.receive import receive
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import TextReceived
from service.store import audit_seals
from service.store.spooled import Letter, from_text

ACTOR = Actor(ActorKind.SYSTEM, "housekeeping")

DRAIN_EVERY: Final = 10.0
"""Seconds."""

log = structlog.get_logger()


def recover(parts: Parts) -> int:
    """Free what crashed workers held."""
    return parts.store.write(unknown.recover, ACTOR)


def resolve_unknown(parts: Parts) -> int:
    """Apply the policy of its class to each unknown message that has waited long enough for evidence."""
    return parts.store.write(unknown.resolve_unknown, ACTOR)


def tell_of_accounts(parts: Parts) -> int:
    """Text whoever is on call about a provider that refuses our account."""
    return parts.store.write(lambda tx: outage.tell_of_accounts(tx, parts.programme, parts.lines), ACTOR)


def seal_audit(parts: Parts) -> int:
    """Put what was recorded in the audit since under a seal."""
    sealed = parts.store.write(audit_seals.seal, ACTOR)
    return sealed + seal_audit(parts) if sealed == audit_seals.AT_ONCE else sealed


def drain_spool(parts: Parts) -> int:
    """Take what came in while the database was away; how many. Ends at once if it is away still."""
    return parts.spool.drain(lambda text: _take(parts, from_text(text)))


def keep_draining(parts: Parts, stop: Event) -> None:
    """Drain the spool of this machine until told to stop: texts come in where no worker may be near."""
    while True:
        try:
            drain_spool(parts)
        except Exception:
            log.exception("job failed", job="drain_spool")
        if stop.wait(DRAIN_EVERY):
            return


def _take(parts: Parts, letter: Letter) -> bool:
    try:
        parts.store.write(lambda tx: receive(tx, parts.programme, letter), ACTOR)
    except OperationalError:
        raise
    except Exception:
        # The others are not to wait for it. A text is worth more than to lie there unread.
        log.exception("not taken from the spool", gateway=letter.gateway)
        return _leave_to_a_person(parts, letter)
    return True


def _leave_to_a_person(parts: Parts, letter: Letter) -> bool:
    """Whether somebody will see it; anything but a text stays where it is and is counted."""
    text = letter.event
    if not isinstance(text, TextReceived):
        return False
    parts.store.write(lambda tx: hear.leave_to_a_person(tx, letter.gateway, text), ACTOR)
    return True


def text_who_was_cut_off(parts: Parts) -> int:
    """Tell those who wished for it that they can take up a call that was cut off."""
    return parts.store.write(lambda tx: unfinished.text_who_was_cut_off(tx, parts.programme), ACTOR)


def give_up_on_receipts(parts: Parts) -> int:
    """End the reminders whose receipts never came."""
    return parts.store.write(tidy.end_without_receipt, ACTOR)


def forget(parts: Parts) -> int:
    """Drop what nobody can use any more."""
    return parts.store.write(tidy.forget, ACTOR)
