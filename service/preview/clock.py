"""A clock that stands still until somebody puts it forward."""

from datetime import datetime


class HandClock:
    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def put_forward(self, moment: datetime) -> None:
        """A moment that has passed already changes nothing."""
        self._moment = max(self._moment, moment)
