"""Writing for those who wait outside: phones and providers, who give up on a silent service."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Final, TypeVar

from service.domain.people import SYSTEM, Actor
from service.store.store import Store
from service.store.transaction import Transaction

T = TypeVar("T")

PATIENCE: Final = 1.25
"""Seconds that a write is given: a phone must have its screen within two, from a busy machine too."""

DESKS: Final = 32


class DatabaseAway(Exception):
    """The database did not answer in time, or is known not to. What was asked of it may still be done."""


class Desks:
    """Each write is done within ``patience`` seconds or given up.

    Once one was given up the database counts as away: whoever comes is refused at once, and a scout finds out
    whether it is back. Otherwise all threads of the server would wait in vain, and phones for a thread too.
    """

    def __init__(self, store: Store, patience: float = PATIENCE) -> None:
        self._store, self._patience = store, patience
        self._threads = ThreadPoolExecutor(DESKS, thread_name_prefix="khopotso-desk")
        self._away = Event()
        self._scout = Lock()

    def write(self, action: Callable[[Transaction], T], actor: Actor) -> T:
        """As ``Store.write``; raises ``DatabaseAway`` besides what that raises."""
        if self._away.is_set():
            self._send_scout()
            raise DatabaseAway
        writing = self._threads.submit(self._store.write, action, actor)
        try:
            return writing.result(self._patience)
        except TimeoutError:
            writing.cancel()  # where no thread has taken it up yet
            self._away.set()
            raise DatabaseAway from None

    def _send_scout(self) -> None:
        """There is one at most; it brings no news but good news, and the next to come sends another."""
        if self._scout.acquire(blocking=False):
            self._threads.submit(self._look)

    def _look(self) -> None:
        try:
            self._store.write(lambda _: None, SYSTEM)
            self._away.clear()
        finally:
            self._scout.release()
