"""On SQLite one thread writes; what it says is written is on disk, and one action's failure is its own."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from service.store import database
from service.store.group_commit import MOST_IN_ONE_COMMIT, GroupCommit

Job = Callable[[Connection], int]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = database.connect(f"sqlite:///{tmp_path / 'numbers.db'}")
    with opened.writing.begin() as connection:
        connection.execute(text("CREATE TABLE numbers (number INTEGER PRIMARY KEY, filler BLOB)"))
    yield opened.writing
    opened.close()


@pytest.fixture
def group(engine: Engine) -> Iterator[GroupCommit]:
    group = GroupCommit(engine)
    yield group
    group.close()


def write(number: int, filler: int = 0) -> Job:
    def job(connection: Connection) -> int:
        connection.execute(text("INSERT INTO numbers VALUES (:n, zeroblob(:f))"), {"n": number, "f": filler})
        return number

    return job


def written(engine: Engine) -> list[int]:
    """What another connection sees, which is what is committed."""
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT number FROM numbers ORDER BY number")))


def together(group: GroupCommit, jobs: list[Job]) -> list[int | BaseException]:
    """Give the jobs in while the writer is busy, so that they share a commit; what came of each, in order."""
    busy, go_on = threading.Event(), threading.Event()

    def hold(_: Connection) -> int:
        busy.set()
        go_on.wait(5)
        return 0

    def come_of(job: Job) -> int | BaseException:
        try:
            return group.run(job)
        except BaseException as error:
            return error

    with ThreadPoolExecutor(len(jobs) + 1) as threads:
        first = threads.submit(come_of, hold)
        assert busy.wait(5)
        results = []
        for job in jobs:
            before = group._jobs.qsize()
            results.append(threads.submit(come_of, job))
            while group._jobs.qsize() == before:
                time.sleep(0.001)
        go_on.set()
        first.result()
        return [result.result() for result in results]


def test_an_action_that_raises_undoes_only_itself(group: GroupCommit, engine: Engine) -> None:
    def half(connection: Connection) -> int:
        write(2)(connection)
        raise ValueError("in the middle")

    before, failed, after = together(group, [write(1), half, write(3)])
    assert (before, after) == (1, 3)
    assert isinstance(failed, ValueError)
    assert written(engine) == [1, 3]


def test_a_result_comes_only_after_the_commit(group: GroupCommit, engine: Engine) -> None:
    order: list[str] = []
    event.listen(engine, "commit", lambda _: order.append("commit"))
    group.run(write(1))
    order.append("result")
    assert order == ["commit", "result"]


def test_actions_that_arrive_together_share_a_commit(group: GroupCommit, engine: Engine) -> None:
    commits: list[int] = []
    event.listen(engine, "commit", lambda _: commits.append(1))
    assert together(group, [write(number) for number in range(1, 21)]) == list(range(1, 21))
    assert len(commits) == 1


def test_a_failed_commit_is_told_to_everybody_who_waits(group: GroupCommit, engine: Engine) -> None:
    def refuse(_: Connection) -> None:
        raise OSError("the disk is gone")

    event.listen(engine, "commit", refuse)
    results = together(group, [write(number) for number in range(1, 6)])
    assert [type(result) for result in results] == [OSError] * 5
    event.remove(engine, "commit", refuse)
    assert written(engine) == []
    assert group.run(write(9)) == 9


def test_a_disk_that_is_full_loses_nothing_that_was_promised(group: GroupCommit, engine: Engine) -> None:
    group.run(lambda connection: connection.execute(text("PRAGMA max_page_count = 40")) and 0)
    results = together(group, [write(1), write(2, filler=1_000_000), write(3)])
    assert isinstance(results[1], Exception)
    assert written(engine) == [result for result in results if isinstance(result, int)]


def test_an_action_cannot_open_a_second_transaction(group: GroupCommit, engine: Engine) -> None:
    def nested(connection: Connection) -> int:
        return group.run(write(1))

    with pytest.raises(RuntimeError, match="second transaction"):
        group.run(nested)
    assert written(engine) == []


def test_five_hundred_writers_at_once_are_all_served(group: GroupCommit, engine: Engine) -> None:
    with ThreadPoolExecutor(100) as threads:
        results = list(threads.map(lambda number: group.run(write(number)), range(500)))
    assert results == list(range(500))
    assert written(engine) == list(range(500))


def test_a_group_has_an_end(group: GroupCommit, engine: Engine) -> None:
    most: list[int] = [0]
    event.listen(engine, "begin", lambda _: most.append(0))
    event.listen(engine, "savepoint", lambda *_: most.__setitem__(-1, most[-1] + 1))
    with ThreadPoolExecutor(MOST_IN_ONE_COMMIT + 50) as threads:
        list(threads.map(lambda number: group.run(write(number)), range(MOST_IN_ONE_COMMIT + 50)))
    assert max(most) <= MOST_IN_ONE_COMMIT


def test_a_closed_store_refuses_instead_of_waiting_for_ever(engine: Engine) -> None:
    group = GroupCommit(engine)
    group.close()
    with pytest.raises(RuntimeError, match="closed"):
        group.run(write(1))


def test_what_was_given_in_before_the_close_is_written(engine: Engine) -> None:
    group = GroupCommit(engine)

    def slow_write(connection: Connection) -> int:
        time.sleep(0.05)
        return write(1)(connection)

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(group.run, slow_write)
        time.sleep(0.01)
        group.close()
        assert slow.result() == 1
    assert written(engine) == [1]


def test_a_lock_that_another_process_holds_is_an_error_and_not_a_hang(tmp_path: Path, engine: Engine) -> None:
    """The waiting itself is SQLite's; here it is cut short."""
    group = GroupCommit(engine)
    group.run(lambda connection: connection.execute(text("PRAGMA busy_timeout = 20")) and 0)
    other = database.connect(f"sqlite:///{tmp_path / 'numbers.db'}")
    with other.writing.begin(), pytest.raises(Exception, match="locked"):
        group.run(write(1))
    assert group.run(write(2)) == 2
    group.close()
    other.close()
    assert written(engine) == [2]


def test_whoever_waits_behind_a_lock_is_told_when_the_first_is(tmp_path: Path, engine: Engine) -> None:
    """One after the other, each would wait for the lock as long as the first did."""
    group = GroupCommit(engine)
    group.run(lambda connection: connection.execute(text("PRAGMA busy_timeout = 500")) and 0)
    other = database.connect(f"sqlite:///{tmp_path / 'numbers.db'}")
    began = time.monotonic()
    with other.writing.begin(), ThreadPoolExecutor(20) as callers:
        told = [callers.submit(group.run, write(number)) for number in range(20)]
        assert all("locked" in str(one.exception()) for one in told)
    assert time.monotonic() - began < 2
    group.close()
    other.close()
