"""Phones and providers do not wait for a database that is away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

import pytest

from config.clock import RealClock
from handlers.desks import PATIENCE, DatabaseAway, Desks
from service.domain.people import SYSTEM
from service.store import database
from service.store.crypto import Vault
from service.store.keys import KeyRing, make_key
from service.store.store import Store
from service.store.transaction import Transaction

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)

IN_A_MOMENT = 0.5


@pytest.fixture
def desks(database_url: str) -> Iterator[Desks]:
    with Store(database.connect(database_url), Vault(KeyRing((make_key(),))), RealClock()) as store:
        yield Desks(store)


@contextmanager
def somebody_else_writes(database_url: str) -> Iterator[None]:
    other = database.connect(database_url)
    with other.writing.begin():
        yield
    other.close()


def one(_: Transaction) -> int:
    return 1


def seconds(call: Callable[[], object]) -> float:
    began = monotonic()
    with pytest.raises(DatabaseAway):
        call()
    return monotonic() - began


def test_what_was_written_comes_back(desks: Desks) -> None:
    assert desks.write(one, SYSTEM) == 1


def test_an_action_s_own_error_is_passed_on(desks: Desks) -> None:
    def fails(_: Transaction) -> None:
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        desks.write(fails, SYSTEM)
    assert desks.write(one, SYSTEM) == 1


def test_only_those_who_came_first_wait_for_a_database_that_is_away(desks: Desks, database_url: str) -> None:
    def call() -> float:
        return seconds(lambda: desks.write(one, SYSTEM))

    with somebody_else_writes(database_url), ThreadPoolExecutor(20) as callers:
        waited = list(callers.map(lambda _: call(), range(20)))
        assert max(waited) < PATIENCE + IN_A_MOMENT
        assert max(call() for _ in range(20)) < IN_A_MOMENT


def test_a_database_that_is_back_is_found_by_the_next_to_come(desks: Desks, database_url: str) -> None:
    with somebody_else_writes(database_url):
        seconds(lambda: desks.write(one, SYSTEM))
    seconds(lambda: desks.write(one, SYSTEM))  # sends the scout
    until = monotonic() + 10
    while monotonic() < until:
        try:
            assert desks.write(one, SYSTEM) == 1
        except DatabaseAway:
            continue
        return
    raise AssertionError("the scout never came back")
