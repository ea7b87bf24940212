"""The one seam: what is written, what is undone, what a reader sees."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from service.domain.people import OPERATOR, SYSTEM
from service.store import database
from service.store.crypto import Vault
from service.store.database import DatabaseUnusable
from service.store.keys import Key, KeyRing, make_key
from service.store.models.operations import AuditRow, Counter, KeyCheck
from service.store.models.people import District
from service.store.store import Store
from service.store.transaction import Reading, Transaction
from tests.worker.village import MONDAY, HandClock, at


def districts(reading: Reading) -> set[str]:
    return set(reading.connection.scalars(select(District.name)))


def test_what_an_action_wrote_is_there(store: Store) -> None:
    store.write(lambda tx: tx.add(District, name="Berea"), OPERATOR)
    assert store.read(districts) == {"Berea"}


def test_an_action_that_raises_leaves_nothing(store: Store) -> None:
    def half(tx: Transaction) -> None:
        tx.add(District, name="Berea")
        raise ValueError

    with pytest.raises(ValueError):
        store.write(half, OPERATOR)
    assert store.read(districts) == set()


def test_a_row_is_added_once_per_key(store: Store) -> None:
    assert store.write(lambda tx: tx.add_once(District, name="Berea"), OPERATOR)
    assert not store.write(lambda tx: tx.add_once(District, name="Berea"), OPERATOR)


def test_two_who_add_the_same_row_at_once_add_it_once(store: Store) -> None:
    def add(_: int) -> bool:
        return store.write(lambda tx: tx.add_once(District, name="Berea"), OPERATOR)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(add, range(40))) == 1


def test_every_write_names_its_actor(store: Store) -> None:
    store.write(lambda tx: tx.audit("add", "district"), OPERATOR)
    assert store.read(lambda reading: reading.connection.scalars(select(AuditRow.actor)).all()) == [
        "operator"
    ]


def test_time_comes_from_the_clock_and_stands_still_within_an_action(store: Store, clock: HandClock) -> None:
    def twice(tx: Transaction) -> tuple[datetime, datetime]:
        first = tx.now
        clock.moment = at(MONDAY, "11:00")
        return first, tx.now

    assert store.write(twice, SYSTEM) == (at(MONDAY, "10:00"), at(MONDAY, "10:00"))


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="time zone"):
        store.write(
            lambda tx: tx.connection.execute(update(AuditRow).values(recorded_at=datetime(2026, 11, 23, 10))),
            SYSTEM,
        )


def test_a_question_sees_one_state_however_long_it_takes(store: Store) -> None:
    asked, written = threading.Event(), threading.Event()

    def ask_twice(reading: Reading) -> tuple[set[str], set[str]]:
        first = districts(reading)
        asked.set()
        written.wait(5)
        return first, districts(reading)

    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(store.read, ask_twice)
        assert asked.wait(5)
        store.write(lambda tx: tx.add(District, name="Berea"), OPERATOR)
        written.set()
        assert answer.result() == (set(), set())


def test_a_question_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError):
        store.read(
            lambda reading: reading.connection.execute(insert(District).values(id=UUID(int=1), name="Berea"))
        )
    assert store.read(districts) == set()


def test_an_error_shows_no_value_that_was_to_be_written(store: Store) -> None:
    store.write(lambda tx: tx.add(District, name="Berea-secret"), OPERATOR)
    with pytest.raises(DBAPIError) as raised:
        store.write(lambda tx: tx.add(District, name="Berea-secret"), OPERATOR)
    assert "[SQL parameters hidden" in str(raised.value)


def test_whoever_is_refused_in_a_deadlock_comes_again(postgresql_url: str, vault: Vault) -> None:
    opened = Store(database.connect(postgresql_url), vault, HandClock(at(MONDAY, "10:00")))
    for name in ("a", "b"):
        opened.write(lambda tx, name=name: tx.add_once(Counter, name=name, day=MONDAY, count=0), SYSTEM)  # type: ignore[misc]
    both_hold_one = threading.Barrier(2, timeout=5)
    runs: list[str] = []

    def add_to(first: str, second: str) -> None:
        def action(tx: Transaction) -> None:
            runs.append(first)
            _grow(tx, first)
            if len(runs) <= 2:
                both_hold_one.wait()
            _grow(tx, second)

        opened.write(action, SYSTEM)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(add_to, "a", "b"), threads.submit(add_to, "b", "a")]:
            done.result()
    counts = opened.read(lambda reading: reading.connection.scalars(select(Counter.count)).all())
    opened.close()
    assert counts == [2, 2]
    assert len(runs) > 2  # whoever comes again quickly may be refused once more


def _grow(tx: Transaction, name: str) -> None:
    tx.connection.execute(update(Counter).where(Counter.name == name).values(count=Counter.count + 1))


# --- does the key file fit the database? ------------------------------------------------------------------


def reopened(store: Store, ring: KeyRing) -> Store:
    return Store(
        database.connect(store.database.url.render_as_string(hide_password=False)), Vault(ring), store.clock
    )


def test_the_key_file_that_the_database_knows_fits(store: Store) -> None:
    with reopened(store, store.vault.ring) as again:
        again.prove_keys()


def test_the_key_file_of_another_database_is_refused(store: Store) -> None:
    with (
        reopened(store, KeyRing((make_key(),))) as again,
        pytest.raises(DatabaseUnusable, match="does not belong"),
    ):
        again.prove_keys()


def test_a_key_of_the_same_name_with_other_bytes_is_refused(store: Store) -> None:
    stranger = make_key()
    impostor = Key(store.vault.ring.newest.id, stranger.data, stranger.index)
    with reopened(store, KeyRing((impostor,))) as again, pytest.raises(DatabaseUnusable, match="not the one"):
        again.prove_keys()


def test_a_newer_key_is_noted_beside_the_old_one(store: Store) -> None:
    with reopened(store, KeyRing((make_key(), store.vault.ring.newest))) as again:
        again.prove_keys()
        again.prove_keys()
        assert again.read(lambda reading: len(reading.connection.execute(select(KeyCheck)).all())) == 2


def test_two_processes_that_start_at_once_both_start(database_url: str, vault: Vault) -> None:
    stores = [Store(database.connect(database_url), vault, HandClock(at(MONDAY, "10:00"))) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Store.prove_keys, stores))
    for opened in stores:
        opened.close()
