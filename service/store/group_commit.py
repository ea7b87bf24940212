"""One writing thread, whose commits are shared by all who wait for them."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")

MOST_IN_ONE_COMMIT = 256


@dataclass(frozen=True)
class _Job:
    run: Callable[[Connection], Any]
    done: Future[Any]


class GroupCommit:
    """Runs jobs one after another, each in its own savepoint, and commits those that are waiting together.

    Two threads that write one SQLite file wait for each other by sleeping, which costs the tail of the
    latencies; one thread does not, and a single flush to disk serves every job in the group.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="khopotso-writer", daemon=True)
        self._thread.start()

    def run(self, job: Callable[[Connection], T]) -> T:
        if threading.current_thread() is self._thread:
            raise RuntimeError("An action tried to open a second transaction; pass the open one on.")
        done: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise RuntimeError("The store is closed.")
            self._jobs.put(_Job(job, done))
        return done.result()

    def close(self) -> None:
        """Commit what was given in already, and take nothing more."""
        with self._gate:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._commit_group(job):
                return

    def _commit_group(self, first: _Job) -> bool:
        """Run a group; says whether the sign to stop was among the jobs."""
        finished: list[tuple[_Job, Any]] = []
        stop = False
        try:
            with self._engine.begin() as connection:
                job: _Job | None = first
                while job is not None:
                    self._run_one(connection, job, finished)
                    job, stop = self._next(len(finished))
        except BaseException as error:
            for job, _ in finished:
                job.done.set_exception(error)
            if not first.done.done():
                first.done.set_exception(error)
                return self._refuse_waiting(error) or stop
            return stop
        for job, result in finished:
            job.done.set_result(result)
        return stop

    def _refuse_waiting(self, error: BaseException) -> bool:
        """Tell those who came while a group could not begin: they have waited too, and would one by one."""
        job, stop = self._next(0)
        while job is not None:
            job.done.set_exception(error)
            job, stop = self._next(0)
        return stop

    def _run_one(self, connection: Connection, job: _Job, finished: list[tuple[_Job, Any]]) -> None:
        try:
            with connection.begin_nested():
                result = job.run(connection)
        except BaseException as error:
            job.done.set_exception(error)
            if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                # On a full disk SQLite takes back the whole group; what followed would stand alone.
                raise
        else:
            finished.append((job, result))

    def _next(self, so_far: int) -> tuple[_Job | None, bool]:
        if so_far >= MOST_IN_ONE_COMMIT:
            return None, False
        try:
            job = self._jobs.get_nowait()
        except Empty:
            return None, False
        return job, job is None
