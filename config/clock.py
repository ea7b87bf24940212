"""The clocks of a whole process. Nothing else asks the machine for the time of day."""

from datetime import UTC, datetime, timedelta
from threading import Lock


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the one clock


class DemoClock:
    """Runs on from any moment, and can be put forward. For demonstrations and tests of whole processes."""

    def __init__(self, starts_at: datetime) -> None:
        self._real = RealClock()
        self._ahead = starts_at - self._real.now()
        self._lock = Lock()

    def now(self) -> datetime:
        return self._real.now() + self._ahead

    def skip_to(self, moment: datetime) -> None:
        """Put the clock forward; a moment that has passed already changes nothing."""
        with self._lock:
            self._ahead = max(self._ahead, moment - self._real.now())

    def skip(self, time: timedelta) -> None:
        self.skip_to(self.now() + time)
