"""Which gateway the next texts go to, how many at once, and what a send teaches about the gateway."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, assert_never

from sqlalchemy import ColumnElement, not_, select

from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.message import Accepted, Hurdle, Refused, SendResult, TryLater, Unknown
from service.domain.tasks import TaskKind
from service.store import outbox, pace
from service.store.models.care import Task
from service.store.models.messages import Message
from service.store.models.operations import Pause
from service.store.transaction import Reading, Transaction

FAILURES_TO_OPEN: Final = 5
"""Tries in a row that failed for the gateway's own reasons before it is left alone for a while."""

FIRST_REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=15)
NEEDS_A_PERSON: Final = frozenset({Hurdle.NO_CREDIT, Hurdle.BAD_ACCOUNT})
"""Our account is out of credit or refused; nothing mends that by itself."""

ACCOUNT_REST: Final = timedelta(minutes=1)
"""The rest of a gateway that needs a person: short, because a top-up mends it at once."""


WELL_AGAIN: Final = Ending("well_again")


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
    What provably failed at one gateway is left to another that is well, if there is one.
    """
    usable = [(line, wanted) for line in lines if (wanted := _wanted(tx, line.gateway, most))]
    for line, wanted in usable:
        allowed = pace.take(tx, line.gateway, line.per_second, wanted)
        if allowed == 0:
            return Round(line.gateway, (), paced=True)
        claimed = outbox.claim(tx, allowed, _did_not_fail_at(line) if len(usable) > 1 else outbox.EVERY)
        pace.give_back(tx, line.gateway, allowed - len(claimed))
        if claimed:
            _probe(tx, line.gateway)
            return Round(line.gateway, claimed)
    return NOTHING


def _did_not_fail_at(line: Line) -> ColumnElement[bool]:
    failed_somewhere = Message.reason.is_not(None) & Message.reason.in_(tuple(Hurdle))
    return Message.gateway.is_distinct_from(line.gateway) | not_(failed_somewhere)


def _wanted(reading: Reading, gateway: str, most: int) -> int:
    return 0 if _paused(reading, gateway) else pace.circuit(reading, gateway).most_at(reading.now, most)


def _probe(tx: Transaction, gateway: str) -> None:
    """Of a gateway that rested other workers must not try another text before this one is known."""
    circuit = pace.circuit(tx, gateway)
    if circuit.open_until is not None:
        pace.open_circuit(tx, gateway, tx.now + FIRST_REST, circuit.why or "")


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
            if pace.close_circuit(tx, gateway):
                close_where(tx, Task.open_key == matter(gateway).open_key, WELL_AGAIN)
        case TryLater(why) if why in NEEDS_A_PERSON:
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


def matter(gateway: str) -> NewTask:
    """What a gateway that rests asks of a person."""
    return NewTask(TaskKind.GATEWAY, about=gateway)


def _tell_staff(tx: Transaction, gateway: str, why: str) -> None:
    open_task(tx, replace(matter(gateway), note=f"{gateway}: {why}"))
    tx.audit("rest", "gateway", detail=f"{gateway}: {why}")
