"""Turns what falls due into messages and tasks, and keeps what is to fall due in line with the plans."""

from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from service.actions import fire, hand_over, in_hand, next_look, remind
from service.actions.in_hand import Handful
from service.domain.people import Actor, ActorKind
from service.parts import Parts

ACTOR: Final = Actor(ActorKind.SYSTEM, "planner")
MOST_AT_ONCE: Final = 200
FAMILIES_AT_ONCE: Final = 20
"""Clients whose plans are gone through in one transaction: others who write wait as long as that takes."""

LONGEST_S: Final = 4.0

log = structlog.get_logger()


def put_due(parts: Parts) -> int:
    """Decide about every reminder whose time has come; how many there were.

    After ``LONGEST_S`` the rest is left to the next tick, so that a worker that is told to stop need not
    finish a whole morning's work.
    """
    _pick_up(parts)
    decided, began = 0, monotonic()
    while monotonic() - began < LONGEST_S and (
        due := parts.store.read(lambda reading: fire.due_entries(reading, MOST_AT_ONCE))
    ):
        _decide_all(parts, due)
        decided += len(due)
    return decided


def _pick_up(parts: Parts) -> None:
    """What somebody had in hand who died over it is decided one by one.

    What is found to have killed a worker alone is set aside, and after some times a person hears of it.
    """
    for hand in parts.store.read(in_hand.dropped):
        _pick_up_one(parts, hand)


def _pick_up_one(parts: Parts, hand: Handful) -> None:
    if len(hand.ledger_ids) == 1:
        parts.store.write(lambda tx: fire.stumble(tx, hand.ledger_ids[0]), ACTOR)
    else:
        for ledger_id in parts.store.read(lambda reading: in_hand.still_due(reading, hand)):
            _decide_all(parts, (ledger_id,))
    parts.store.write(lambda tx: in_hand.put_down(tx, hand), ACTOR)


def _decide_all(parts: Parts, ledger_ids: tuple[UUID, ...]) -> None:
    hand = parts.store.write(lambda tx: in_hand.take(tx, ledger_ids), ACTOR)
    for ledger_id in ledger_ids:
        _decide(parts, ledger_id)
    parts.store.write(lambda tx: in_hand.put_down(tx, hand), ACTOR)


def _decide(parts: Parts, ledger_id: UUID) -> None:
    """One reminder that cannot be decided must not stand in the way of all others."""
    try:
        parts.store.write(lambda tx: fire.fire(tx, parts.programme, ledger_id), ACTOR)
    except OperationalError:
        raise  # the database is away, which is nothing about this reminder
    except Exception:
        log.exception("reminder failed", ledger=str(ledger_id))
        parts.store.write(lambda tx: fire.stumble(tx, ledger_id), ACTOR)


def keep_in_line(parts: Parts) -> int:
    """Go through the plans of everybody for whom it is time: how many there were.

    So the weeks ahead are planned day by day, and everybody anew once the timing of a plan has changed. Each
    client notes when she is due again, so that a worker which stops leaves only the others to the next one.
    """
    store, programme = parts.store, parts.programme
    if store.read(lambda reading: next_look.is_retimed(reading, programme)):
        store.write(lambda tx: next_look.note_timing(tx, programme), ACTOR)
    done, began = 0, monotonic()
    while monotonic() - began < LONGEST_S and (
        waiting := store.read(lambda reading: next_look.to_be_aligned(reading, programme, FAMILIES_AT_ONCE))
    ):
        _align(parts, waiting)
        done += len(waiting)
    return done


def _align(parts: Parts, client_ids: tuple[UUID, ...]) -> None:
    """One client whose plans cannot be gone through must not stand in the way of the others."""
    store, programme = parts.store, parts.programme
    try:
        store.write(lambda tx: remind.align(tx, programme, client_ids), ACTOR)
    except OperationalError:
        raise  # the database is away, which is nothing about these clients
    except Exception:
        if len(client_ids) > 1:
            for client_id in client_ids:
                _align(parts, (client_id,))
            return
        log.exception("plans not gone through", client=str(client_ids[0]))
        store.write(lambda tx: next_look.set_aside(tx, programme, client_ids[0]), ACTOR)


def end_late(parts: Parts) -> int:
    """End what nobody took in time; how many."""
    return parts.store.write(lambda tx: hand_over.end_late(tx, parts.programme), ACTOR)
