"""Real worker processes against the stand-in provider, killed and starved; the oracle's log decides."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import func, select

from config.clock import RealClock
from service.domain.message import MessageState
from service.store import database
from service.store.crypto import Vault
from service.store.keys import load
from service.store.models.messages import Attempt, Message
from service.store.store import Store
from tests.gateways.stand_in import StandIn

MONDAY_AT_TEN: Final = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Ten in the morning in Lesotho: a safe hour on a safe day."""

SETTLED: Final = frozenset(
    {
        MessageState.ACCEPTED,
        MessageState.SENT,
        MessageState.DELIVERED,
        MessageState.UNDELIVERED,
        MessageState.EXPIRED,
        MessageState.FAILED,
        MessageState.CANCELLED,
        MessageState.UNKNOWN,
    }
)


@dataclass(frozen=True)
class Verdict:
    """What the oracle's log and the database say together. ``lost`` and ``doubled`` must be nothing."""

    messages: int
    accepted: int
    lost: int
    doubled: int
    most_copies: int
    unknown: int
    kills: int
    seconds: float
    states: Mapping[str, int] = field(default_factory=dict)


class Rig:
    """One database, one stand-in, any number of workers."""

    def __init__(self, folder: Path, url: str, keys: Path, stand_in: StandIn, rate: float = 1000) -> None:
        self.folder, self.url, self.stand_in = folder, url, stand_in
        self.store = Store(database.connect(url), Vault(load(keys)), RealClock())
        self._keys, self._rate = keys, rate
        self._log = (folder / "worker.log").open("ab")

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KHOPOTSO_DEMO": "1",
            "KHOPOTSO_CLOCK": MONDAY_AT_TEN.isoformat(),
            "KHOPOTSO_DATABASE_URL": self.url,
            "KHOPOTSO_DATA_DIR": str(self.folder),
            "KHOPOTSO_KEY_FILE": str(self._keys),
            "KHOPOTSO_GATEWAYS": "africastalking",
            "KHOPOTSO_DAILY_TEXT_CAP": "0",
            "KHOPOTSO_AFRICASTALKING_USERNAME": "rig",
            "KHOPOTSO_AFRICASTALKING_API_KEY": "rig",
            "KHOPOTSO_AFRICASTALKING_BASE_URL": self.stand_in.url,
            "KHOPOTSO_AFRICASTALKING_TPS": str(self._rate),
        }

    def worker(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "scheduler"],
            env=self.environment(),
            stdout=self._log,
            stderr=self._log,
        )

    def states(self) -> Counter[MessageState]:
        rows = self.store.read(
            lambda reading: reading.connection.execute(
                select(Message.state, func.count()).group_by(Message.state)
            ).all()
        )
        return Counter({state: count for state, count in rows})

    def unsettled(self) -> int:
        return sum(count for state, count in self.states().items() if state not in SETTLED)

    def verdict(self, kills: int, began: float) -> Verdict:
        copies = Counter(sent.number for sent in self.stand_in.accepted)
        unknown, numbers = self._numbers()
        lost = sum(
            copies[number] == 0 for number, state in numbers.items() if state is not MessageState.UNKNOWN
        )
        doubled = sum(count > 1 for number, count in copies.items() if number not in unknown)
        states = self.states()
        return Verdict(
            messages=len(numbers),
            accepted=len(self.stand_in.accepted),
            lost=lost,
            doubled=doubled,
            most_copies=max(copies.values(), default=0),
            unknown=len(unknown),
            kills=kills,
            seconds=round(time.monotonic() - began, 1),
            states={state.value: count for state, count in sorted(states.items())},
        )

    def _numbers(self) -> tuple[set[str], dict[str, MessageState]]:
        """Numbers with an attempt of which nobody knows, and every number with the state of its message."""
        rows = self.store.read(
            lambda reading: reading.connection.execute(select(Message.id, Message.body, Message.state)).all()
        )
        ambiguous = set(
            self.store.read(
                lambda reading: reading.connection.scalars(
                    select(Attempt.message_id).where(
                        Attempt.outcome.is_(None) | (Attempt.outcome == "unknown")
                    )
                ).all()
            )
        )
        vault = self.store.vault
        texts = {row.id: (vault.open(Message.body, row.id, row.body), row.state) for row in rows}
        by_number = {_number_in(text): (message, state) for message, (text, state) in texts.items()}
        return (
            {number for number, (message, _) in by_number.items() if message in ambiguous},
            {number: state for number, (_, state) in by_number.items()},
        )

    def close(self) -> None:
        self.store.close()
        self._log.close()


def _number_in(text: str) -> str:
    return text.split("number ")[1].split(".")[0]


def kill(process: "subprocess.Popen[bytes]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def kill_until_done(rig: Rig, kills: int, random: Random, workers: int = 1, patience: float = 900) -> int:
    """Kill workers at random moments, ``kills`` times, and let the last ones finish; how many were killed."""
    running = [rig.worker() for _ in range(workers)]
    killed = 0
    while killed < kills:
        time.sleep(random.uniform(1.2, 2.6))
        victim = random.randrange(workers)
        kill(running[victim])
        killed += 1
        running[victim] = rig.worker()
    deadline = time.monotonic() + patience
    while rig.unsettled() and time.monotonic() < deadline:
        time.sleep(1)
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)
    return killed
