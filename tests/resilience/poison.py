"""Texts over which the program stumbles, and one of which workers die: set aside, and the rest leaves.

``python -m tests.resilience.poison`` is a worker like any other, but for what it does with such texts.
"""

import os
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import func, select

from config import logs, wiring
from config.stopping import told_to_stop
from scheduler.dispatcher import SEATS
from service.actions.deliver import APART
from service.domain.message import MessageClass, MessageState
from service.domain.people import SYSTEM
from service.domain.tasks import TaskKind
from service.store.models.care import Task
from service.store.models.messages import Message
from service.wording import Gate
from tests.resilience.flood import Flood, number, pour
from tests.resilience.outcome import Figures, Outcome, judged
from tests.resilience.points import LAPSED
from tests.resilience.rig import MONDAY_AT_TEN, Rig, open_rig

DEADLY: Final = 7
"""The index of the text of which every worker dies that looks at it, among the first to be claimed."""

RAISING: Final = "99."
"""How the number ends in a text over which the program raises: one in a hundred."""

MOST_TRIES: Final = 3
SET_ASIDE: Final = timedelta(minutes=6)
LONGEST: Final = 120.0


def set_aside(texts: int, seed: int) -> Outcome:
    """A worker after the other, each some minutes later, until everything has come to rest."""
    with open_rig("") as rig:
        pour(rig.store, Flood(texts, (MessageClass.C,), MONDAY_AT_TEN))
        deaths = rounds = 0
        while rig.unsettled() and rounds < 2 * MOST_TRIES:
            deaths += _work(rig, rounds)
            rounds += 1
        states, copies, unsettled = rig.states(), rig.copies(), rig.unsettled()
        incidents = rig.store.read(lambda tx: tx.connection.scalar(_INCIDENTS))
    poisoned = texts // 100 + 1
    figures: Figures = {
        "messages": texts,
        "accepted": len(copies),
        "kills": deaths,
        "lost": texts - len(copies) - states[MessageState.FAILED],
        "doubled": sum(count > 1 for count in copies.values()),
        "unknown": states[MessageState.UNKNOWN],
        "set aside": states[MessageState.FAILED],
    }
    return judged(
        figures,
        {
            f"{deaths} workers died of one text": 0 < deaths <= MOST_TRIES,
            f"{figures['set aside']} of {poisoned} were set aside": figures["set aside"] == poisoned,
            f"{len(copies)} others left": len(copies) == texts - poisoned,
            "a text was sent twice": not figures["doubled"],
            "nobody was told": bool(incidents),
            f"{unsettled} are not at rest": not unsettled,
        },
    )


_INCIDENTS: Final = select(func.count()).select_from(Task).where(Task.kind == TaskKind.INCIDENT)


def _work(rig: Rig, rounds: int) -> bool:
    """Until nothing is left that is due; says whether the worker died of it."""
    clock = MONDAY_AT_TEN + rounds * SET_ASIDE
    worker, until = rig.process("-m", "tests.resilience.poison", clock=clock), time.monotonic() + LONGEST
    while worker.poll() is None and _due(rig, clock + SEATS * APART) and time.monotonic() < until:
        time.sleep(0.1)
    died = worker.poll() is not None
    worker.terminate()
    worker.wait(20)
    rig.store.write(lambda tx: tx.connection.execute(LAPSED), SYSTEM)  # as it will be half a minute later
    return died


def _due(rig: Rig, by: datetime) -> int:
    waits = (Message.state == MessageState.QUEUED) & (Message.next_attempt_at <= by)
    in_hand = Message.state.in_((MessageState.CLAIMED, MessageState.SENDING))
    counted = select(func.count()).select_from(Message).where(waits | in_hand)
    return rig.store.read(lambda tx: tx.connection.execute(counted).scalar_one())


class PoisonedGate:
    """What every text must pass, of which two kinds do harm."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def hits(self, text: str, *more: Any) -> tuple[str, ...]:
        if f"{number(DEADLY)}." in text:
            os._exit(1)
        if RAISING in text:
            raise ValueError("poison")
        return self._gate.hits(text, *more)


def main() -> None:
    logs.configure()
    with told_to_stop() as stop, wiring.open_parts(wiring.read_settings()) as parts:
        texts = parts.programme.texts
        poisoned = replace(texts, gate=cast(Gate, PoisonedGate(texts.gate)))
        wiring.run_worker(replace(parts, programme=replace(parts.programme, texts=poisoned)), stop)


if __name__ == "__main__":
    main()
