"""The worker process: ``python -m scheduler``."""

import signal
from threading import Event

from config import logs, wiring
from scheduler.clock import work


def main() -> None:
    """Work until SIGTERM or Ctrl-C."""
    logs.configure()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with wiring.open_parts(wiring.read_settings()) as parts:
        work(parts, stop)


if __name__ == "__main__":
    main()
