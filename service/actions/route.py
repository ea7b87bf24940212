"""Which gateway the next texts go to, how many at once, and what a send teaches about the gateway."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from sqlalchemy import select

from service.actions.tasks import NewTask, open_task
from service.domain.message import Accepted, Hurdle, Refused, SendResult, TryLater, Unknown
from service.domain.tasks import TaskKind
from service.store import outbox, pace
from service.store.models.operations import Pause
from service.store.transaction import Reading, Transaction

FAILURES_TO_OPEN: Final = 5
"""Tries in a row that failed for the gateway's own reasons before it is left alone for a while."""

FIRST_REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=15)
ACCOUNT_REST: Final = timedelta(minutes=1)
"""The rest while our account is out of credit or refused: short, because a top-up mends it at once."""


@dataclass(frozen=True)
class Line:
    """A gateway and the texts that it takes in a second."""

    gateway: str
    per_second: float


@dataclass(frozen=True)
class Round:
    """Messages to be handed to a gateway now. ``paced``: more may wait, but the pace allows none just now."""

    gateway: str
    claimed: tuple[outbox.Claimed, ...]
    paced: bool = False


NOTHING: Final = Round("", ())


def next_round(tx: Transaction, lines: tuple[Line, ...], most: int) -> Round:
    """Claim what waits for the first gateway that is well, within its pace.

    A gateway that rests lets one text through when its rest is over; by that it is found well or rests anew.
    """
    for line in lines:
        circuit = pace.circuit(tx, line.gateway)
        wanted = circuit.most_at(tx.now, most)
        if wanted == 0 or _paused(tx, line.gateway):
            continue
        allowed = pace.take(tx, line.gateway, line.per_second, wanted)
        claimed = outbox.claim(tx, allowed) if allowed else ()
        pace.give_back(tx, line.gateway, allowed - len(claimed))
        if claimed and circuit.open_until is not None:
            # Other workers must not try it too before this one knows.
            pace.open_circuit(tx, line.gateway, tx.now + FIRST_REST, circuit.why or "")
        return Round(line.gateway, claimed, paced=allowed == 0)
    return NOTHING


def _paused(reading: Reading, gateway: str) -> bool:
    found = reading.connection.scalar(
        select(Pause.id)
        .where(Pause.scope == "gateway", Pause.target == gateway, Pause.resumed_at.is_(None))
        .limit(1)
    )
    return found is not None


def learn(tx: Transaction, gateway: str, result: SendResult) -> None:
    """What came of a send, for the gateway: it is well, it must rest, or it is full."""
    match result:
        case Accepted() | Refused():
            pace.close_circuit(tx, gateway)
        case TryLater(Hurdle.NO_CREDIT | Hurdle.BAD_ACCOUNT as why):
            if pace.open_circuit(tx, gateway, tx.now + ACCOUNT_REST, why):
                _tell_staff(tx, gateway, why)
        case TryLater(Hurdle.BUSY):
            pass
        case TryLater(why) | Unknown(why):
            _count(tx, gateway, why)
        case _:
            assert_never(result)


def _count(tx: Transaction, gateway: str, why: str) -> None:
    """Rest longer with each failure after the first few, so that an outage is not met with a storm."""
    failures = pace.count_failure(tx, gateway)
    if failures < FAILURES_TO_OPEN:
        return
    rest = min(LONGEST_REST, FIRST_REST * 2 ** min(failures - FAILURES_TO_OPEN, 10))
    if pace.open_circuit(tx, gateway, tx.now + rest, why):
        _tell_staff(tx, gateway, why)


def _tell_staff(tx: Transaction, gateway: str, why: str) -> None:
    open_task(tx, NewTask(TaskKind.GATEWAY, note=f"{gateway}: {why}", about=gateway))
    tx.audit("rest", "gateway", detail=f"{gateway}: {why}")
