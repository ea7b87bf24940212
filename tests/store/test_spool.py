"""Nothing that was promised to a provider is lost, and nothing on disk can be read."""

import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from service.domain.message import MessageState
from service.domain.phone import Phone
from service.ports import OptOutReceived, ReceiptReceived, TextReceived, UssdEnded
from service.store.crypto import Vault
from service.store.keys import KeyRing, create, make_key
from service.store.spool import Spool, SpoolFull, SpoolUnusable
from service.store.spooled import Letter, from_text, to_text

MOMENT = datetime(2026, 11, 21, 8, tzinfo=UTC)
PHONE = Phone("+26658123456")


@pytest.fixture
def vault() -> Vault:
    return Vault(KeyRing((make_key(),)))


def drained(spool: Spool) -> list[str]:
    texts: list[str] = []

    def take(text: str) -> bool:
        texts.append(text)
        return True

    spool.drain(take)
    return texts


def test_texts_come_out_once_in_the_order_in_which_they_came(tmp_path: Path, vault: Vault) -> None:
    spool = Spool(tmp_path / "spool", vault, size=65536)
    for text in ("one", "two", "three"):
        spool.put(text)
    assert spool.count() == 3
    assert drained(spool) == ["one", "two", "three"]
    assert drained(spool) == []


def test_room_is_made_again_when_all_is_done(tmp_path: Path, vault: Vault) -> None:
    spool = Spool(tmp_path / "spool", vault, size=4096)
    for _ in range(20):
        spool.put("x" * 1000)
        spool.put("y" * 1000)
        assert drained(spool) == ["x" * 1000, "y" * 1000]


def test_a_text_without_room_is_refused_and_the_others_stay(tmp_path: Path, vault: Vault) -> None:
    spool = Spool(tmp_path / "spool", vault, size=4096)
    spool.put("kept")
    with pytest.raises(SpoolFull):
        spool.put("x" * 5000)
    assert drained(spool) == ["kept"]


def test_a_record_of_which_only_a_part_was_written_is_not_promised(tmp_path: Path, vault: Vault) -> None:
    spool = Spool(tmp_path / "spool", vault, size=65536)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    promised = []
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(OSError, match=r"No space|too large"):
            for number in range(100):
                spool.put(f"{number} " + "x" * 1000)
                promised.append(f"{number} " + "x" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert promised
    assert drained(Spool(tmp_path / "spool", vault, size=65536)) == promised


def test_what_cannot_be_handed_on_comes_first_next_time(tmp_path: Path, vault: Vault) -> None:
    spool = Spool(tmp_path / "spool", vault, size=65536)
    spool.put("one")
    spool.put("two")

    def fail(text: str) -> bool:
        raise OSError(text)

    with pytest.raises(OSError, match="one"):
        spool.drain(fail)
    assert drained(spool) == ["one", "two"]


def test_what_is_not_done_stays_and_stops_nobody(tmp_path: Path, vault: Vault) -> None:
    spool = Spool(tmp_path / "spool", vault, size=65536)
    spool.put("poison")
    spool.put("fine")
    assert spool.drain(lambda text: text == "fine") == 1
    assert drained(spool) == ["poison"]


def test_another_process_finds_what_this_one_left(tmp_path: Path, vault: Vault) -> None:
    Spool(tmp_path / "spool", vault, size=65536).put("left")
    assert drained(Spool(tmp_path / "spool", vault, size=65536)) == ["left"]


def test_a_text_that_comes_while_draining_waits_for_the_next_round(tmp_path: Path, vault: Vault) -> None:
    spool = Spool(tmp_path / "spool", vault, size=65536)
    spool.put("one")

    def answer(_: str) -> bool:
        spool.put("two")
        return True

    spool.drain(answer)
    assert drained(spool) == ["two"]


def test_a_torn_record_ends_the_file_and_does_not_hide_those_before(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / "spool"
    spool = Spool(path, vault, size=65536)
    spool.put("whole")
    torn = spool_end = path.read_bytes().rstrip(b"\0")
    spool.put("torn")
    with path.open("r+b") as file:
        file.seek(len(spool_end) + 20)
        file.write(b"\xff\xff\xff")
    assert torn
    assert drained(Spool(path, vault, size=65536)) == ["whole"]


def test_the_file_shows_no_text_and_only_its_owner_may_read_it(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / "spool"
    Spool(path, vault, size=65536).put("+26658123456 bleeding")
    content = path.read_bytes()
    assert b"58123456" not in content
    assert b"bleeding" not in content
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_refused_at_once(vault: Vault) -> None:
    with pytest.raises(SpoolUnusable):
        Spool(Path("/proc/khopotso/spool"), vault)


WRITER = """
import sys
from pathlib import Path
from service.store.crypto import Vault
from service.store.keys import load
from service.store.spool import Spool
spool = Spool(Path(sys.argv[1]), Vault(load(Path(sys.argv[2]))), size=4_000_000)
number = int(sys.argv[3])
while True:
    spool.put(f"text {number}")
    print(number, flush=True)
    number += 1
"""


def test_what_was_promised_before_kill_9_is_there_afterwards(tmp_path: Path) -> None:
    """Each line that the writer printed is a promise."""
    keys = tmp_path / "keys"
    ring = create(keys)
    promised: list[str] = []
    for round_number in range(5):
        first = round_number * 100_000
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "spool"), str(keys), str(first)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout
        lines = [writer.stdout.readline().strip() for _ in range(50)]
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        promised += [f"text {line}" for line in lines]
    found = drained(Spool(tmp_path / "spool", Vault(ring), size=4_000_000))
    assert set(promised) <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "event",
    [
        TextReceived("id-1", "+26658123456", PHONE, "Ke ikutloa 'm'e \ud800", MOMENT),
        TextReceived("id-1", "58", None, "", None),
        ReceiptReceived("p-1", "Success", MessageState.DELIVERED, PHONE, "why", True, UUID(int=7), MOMENT),
        ReceiptReceived("p-1", "Odd", None, None),
        OptOutReceived(PHONE, MOMENT),
        UssdEnded("s-1", PHONE, True, 3),
    ],
    ids=lambda event: type(event).__name__,
)
def test_every_event_survives_its_wait(
    event: TextReceived | ReceiptReceived | OptOutReceived | UssdEnded,
) -> None:
    assert from_text(to_text(Letter("africa", event))) == Letter("africa", event)
