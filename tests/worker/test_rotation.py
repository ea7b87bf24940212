"""The key is changed under a service at work, whoever is killed meanwhile, and the old one opens nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from handlers import sms
from service.actions import credentials, numbers, reindexing, rotation, staff
from service.actions.credentials import CredentialKind
from service.actions.rotation import Installation, InUse
from service.domain.message import MessageState
from service.domain.people import OPERATOR
from service.domain.phone import Phone
from service.ports import Cumulative, ReceiptReceived, UssdTurn
from service.store import audit_seals, database, keys, sessions
from service.store.crypto import Tampered, Vault
from service.store.database import DatabaseUnusable
from service.store.erasures import Erasures, erase
from service.store.keys import LOOK_EVERY, KeyFile, KeyFileError, KeyRing
from service.store.models.columns import INDEXED, Row
from service.store.models.messages import Message, Receipt, UssdSession
from service.store.models.people import Client, PhoneNumber
from service.store.resealing import sealed_columns
from service.store.store import Store
from tests.worker.village import MONDAY, Village, at, open_village

WOMEN = tuple(f"+2665810{number:04d}" for number in range(4))
STRANGER, MENTOR, UNHEARD_OF = "+26658190001", "+26658100050", "+26658190002"
on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
Plain = dict[tuple[str, str, UUID], str]


@dataclass(frozen=True)
class House:
    """A service at work, and the same database with a key file that may change."""

    village: Village
    here: Installation

    @property
    def store(self) -> Store:
        return self.here.store

    def rotate(self) -> None:
        rotation.prepare(self.here)
        rotation.rotate(self.here, lambda _: None)

    def with_newest_alone(self) -> Store:
        return Store(self.store.database, Vault(KeyRing((self.here.file.ring().newest,))), self.village.clock)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with open_village(database_url, at(MONDAY, "10:00")) as village:
        keys.create(tmp_path / "keys", village.store.vault.ring)
        file = KeyFile(tmp_path / "keys")
        with Store(database.connect(database_url), Vault(file), village.clock) as store:
            store.prove_keys()
            erasures = Erasures(tmp_path / "erasures", store.vault)
            live(village, erasures)
            here = Installation(store, file, erasures, lambda: sleep(2 * LOOK_EVERY), OPERATOR)
            yield House(village, here)


def live(village: Village, erasures: Erasures) -> None:
    """Everything that is sealed or indexed."""
    mentor = village.staff("Palesa", MENTOR)
    for place, phone in enumerate(WOMEN):
        woman = village.woman(phone, f"Thato {place}", mentor_id=mentor, register_no=f"R-{place}")
        village.put(person=woman, phone=phone)
    village.dispatch()
    village.texts("who are you", STRANGER)
    for phone in (WOMEN[0], STRANGER):
        village.dials(UssdTurn(f"s-{phone}", Phone(phone), "*1#", Cumulative("")))
    village.receipt(village.gateway.sent[0], MessageState.DELIVERED)
    sms.take(village.parts, "fake", ReceiptReceived("unheard-of", "w", MessageState.SENT, Phone(UNHEARD_OF)))
    village.clock.moment += 2 * sessions.RESUMES_WITHIN
    gone = village.woman("+26658180001", "Gone")
    village.store.write(lambda tx: erase(tx, erasures, gone), OPERATOR)
    village.store.write(audit_seals.seal, OPERATOR)


def plain(store: Store) -> Plain:
    """Every sealed text, opened with the keys of this store."""
    classes = {mapper.local_table: mapper.class_ for mapper in Row.registry.mappers}
    found: Plain = {}
    for table, columns in sealed_columns():
        for column in columns:
            sealed = select(table.c.id, column).where(column.is_not(None))
            for row_id, value in store.read(lambda tx, sealed=sealed: tx.connection.execute(sealed).all()):  # type: ignore[misc]
                place = getattr(classes[table], column.key)
                found[table.name, column.key, row_id] = store.vault.open(place, row_id, value)
    return found


def insist_on_newest(house: House, before: Plain) -> None:
    """Everything reads as before, and is found, with nothing but the newest key."""
    with house.with_newest_alone() as store:
        _insist(house, store, before)


def _insist(house: House, store: Store, before: Plain) -> None:
    assert plain(store) == before
    for phone in (*WOMEN, STRANGER, MENTOR):
        assert store.read(lambda tx, phone=phone: numbers.find(tx, Phone(phone))), phone  # type: ignore[misc]
    assert store.read(lambda tx: staff.find_staff(tx, "palesa"))
    register = store.vault.index("register", "R-3")
    assert store.read(
        lambda tx: tx.connection.scalar(select(Client.id).where(Client.register_index == register))
    )
    known = {store.vault.index("phone", phone) for phone in (*WOMEN, STRANGER, MENTOR)}
    for index in (Message.phone_index, UssdSession.phone_index):
        assert set(store.read(lambda tx, index=index: tx.connection.scalars(select(index)).all())) <= known  # type: ignore[misc]
    receipts = store.read(lambda tx: tx.connection.scalars(select(Receipt.phone_index)).all())
    assert receipts.count(None) == 1, "of a number that nobody noted"
    assert set(receipts) - {None} <= known
    checked = store.read(audit_seals.check)
    assert (checked.seals, checked.wrong) == (1, ())
    assert len(Erasures(house.here.erasures.path, store.vault).read()) == 1


def test_everything_is_sealed_and_found_with_the_new_key_alone(house: House) -> None:
    before = plain(house.store)
    assert len(before) > 20
    old = house.here.file.ring().newest
    house.rotate()
    assert [key.id for key in house.here.file.ring().keys][1:] == [old.id]
    insist_on_newest(house, before)
    assert not rotation.is_prepared(house.here), "the next one begins anew"


@on_sqlite
def test_what_is_put_between_two_rotations_is_of_the_last(house: House) -> None:
    house.rotate()
    house.rotate()
    assert len(house.here.file.ring().keys) == 3
    insist_on_newest(house, plain(house.store))


def test_every_index_is_made_anew() -> None:
    indexed = {
        (table.name, column.name)
        for table in Row.metadata.sorted_tables
        for column in table.columns
        if column.info == INDEXED
    }
    assert indexed == reindexing.COLUMNS


HANGS = """
import sys, time
from datetime import datetime
from pathlib import Path
from config.clock import DemoClock
from service.actions import rotation
from service.domain.people import OPERATOR
from service.store import keys
from service.store.crypto import Tampered, Vault
from service.store.database import connect
from service.store.erasures import Erasures
from service.store.store import Store

url, key_file, erasures, moment, place = sys.argv[1:]
places = iter(range(99))

def settle():
    hang_at(f"settling {next(places)}")
    time.sleep(0.5)

def hang_at(reached):
    if reached == place:
        print("here", flush=True)
        time.sleep(60)

file = keys.KeyFile(Path(key_file))
with Store(connect(url), Vault(file), DemoClock(datetime.fromisoformat(moment))) as store:
    store.prove_keys()
    here = rotation.Installation(store, file, Erasures(Path(erasures), store.vault), settle, OPERATOR)
    rotation.prepare(here)
    hang_at("prepared")
    rotation.rotate(here, lambda done: hang_at("sealing" if done > 10 else ""))
"""


@pytest.mark.parametrize("place", ["prepared", "settling 1", "sealing"])
def test_a_rotation_that_is_killed_is_finished_by_the_next(house: House, place: str) -> None:
    before, here = plain(house.store), house.here
    url = house.store.database.url.render_as_string(hide_password=False)
    given = (url, here.file.path, here.erasures.path, house.village.clock.moment.isoformat(), place)
    words = [sys.executable, "-c", HANGS, *map(str, given)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"here\n"
        os.kill(process.pid, signal.SIGKILL)
    sleep(2 * LOOK_EVERY)
    assert plain(house.store) == before, "whatever is done is read, and what is not"
    assert all(house.store.read(lambda tx, phone=phone: numbers.find(tx, Phone(phone))) for phone in WOMEN)  # type: ignore[misc]
    assert rotation.is_prepared(here)
    rotation.rotate(here, lambda _: None)
    assert len(here.file.ring().keys) == 2
    insist_on_newest(house, before)


def test_whoever_works_meanwhile_notices_nothing(house: House, database_url: str) -> None:
    """Another process with the same key file looks numbers up and notes new ones all the time."""
    enough = Event()
    with Store(
        database.connect(database_url), Vault(KeyFile(house.here.file.path)), house.village.clock
    ) as other:
        other.prove_keys()

        def work() -> int:
            count = 0
            while not enough.is_set():
                for phone in (*WOMEN, f"+266582{count:05d}"):
                    other.write(lambda tx, phone=phone: numbers.note(tx, Phone(phone)), OPERATOR)  # type: ignore[misc]
                count += 1
            return count

        before = count_numbers(house.store)
        with ThreadPoolExecutor(1) as thread:
            working = thread.submit(work)
            try:
                house.rotate()
            finally:
                enough.set()
            noted = working.result()
    assert noted > 5
    assert count_numbers(house.store) == before + noted, "no number stands there twice"
    rotation.renew(house.here, lambda _: None)
    assert house.store.read(rotation.in_use).values == 0


def count_numbers(store: Store) -> int:
    return store.read(
        lambda tx: tx.connection.execute(select(func.count()).select_from(PhoneNumber)).scalar_one()
    )


@on_sqlite
def test_whoever_lacks_the_new_key_writes_nothing_until_he_has_it(house: House, tmp_path: Path) -> None:
    """He would not find what others write, and would write it again."""
    copy = tmp_path / "copy"
    keys.create(copy, house.here.file.ring())
    url = house.store.database.url.render_as_string(hide_password=False)
    with Store(database.connect(url), Vault(KeyFile(copy)), house.village.clock) as elsewhere:
        elsewhere.prove_keys()
        house.rotate()
        with pytest.raises(DatabaseUnusable, match="Copy the newest key file"):
            elsewhere.write(lambda tx: numbers.note(tx, Phone(WOMEN[0])), OPERATOR)
        keys.replace(copy, house.here.file.ring())
        sleep(2 * LOOK_EVERY)
        elsewhere.write(lambda tx: numbers.note(tx, Phone(WOMEN[0])), OPERATOR)


def test_a_key_that_is_removed_opens_nothing_and_is_not_missed(house: House) -> None:
    before = plain(house.store)
    old = house.here.file.ring().newest
    house.rotate()
    rotation.remove(house.here, old.id)
    assert house.here.file.ring().ids == {house.here.file.ring().newest.id}
    house.store.prove_keys()
    insist_on_newest(house, before)
    with pytest.raises(KeyFileError):
        Vault(KeyRing((old,))).unwrap("spool", house.store.vault.wrap("spool", "text"))


@on_sqlite
def test_pins_from_before_the_rotation_work_and_are_counted(house: House) -> None:
    person = house.store.read(lambda tx: staff.find_staff(tx, "Palesa"))
    assert person

    def pin_works(pin: str) -> bool:
        verifier = house.store.read(lambda tx: credentials.verifier_of(tx, person, CredentialKind.PIN))
        assert verifier
        return credentials.matches(house.store.vault, CredentialKind.PIN, verifier, pin)

    pin = house.store.write(lambda tx: credentials.give(tx, person, CredentialKind.PIN), OPERATOR)
    house.rotate()
    assert pin_works(pin)
    assert house.store.read(rotation.in_use) == InUse(values=0, secrets=1)
    house.village.clock.moment += timedelta(minutes=1)
    anew = house.store.write(lambda tx: credentials.give(tx, person, CredentialKind.PIN), OPERATOR)
    assert house.store.read(rotation.in_use) == InUse(values=0, secrets=0)
    rotation.remove(house.here, house.here.file.ring().keys[-1].id)
    assert pin_works(anew)


@on_sqlite
def test_a_value_that_was_tampered_with_stops_the_rotation_and_loses_nothing(house: House) -> None:
    first, second = house.village.rows(PhoneNumber.id, PhoneNumber.number)[:2]
    swap = update(PhoneNumber).where(PhoneNumber.id == first.id).values(number=second.number)
    house.store.write(lambda tx: tx.connection.execute(swap), OPERATOR)
    with pytest.raises(Tampered):
        house.rotate()
    back = update(PhoneNumber).where(PhoneNumber.id == first.id).values(number=first.number)
    house.store.write(lambda tx: tx.connection.execute(back), OPERATOR)
    before = plain(house.store)
    rotation.rotate(house.here, lambda _: None)
    insist_on_newest(house, before)
