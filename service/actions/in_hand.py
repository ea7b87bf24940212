"""What a planner has in its hand while it decides: found again if the program dies over it.

A mistake that raises is caught where it happens. One that kills the whole process would meet the same
reminder after each restart, for ever; so what is about to be decided is written down first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from service.domain.ids import new_id
from service.domain.ledger import LedgerState
from service.store.models.messages import LedgerEntry
from service.store.models.operations import Mark
from service.store.transaction import Reading, Transaction

_NAME: Final = "in_hand:"

DROPPED_AFTER: Final = timedelta(minutes=1)
"""After so long nobody is deciding any more: it takes some seconds."""


@dataclass(frozen=True)
class Handful:
    """Rows of the ledger that were taken in hand together."""

    name: str
    ledger_ids: tuple[UUID, ...]


def take(tx: Transaction, ledger_ids: Sequence[UUID]) -> Handful:
    """Note what is about to be decided."""
    hand = Handful(f"{_NAME}{new_id()}", tuple(ledger_ids))
    tx.add(Mark, name=hand.name, value=" ".join(map(str, hand.ledger_ids)), recorded_at=tx.now)
    return hand


def put_down(tx: Transaction, hand: Handful) -> None:
    tx.connection.execute(delete(Mark).where(Mark.name == hand.name))


def dropped(reading: Reading) -> tuple[Handful, ...]:
    """What was taken in hand and never put down: whoever held it is gone. What was held alone comes first."""
    marks = (
        select(Mark.name, Mark.value)
        .where(Mark.name.startswith(_NAME), Mark.recorded_at <= reading.now - DROPPED_AFTER)
        .order_by(Mark.recorded_at, Mark.name)
    )
    rows = reading.connection.execute(marks)
    found = [Handful(name, tuple(map(UUID, ids.split()))) for name, ids in rows]
    return tuple(sorted(found, key=lambda hand: len(hand.ledger_ids) > 1))


def still_due(reading: Reading, hand: Handful) -> tuple[UUID, ...]:
    """Those of a handful about which nothing was decided."""
    due = select(LedgerEntry.id).where(
        LedgerEntry.id.in_(hand.ledger_ids),
        LedgerEntry.state == LedgerState.PLANNED,
        LedgerEntry.due_at <= reading.now,
    )
    return tuple(reading.connection.scalars(due.order_by(LedgerEntry.due_at, LedgerEntry.id)))
