"""A worker begins at once, goes on when a job fails, and stops when it is told to."""

from datetime import timedelta
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from scheduler.clock import JOBS, work
from tests.worker.village import MONDAY, Village, at

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def wait_for(happens: object, within: float) -> None:
    until = monotonic() + within
    while not happens():  # type: ignore[operator]
        assert monotonic() < until, "it did not happen in time"
        sleep(0.02)


def test_every_reminder_is_looked_for_at_least_every_fifteen_seconds(database_server: object) -> None:
    paces = {job.name: job.every for job in JOBS}
    assert paces["put_due"] <= 15
    assert paces["recover"] <= 15


def test_a_reminder_leaves_within_five_seconds_of_the_start_and_the_worker_stops_in_ten(
    village: Village,
) -> None:
    village.visit(village.woman(), MONDAY + timedelta(days=1))
    village.clock.moment = at(MONDAY, "10:00")
    stop = Event()
    worker = Thread(target=work, args=(village.parts, stop))
    worker.start()
    try:
        wait_for(lambda: village.gateway.sent, within=5)
    finally:
        stop.set()
        worker.join(10)
    assert not worker.is_alive()
    assert village.message_states() == ["accepted"]


def test_a_worker_goes_on_while_the_database_is_away(village: Village) -> None:
    stop = Event()
    worker = Thread(target=work, args=(village.parts, stop))
    village.store.close()
    worker.start()
    sleep(0.5)
    assert worker.is_alive()
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
