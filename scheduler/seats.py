"""A few threads that each carry one text at a time to the gateway."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Semaphore, Thread
from time import monotonic

Errand = Callable[[], None]


class Seats:
    """Threads that the process does not wait for when it ends: a provider that hangs must not hold it.

    An errand must not raise.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._free = Semaphore(count)
        self._errands: SimpleQueue[Errand | None] = SimpleQueue()
        for number in range(count):
            Thread(target=self._sit, name=f"khopotso-seat-{number}", daemon=True).start()

    def take(self, within: float) -> int:
        """Take all seats that are free, waiting up to ``within`` seconds for the first; how many."""
        if not self._free.acquire(timeout=within):
            return 0
        taken = 1
        while taken < self._count and self._free.acquire(blocking=False):
            taken += 1
        return taken

    def leave(self, count: int) -> None:
        """Give back seats that were taken and not used."""
        if count:
            self._free.release(count)

    def send(self, errand: Errand) -> None:
        """Run an errand on a seat that was taken; it is free again afterwards."""
        self._errands.put(errand)

    def empty(self, within: float) -> bool:
        """Wait up to ``within`` seconds until every seat is free; says whether they are."""
        deadline, taken = monotonic() + within, 0
        while taken < self._count and self._free.acquire(timeout=max(0.0, deadline - monotonic())):
            taken += 1
        self.leave(taken)
        return taken == self._count

    def close(self) -> None:
        """Let each thread end after its errand."""
        for _ in range(self._count):
            self._errands.put(None)

    def _sit(self) -> None:
        while errand := self._errands.get():
            try:
                errand()
            finally:
                self._free.release()
