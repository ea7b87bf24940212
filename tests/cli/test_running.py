"""``run``, ``serve`` and ``worker`` as processes of their own: how they start, work and stop."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
import requests
from sqlalchemy import select

from service.actions import numbers
from service.domain.message import Address, MessageClass, MessageState, Words
from service.domain.people import OPERATOR, Wording
from service.domain.phone import Phone
from service.ports import TextReceived
from service.store import outbox
from service.store.models.messages import Inbound, Message
from service.store.spool import Spool
from service.store.spooled import Letter, to_text
from service.store.transaction import Transaction
from tests.cli.conftest import SITE, Installation
from tests.gateways.faults import Answering
from tests.gateways.stand_in import serving

ROOT = Path(__file__).parent.parent.parent
KHOPOTSO = ("-c", "from handlers.cli import main; main()")
LONGEST_START = 30
MOST_TO_STOP = 10
TOKEN = "a-token-of-enough-letters"

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)


class Process:
    """A process under way, and what it has said so far (its output and its log)."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self._listener = Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.said += line

    def wait_for(self, pattern: str) -> re.Match[str]:
        """What it says, once it says it."""
        began = monotonic()
        while monotonic() - began < LONGEST_START:
            found = re.search(pattern, self.said)
            if found:
                return found
            sleep(0.02)
        raise AssertionError(self.said)

    def ends(self, within: float = LONGEST_START) -> int:
        """Its exit code."""
        code = self._process.wait(within)
        self._listener.join()
        assert self._process.stdout
        self._process.stdout.close()
        return code

    @property
    def children(self) -> list[int]:
        """The processes that it started (Linux tells)."""
        number = self._process.pid
        return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self._process.send_signal(number)
        return self.ends(MOST_TO_STOP)

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self.ends()


@contextmanager
def started(*words: str, program: Sequence[str] = KHOPOTSO) -> Iterator[Process]:
    """With the settings of the test, which are in the environment, and with no buffer before its words."""
    process = Process([*program, *words], {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"})
    try:
        yield process
    finally:
        process.kill()


@pytest.fixture
def demonstration(installation: Installation) -> Installation:
    """Lets unsafe settings through."""
    installation.setting("DEMO", "1")
    installation.setting("SIMULATOR_WEBHOOK_TOKENS", TOKEN)
    return installation


def put_text(tx: Transaction) -> None:
    """A text that waits for a worker."""
    phone = Phone("+26658000001")
    to = Address(None, numbers.note(tx, phone), phone)
    words = Words("trial", "1", "en", Wording.T0, "Hello.", 1)
    late = tx.now.replace(year=tx.now.year + 1)
    outbox.put(tx, outbox.NewMessage(to, words, MessageClass.S, tx.now, late), "a text")


def state(installation: Installation) -> MessageState:
    with installation.store() as store:
        return store.read(lambda reading: reading.connection.execute(select(Message.state)).scalar_one())


def until(installation: Installation, wanted: MessageState, within: float) -> None:
    began = monotonic()
    while (found := state(installation)) is not wanted:
        assert monotonic() - began < within, found
        sleep(0.1)


@on_sqlite
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_and_works_and_stops_cleanly(demonstration: Installation, number: signal.Signals) -> None:
    with started("run", "--port", "0") as process:
        address = process.wait_for(r"runs on (http://127\.0\.0\.1:\d+)")[1]
        with demonstration.store() as store:
            store.write(put_text, OPERATOR)
        assert requests.get(f"{address}/readyz", timeout=10).text == "ready\n"
        until(demonstration, MessageState.ACCEPTED, within=10)
        assert process.stop(number) == 0
    assert "Traceback" not in process.said


def test_what_came_in_while_the_database_was_away_waits_for_no_worker(
    demonstration: Installation, tmp_path: Path
) -> None:
    """It lies on the machine that serves, and that is the one to take it in."""
    demonstration.setting("DATA_DIR", str(tmp_path / "data"))
    phone = Phone("+26658000001")
    text = TextReceived("in-1", phone.e164, phone, "I will be late", None)
    with (
        demonstration.store() as store,
        closing(Spool(tmp_path / "data/spool/inbound", store.vault)) as spool,
    ):
        spool.put(to_text(Letter("simulator", text)))
        with started("serve", "--port", "0") as process:
            process.wait_for(r"serves on (\S+)")
            began = monotonic()
            while not (
                came := store.read(lambda tx: tx.connection.scalars(select(Inbound.external_id)).all())
            ):
                assert monotonic() - began < LONGEST_START, process.said
                sleep(0.1)
            assert process.stop() == 0
        assert (came, spool.count()) == (["in-1"], 0)


@on_sqlite
def test_the_secret_of_a_webhook_is_in_no_log(demonstration: Installation) -> None:
    with started("run", "--port", "0") as process:
        address = process.wait_for(r"runs on (\S+)")[1]
        hooks = f"{address}/hooks/simulator/{TOKEN}"
        form = {"sessionId": "1", "serviceCode": "*123#", "phoneNumber": "+26658000001", "text": ""}
        assert requests.post(f"{hooks}/ussd", data=form, timeout=10).text.startswith("CON ")
        assert requests.post(f"{hooks}/sms", data={"from": "nobody"}, timeout=10).status_code == 200
        assert requests.post(f"{hooks}/other", timeout=10).status_code == 404
        assert process.stop() == 0
    assert TOKEN not in process.said
    assert "58000001" not in process.said


@on_sqlite
def test_a_port_in_use_is_one_sentence(demonstration: Installation) -> None:
    with started("run", "--port", "0") as first:
        port = first.wait_for(r"runs on http://127\.0\.0\.1:(\d+)")[1]
        with started("run", "--port", port) as second:
            assert second.ends() == 1
        assert second.said.startswith(f"Error: Port {port} is in use")
        assert second.said.count("\n") == 1
        assert first.stop() == 0


@on_sqlite
@pytest.mark.parametrize("command", ["run", "serve", "worker"])
def test_unsafe_settings_refuse_to_start(installation: Installation, command: str) -> None:
    with started(command) as process:
        assert process.ends() == 1
    assert "KHOPOTSO_TRANSPORT_NUMBER" in process.said
    assert "Nobody is on call" in process.said
    assert "khopotso plans approve" in process.said


@on_sqlite
def test_safe_settings_start_without_demo(installation: Installation) -> None:
    installation.setting("TRANSPORT_NUMBER", "0000")
    installation.setting("UNAPPROVED_PLANS", "allow")
    installation.good(
        "staff", "add", "Lineo", "--phone", "58000002", "--role", "coordinator", "--site", SITE, "--on-call"
    )
    with started("worker") as process:
        process.wait_for("worker started")
        assert process.stop() == 0


def test_a_text_that_waited_leaves_within_five_seconds_of_the_start(demonstration: Installation) -> None:
    with demonstration.store() as store:
        store.write(put_text, OPERATOR)
    with started("worker") as process:
        process.wait_for("worker started")
        until(demonstration, MessageState.ACCEPTED, within=5)
        assert process.stop() == 0


@on_sqlite
def test_nothing_leaves_while_it_is_paused(demonstration: Installation) -> None:
    with started("worker") as process:
        process.wait_for("worker started")
        demonstration.good("pause", "--gateway", "simulator")
        with demonstration.store() as store:
            store.write(put_text, OPERATOR)
        sleep(5)
        assert state(demonstration) is MessageState.QUEUED
        demonstration.good("resume", "--gateway", "simulator")
        until(demonstration, MessageState.ACCEPTED, within=10)
        assert process.stop() == 0


@on_sqlite
@pytest.mark.parametrize("program", [(*KHOPOTSO, "worker"), ("-m", "scheduler")], ids=["khopotso", "module"])
def test_a_worker_that_is_told_to_stop_finishes_the_text_in_its_hands(
    demonstration: Installation, program: tuple[str, ...]
) -> None:
    with serving(lambda _: Answering(after_s=3)) as provider, demonstration.store() as store:
        demonstration.setting("GATEWAYS", "africastalking")
        demonstration.setting("AFRICASTALKING_USERNAME", "demo")
        demonstration.setting("AFRICASTALKING_API_KEY", "key")
        demonstration.setting("AFRICASTALKING_BASE_URL", provider.url)
        store.write(put_text, OPERATOR)
        with started(program=program) as process:
            until(demonstration, MessageState.SENDING, within=LONGEST_START)
            assert process.stop() == 0
    assert state(demonstration) is MessageState.ACCEPTED
    assert len(provider.accepted) == 1


@on_sqlite
def test_a_worker_does_not_wait_for_ever_for_a_provider(demonstration: Installation) -> None:
    with serving(lambda _: Answering(after_s=60)) as provider, demonstration.store() as store:
        demonstration.setting("GATEWAYS", "africastalking")
        demonstration.setting("AFRICASTALKING_USERNAME", "demo")
        demonstration.setting("AFRICASTALKING_API_KEY", "key")
        demonstration.setting("AFRICASTALKING_BASE_URL", provider.url)
        store.write(put_text, OPERATOR)
        with started("worker") as process:
            until(demonstration, MessageState.SENDING, within=LONGEST_START)
            process.stop()
    assert state(demonstration) in (MessageState.SENDING, MessageState.UNKNOWN)


@on_postgresql
def test_on_postgresql_several_processes_share_the_port(demonstration: Installation) -> None:
    with started("serve", "--port", "0", "--workers", "2") as process:
        address = process.wait_for(r"serves on (\S+)")[1]
        for _ in range(20):
            assert requests.get(f"{address}/readyz", timeout=LONGEST_START).status_code == 200
        assert process.stop() == 0
    assert "Traceback" not in process.said


@on_postgresql
def test_where_one_process_ends_all_do_so_that_it_is_noticed(demonstration: Installation) -> None:
    with started("serve", "--port", "0", "--workers", "2") as process:
        address = process.wait_for(r"serves on (\S+)")[1]
        assert requests.get(f"{address}/readyz", timeout=LONGEST_START).status_code == 200
        os.kill(process.children[0], signal.SIGKILL)
        assert process.ends(MOST_TO_STOP) == 1
    assert "A process that served has ended" in process.said


@on_postgresql
def test_nobody_goes_on_serving_when_the_first_process_is_killed(demonstration: Installation) -> None:
    with started("serve", "--port", "0", "--workers", "2") as process:
        address = process.wait_for(r"serves on (\S+)")[1]
        assert requests.get(f"{address}/readyz", timeout=LONGEST_START).status_code == 200
        process.kill()  # returns once nobody holds its output any more
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/readyz", timeout=10)


@on_sqlite
def test_on_sqlite_workers_are_threads(demonstration: Installation) -> None:
    with started("serve", "--port", "0", "--workers", "3") as process:
        address = process.wait_for(r"serves on (\S+)")[1]
        assert requests.get(f"{address}/healthz", timeout=10).text == "ok\n"
        assert process.stop() == 0
    assert "worker started" not in process.said
