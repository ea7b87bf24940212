"""How a process is told to stop."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

SECONDS_TO_STOP: Final = 8.7
"""After this long a process leaves whatever it is at: what was not settled then stays visible as unknown."""


@contextmanager
def told_to_stop() -> Iterator[Event]:
    """An event that SIGTERM and Ctrl-C set. A second Ctrl-C ends the process at once."""
    stop, stopped = Event(), Event()

    def tell(number: int, _: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()
        Thread(target=_leave_in_time, args=(stopped,), name="khopotso-patience", daemon=True).start()

    before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        stopped.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave_in_time(stopped: Event) -> None:
    if not stopped.wait(SECONDS_TO_STOP):
        os._exit(1)
