"""Each gateway's pace and circuit: one row, on the database's clock, for any number of workers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from service.domain.message import Money
from service.store.database import database_seconds
from service.store.models.operations import GatewayState
from service.store.transaction import Reading, Transaction

MICROS: Final = 1_000_000

BURST_SECONDS: Final = 0.5
"""How much unused pace is kept. More would let a burst through after a pause, less would waste the line."""


@dataclass(frozen=True)
class Circuit:
    """``open_until`` is when a gateway that refuses our account or does not answer is tried again."""

    open_until: datetime | None
    failures: int
    why: str | None

    def most_at(self, now: datetime, most: int) -> int:
        """How many of ``most`` texts may be tried: all, one to see whether it is well again, or none."""
        if self.open_until is None:
            return most
        return min(most, 1) if self.open_until <= now else 0


def circuit(reading: Reading, gateway: str) -> Circuit:
    row = reading.connection.execute(
        select(GatewayState.open_until, GatewayState.failures, GatewayState.why).where(
            GatewayState.name == gateway
        )
    ).one_or_none()
    return Circuit(row.open_until, row.failures, row.why) if row else Circuit(None, 0, None)


def take(tx: Transaction, gateway: str, per_second: float, most: int) -> int:
    """How many texts may be handed to the gateway now, at most ``most``; they count as handed over.

    The row is locked until the commit, so that workers who ask together share the pace and do not double it.
    """
    tokens, now = _filled(tx, gateway, per_second)
    taken = min(int(tokens), most)
    _keep(tx, gateway, tokens - taken, now)
    return taken


def give_back(tx: Transaction, gateway: str, count: int) -> None:
    """Return what ``take`` counted and nobody used."""
    tx.connection.execute(
        update(GatewayState).where(GatewayState.name == gateway).values(tokens=GatewayState.tokens + count)
    )


def _filled(tx: Transaction, gateway: str, per_second: float) -> tuple[float, float]:
    """The bucket as full as the time since the last look has made it, and the time of this look."""
    held = select(GatewayState.tokens, GatewayState.refilled_at, database_seconds().label("now")).where(
        GatewayState.name == gateway
    )
    row = tx.connection.execute(held.with_for_update()).one_or_none()
    if row is None:
        _know(tx, gateway)
        row = tx.connection.execute(held.with_for_update()).one()
    now = float(row.now)
    # At least one whole token fits, or a slow gateway would never be allowed anything.
    room = max(1.0, per_second * BURST_SECONDS)
    return min(room, row.tokens + max(0.0, now - row.refilled_at) * per_second), now


def note_credit(tx: Transaction, gateway: str, left: Money) -> None:
    """Keep what the provider says is left in our account."""
    _know(tx, gateway)
    tx.connection.execute(
        update(GatewayState)
        .where(GatewayState.name == gateway)
        .values(credit_micros=int(left.amount * MICROS), credit_currency=left.currency, credit_told_at=tx.now)
    )


def _know(tx: Transaction, gateway: str) -> None:
    tx.add_once(GatewayState, name=gateway, tokens=1.0, refilled_at=0.0, failures=0)


def _keep(tx: Transaction, gateway: str, tokens: float, now: float) -> None:
    tx.connection.execute(
        update(GatewayState).where(GatewayState.name == gateway).values(tokens=tokens, refilled_at=now)
    )


def count_failure(tx: Transaction, gateway: str) -> int:
    """Note a try that provably failed for the gateway's own reasons; how many in a row."""
    _know(tx, gateway)
    return tx.connection.execute(
        update(GatewayState)
        .where(GatewayState.name == gateway)
        .values(failures=GatewayState.failures + 1)
        .returning(GatewayState.failures)
    ).scalar_one()


def open_circuit(tx: Transaction, gateway: str, until: datetime, why: str) -> bool:
    """Hold the gateway until a moment; says whether it was closed before."""
    _know(tx, gateway)
    was_closed = tx.connection.execute(
        update(GatewayState)
        .where(GatewayState.name == gateway, GatewayState.open_until.is_(None))
        .values(open_until=until, why=why)
    ).rowcount
    if not was_closed:
        tx.connection.execute(
            update(GatewayState).where(GatewayState.name == gateway).values(open_until=until, why=why)
        )
    return was_closed == 1


def close_circuit(tx: Transaction, gateway: str) -> bool:
    """A text was taken: the gateway is well; says whether anything had been held against it."""
    changed = tx.connection.execute(
        update(GatewayState)
        .where(GatewayState.name == gateway)
        .where((GatewayState.failures > 0) | GatewayState.open_until.is_not(None))
        .values(open_until=None, why=None, failures=0)
    ).rowcount
    return changed == 1
