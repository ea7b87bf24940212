"""The pace of a gateway is one row, whoever asks."""

import itertools
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.people import SYSTEM
from service.store import database, pace
from service.store.crypto import Vault
from service.store.keys import KeyRing, make_key
from service.store.store import Store

NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOON


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store(database.connect(database_url), Vault(KeyRing((make_key(),))), Noon()) as opened:
        yield opened


def test_four_workers_together_keep_the_pace_within_five_percent(store: Store) -> None:
    """A try counts only if somebody asked all the time: what nobody asks for in time is not saved up."""
    for _ in range(8):
        share, longest_silence = _share_taken(store, per_second=100.0, seconds=3.0)
        assert share <= 1.05
        if longest_silence < pace.BURST_SECONDS / 2:
            break
    assert share == pytest.approx(1.0, rel=0.05)


def _share_taken(store: Store, per_second: float, seconds: float) -> tuple[float, float]:
    """What four workers took of the pace, and the longest time in which none of them asked."""
    taken: list[tuple[float, int]] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            count = store.write(lambda tx: pace.take(tx, "g", per_second, 8), SYSTEM)
            taken.append((time.monotonic(), count))
            time.sleep(0.002)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    time.sleep(0.5)  # the bucket's first filling
    taken.clear()
    began = time.monotonic()
    time.sleep(seconds)
    asked, passed = list(taken), time.monotonic() - began
    stop.set()
    for worker in workers:
        worker.join()
    moments = [began, *(moment for moment, _ in asked), began + passed]
    longest = max(later - earlier for earlier, later in itertools.pairwise(sorted(moments)))
    return sum(count for _, count in asked) / (per_second * passed), longest


def test_a_rest_does_not_save_up_a_burst(store: Store) -> None:
    store.write(lambda tx: pace.take(tx, "g", 20.0, 100), SYSTEM)
    time.sleep(1.5)
    assert store.write(lambda tx: pace.take(tx, "g", 20.0, 100), SYSTEM) == 10


def test_a_slow_gateway_is_allowed_one_text_at_a_time(store: Store) -> None:
    assert store.write(lambda tx: pace.take(tx, "g", 0.5, 8), SYSTEM) == 1
    assert store.write(lambda tx: pace.take(tx, "g", 0.5, 8), SYSTEM) == 0


def test_what_nobody_used_is_given_back(store: Store) -> None:
    store.write(lambda tx: pace.take(tx, "g", 0.001, 1), SYSTEM)
    store.write(lambda tx: pace.give_back(tx, "g", 1), SYSTEM)
    assert store.write(lambda tx: pace.take(tx, "g", 0.001, 1), SYSTEM) == 1


def test_an_open_circuit_lets_one_text_through_when_its_rest_is_over(store: Store) -> None:
    store.write(lambda tx: pace.count_failure(tx, "g"), SYSTEM)
    assert store.write(lambda tx: pace.open_circuit(tx, "g", NOON + timedelta(minutes=1), "down"), SYSTEM)
    assert not store.write(lambda tx: pace.open_circuit(tx, "g", NOON + timedelta(minutes=1), "down"), SYSTEM)
    circuit = store.read(lambda reading: pace.circuit(reading, "g"))
    assert circuit.most_at(NOON, 8) == 0
    assert circuit.most_at(NOON + timedelta(minutes=1), 8) == 1
    store.write(lambda tx: pace.close_circuit(tx, "g"), SYSTEM)
    assert store.read(lambda reading: pace.circuit(reading, "g")) == pace.Circuit(None, 0, None)
