"""A service that is locked out, killed and backed up leaves nothing readable, in no file and no answer."""

import string
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from subprocess import run
from sys import executable
from time import monotonic, sleep
from typing import Any, Final

import pytest
import requests
from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from service.actions import enrol, staff
from service.domain.people import OPERATOR, ConsentChannel, Role
from service.domain.phone import Phone
from service.store.models.messages import Attempt, Inbound
from service.store.models.people import Person
from service.store.spool import Spool
from service.store.transaction import Transaction
from tests.resilience.callers import TOKEN
from tests.resilience.flood import add_site
from tests.resilience.rig import KHOPOTSO, MONDAY_AT_TEN, Rig, Server, open_rig

PEOPLE: Final = 6
PIN: Final = "86420975"


class Canaries:
    """Words that stand nowhere else, so that wherever one is read it has leaked."""

    def __init__(self) -> None:
        chance = Random(17)
        self.words = [self._word(chance) for _ in range(3 * PEOPLE)]
        self.numbers = [f"+26658{chance.randrange(10**6):06d}" for _ in range(2 * PEOPLE)]

    def _word(self, chance: Random) -> str:
        return "".join(chance.choices(string.ascii_lowercase, k=12)).capitalize()

    def __iter__(self) -> Iterator[str]:
        yield from (*self.words, TOKEN, PIN)
        for number in self.numbers:
            yield from (number.removeprefix("+"), number.removeprefix("+266"))

    def found_in(self, content: bytes) -> list[str]:
        """Forwards and backwards, in UTF-8 and, once the zeros between the letters are gone, in UTF-16."""
        said = content.lower().replace(b"\0", b"")
        spelt = {canary: canary.lower().encode() for canary in self}
        return [canary for canary, letters in spelt.items() if letters in said or letters[::-1] in said]


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """All of its files, temporary ones too, lie in one folder."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with open_rig("", inside=tmp_path) as opened:
        yield opened


def enrol_all(rig: Rig, canaries: Canaries) -> None:
    def enrol_them(tx: Transaction) -> None:
        site = add_site(tx)
        staff.add_staff(
            tx,
            staff.NewStaff(
                canaries.words[-1], Phone(canaries.numbers[-1]), "en", frozenset({Role.MENTOR}), (site,)
            ),
        )
        for name, number in zip(canaries.words, canaries.numbers[:PEOPLE], strict=False):
            new = enrol.NewClient(
                phone=Phone(number),
                nickname=name,
                language="en",
                site_id=site,
                enrolled_on=MONDAY_AT_TEN.date(),
                consents=frozenset({ConsentChannel.SMS}),
                phone_confirmed=True,
                register_no=f"{name}-register",
            )
            last = enrol.enrol_client(tx, new)
        # Over her the service stumbles, so that there are tracebacks to be kept clean.
        tx.connection.execute(update(Person).where(Person.id == last).values(name=b"\x03bad"))

    rig.store.write(enrol_them, OPERATOR)


def everybody_writes_and_dials(server: Server, canaries: Canaries, name: str) -> None:
    for place, number in enumerate(canaries.numbers):
        assert server.door.text(f"{name}-{place}", number, canaries.words[-place]).status == 200
        assert server.door.dials(f"{name}-call-{place}", number, f"1*{PIN}").is_screen


def answers(server: Server, canaries: Canaries) -> bytes:
    """What anybody may read, and what strangers are told who bring secrets along."""
    address, number = server.door.address, canaries.numbers[0]
    asked = [requests.get(f"{address}{path}", timeout=10) for path in ("/healthz", "/readyz", "/metrics")]
    form = {"from": number, "text": canaries.words[0]}
    asked += [
        requests.post(f"{address}/hooks/africastalking/{token}/{kind}?{number}", data=form, timeout=10)
        for token, kind in (("wrong", "sms"), (TOKEN, "nothing"), (TOKEN, "receipt"), (TOKEN, "ussd-end"))
    ]
    return b"".join(answer.content + repr(answer.headers).encode() for answer in asked)


@dataclass(frozen=True)
class Thief:
    """Takes copies of everything but the key file, which is the one secret that a machine keeps."""

    of: Path
    to: Path

    def copy(self, name: str) -> None:
        """By another process: whoever opens and closes a file of SQLite gives up his own locks on it."""
        run(["cp", "--recursive", "--sparse=always", self.of, self.to / name], check=True)

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.to.rglob("*") if path.is_file() and path.name != "keys")
        return {str(path.relative_to(self.to)): path.read_bytes() for path in found}


@contextmanager
def running(rig: Rig) -> Iterator[Server]:
    server = rig.server()
    try:
        yield server
    finally:
        if server.alive:
            server.stop()


@pytest.mark.timeout(200)
def test_nothing_is_to_be_read_in_any_file_or_answer(
    rig: Rig, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    canaries, thief = Canaries(), Thief(tmp_path, tmp_path_factory.mktemp("loot"))
    enrol_all(rig, canaries)
    with running(rig) as server:
        told = answers(server, canaries)
        everybody_writes_and_dials(server, canaries, "fair")
        with rig.store.database.writing.begin():
            everybody_writes_and_dials(server, canaries, "locked")
            with closing(Spool(rig.spool, rig.store.vault)) as spool:
                assert spool.count() > 0, "the spool holds something to be searched"
            thief.copy("at work")
            server.kill()
            thief.copy("killed")
    with running(rig):
        _wait_for(rig, 2 * len(canaries.numbers), Inbound.id)
        _wait_for(rig, 1, Attempt.provider_id)
        backup = [executable, "-c", KHOPOTSO, "backup", str(tmp_path / "backup")]
        run(backup, env=rig.environment(MONDAY_AT_TEN), check=True, capture_output=True, timeout=50)
    thief.copy("stopped")
    assert canaries.found_in(told) == []
    loot = thief.files()
    assert all(name in " ".join(loot) for name in ("rig.db", "rig.db-wal", "worker.log", "inbound", "backup"))
    assert any(b"ATXid_" in content for name, content in loot.items() if "rig.db" in name)
    assert b'"error": "Tampered"' in b"".join(loot.values()), "there was something to trace back"
    for name, content in loot.items():
        assert canaries.found_in(content) == [], name


def _wait_for(rig: Rig, texts: int, known_by: InstrumentedAttribute[Any]) -> None:
    until, counted = monotonic() + 60, select(func.count(known_by))
    while rig.store.read(lambda tx: tx.connection.execute(counted).scalar_one()) < texts:
        assert monotonic() < until, "a text is missing"
        sleep(0.1)


def test_a_canary_is_found_wherever_it_sits() -> None:
    canaries = Canaries()
    for canary in canaries:
        for coding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert canaries.found_in(b"\0" + f"x{canary.upper()}y".encode(coding)) != []
