"""Real worker processes against the stand-in provider, killed and starved; the oracle's log decides."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from service.domain.message import MessageState
from service.reports.deliveries import deliveries
from service.store import database, keys
from service.store.crypto import Vault
from service.store.models.messages import Attempt, Message
from service.store.store import Store
from tests.gateways.faults import OK, Choose
from tests.gateways.stand_in import StandIn, serving
from tests.resilience.callers import TOKEN, Door
from tests.resilience.flood import TEXT_ID
from tests.resilience.outcome import Figures
from tests.worker.village import HandClock

MONDAY_AT_TEN: Final = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Ten in the morning in Lesotho: a safe hour on a safe day."""

LONG_AGO, FAR_OFF = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

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


NOT_SENT: Final = frozenset({MessageState.UNKNOWN, MessageState.FAILED, MessageState.CANCELLED})
"""What nobody claims to have sent."""

KHOPOTSO: Final = "from handlers.cli import main; main()"


@dataclass(frozen=True)
class Server:
    """A web server that runs, and the door to it."""

    process: "subprocess.Popen[bytes]"
    door: Door

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        kill(self.process)
        self._close()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self._close()

    def _close(self) -> None:
        assert self.process.stdout
        self.process.stdout.close()


class DoesNotStart(Exception):
    """The service ended before it listened; why stands in its log."""


@dataclass(frozen=True)
class Verdict:
    """What the oracle's log and the database say together.

    ``lost``, ``doubled`` and ``hidden`` (unknown, and not in the report that staff read) must be nothing.
    ``unknown`` are messages with an attempt of which nobody knows, though a later one may have arrived.
    """

    messages: int
    accepted: int
    kills: int
    lost: int
    doubled: int
    unknown: int
    hidden: int
    most_copies: int
    seconds: float
    states: Mapping[str, int] = field(default_factory=dict)

    @property
    def given_up(self) -> int:
        """Messages that nobody claims to have sent, and nobody will send."""
        return self.states.get("failed", 0) + self.states.get("cancelled", 0)

    @property
    def figures(self) -> Figures:
        return asdict(self)


class Rig:
    """One database, one stand-in, any number of workers."""

    def __init__(self, folder: Path, url: str, key_file: Path, stand_in: StandIn, rate: float = 1000) -> None:
        self.folder, self.url, self.stand_in = folder, url, stand_in
        self.data = folder
        self.store = Store(database.connect(url), Vault(keys.load(key_file)), HandClock(MONDAY_AT_TEN))
        self._keys, self._rate = key_file, rate
        self._log = (folder / "worker.log").open("ab")

    @property
    def spool(self) -> Path:
        return self.data / "spool" / "inbound"

    def environment(self, clock: datetime) -> dict[str, str]:
        return {
            **os.environ,
            "KHOPOTSO_DEMO": "1",
            "KHOPOTSO_CLOCK": clock.isoformat(),
            "KHOPOTSO_DATABASE_URL": self.url,
            "KHOPOTSO_DATA_DIR": str(self.data),
            "KHOPOTSO_KEY_FILE": str(self._keys),
            "KHOPOTSO_GATEWAYS": "africastalking",
            "KHOPOTSO_DAILY_TEXT_CAP": "0",
            "KHOPOTSO_AFRICASTALKING_USERNAME": "rig",
            "KHOPOTSO_AFRICASTALKING_API_KEY": "rig",
            "KHOPOTSO_AFRICASTALKING_BASE_URL": self.stand_in.url,
            "KHOPOTSO_AFRICASTALKING_TPS": str(self._rate),
            "KHOPOTSO_AFRICASTALKING_WEBHOOK_TOKENS": TOKEN,
        }

    def worker(self, clock: datetime = MONDAY_AT_TEN) -> "subprocess.Popen[bytes]":
        return self.process("-m", "scheduler", clock=clock)

    def process(self, *words: str, clock: datetime = MONDAY_AT_TEN) -> "subprocess.Popen[bytes]":
        """A process of Python's with the settings of this rig."""
        return subprocess.Popen(
            [sys.executable, *words], env=self.environment(clock), stdout=self._log, stderr=self._log
        )

    def server(self, command: str = "run", clock: datetime = MONDAY_AT_TEN) -> "Server":
        """``run`` is web and worker in one process, ``serve`` the web alone; it listens when this returns."""
        process = subprocess.Popen(
            [sys.executable, "-c", KHOPOTSO, command, "--port", "0"],
            env=self.environment(clock),
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        assert process.stdout
        said = process.stdout.readline().decode()
        if "http" not in said:
            process.stdout.close()
            raise DoesNotStart(process.wait())
        return Server(process, Door(next(word for word in said.split() if word.startswith("http"))))

    def begun(self) -> int:
        """How many workers have said that they work."""
        return (self.folder / "worker.log").read_text("utf-8").count('"worker started"')

    def states(self) -> Counter[MessageState]:
        rows = self.store.read(
            lambda reading: reading.connection.execute(
                select(Message.state, func.count()).group_by(Message.state)
            ).all()
        )
        return Counter({state: count for state, count in rows})

    def unsettled(self) -> int:
        return sum(count for state, count in self.states().items() if state not in SETTLED)

    def copies(self) -> Counter[str]:
        """How many copies of the text to each number the provider took."""
        return Counter(sent.number for sent in self.stand_in.accepted)

    def verdict(self, kills: int, began: float) -> Verdict:
        copies = self.copies()
        unknown, numbers = self.numbers()
        lost = sum(copies[number] == 0 for number, state in numbers.items() if state not in NOT_SENT)
        doubled = sum(count > 1 for number, count in copies.items() if number not in unknown)
        states = self.states()
        return Verdict(
            messages=len(numbers),
            accepted=len(self.stand_in.accepted),
            kills=kills,
            lost=lost,
            doubled=doubled,
            unknown=len(unknown),
            hidden=states[MessageState.UNKNOWN] - self._shown(),
            most_copies=max(copies.values(), default=0),
            seconds=round(time.monotonic() - began, 1),
            states={state.value: count for state, count in sorted(states.items())},
        )

    def _shown(self) -> int:
        """How many unknown messages stand in the report that staff read."""
        rows = self.store.read(lambda reading: deliveries(reading, LONG_AGO, FAR_OFF))
        return sum(row.state is MessageState.UNKNOWN for row in rows)

    def numbers(self) -> tuple[set[str], dict[str, MessageState]]:
        """Numbers with an attempt of which nobody knows, and every number with the state of its message."""
        poured = select(Message.id, Message.body, Message.state).where(Message.text_id == TEXT_ID)
        rows = self.store.read(lambda reading: reading.connection.execute(poured).all())
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


def finish(rig: Rig, running: "list[subprocess.Popen[bytes]]", patience: float = 900) -> None:
    """Wait until every message has come to rest, and stop the workers."""
    deadline = time.monotonic() + patience
    while rig.unsettled() and time.monotonic() < deadline:
        time.sleep(0.5)
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


@contextmanager
def open_rig(url: str, choose: Choose = OK, rate: float = 1000, inside: Path | None = None) -> Iterator[Rig]:
    """A migrated database at ``url`` (a new SQLite file where it is empty), keys and a stand-in.

    The folder for all files is made ``inside`` another; the machine's own for temporary files is usual.
    """
    with tempfile.TemporaryDirectory(prefix="khopotso-rig-", dir=inside) as made, serving(choose) as stand_in:
        folder = Path(made)
        keys.create(folder / "keys")
        address = url or f"sqlite:///{folder / 'rig.db'}"
        database.upgrade(address)
        rig = Rig(folder, address, folder / "keys", stand_in, rate)
        try:
            yield rig
        finally:
            rig.close()
