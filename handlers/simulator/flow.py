"""The flow of made-up time: let it run fast, and let the service do on the way what it would have done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from service.parts import Parts
from service.reports import ahead

MOST_MOMENTS: Final = 300
"""Moments that are passed in one go; a reminder that waits for a person comes up again every half minute."""

FURTHEST: Final = timedelta(days=60)


class MovableClock(Protocol):
    def now(self) -> datetime: ...

    def skip_to(self, moment: datetime) -> None: ...


@dataclass(frozen=True)
class Flow:
    """``work_once`` does at once what the worker would do at its next ticks."""

    parts: Parts
    clock: MovableClock
    work_once: Callable[[], None]

    def pass_time(self, time: timedelta) -> None:
        """Let ``time`` go by; whatever falls due on the way happens at its own moment."""
        until = self.clock.now() + time
        for _ in range(MOST_MOMENTS):
            moment = self.parts.store.read(ahead.next_moment)
            if moment is None or moment > until:
                break
            self._go_to(moment)
        self._go_to(until)

    def to_next_reminder(self, wanted: UUID | None) -> UUID | None:
        """Let time go by until a reminder leaves. Whose it is: ``wanted``, if hers is among those that left.

        ``None`` if none left within ``FURTHEST``.
        """
        until = self.clock.now() + FURTHEST
        for _ in range(MOST_MOMENTS):
            moment = self.parts.store.read(ahead.next_moment)
            if moment is None or moment > until:
                return None
            self._go_to(moment)
            reminded = self._reminded_since(moment)
            if reminded:
                return wanted if wanted and wanted in reminded else reminded[0]
        return None

    def _reminded_since(self, moment: datetime) -> tuple[UUID, ...]:
        return self.parts.store.read(lambda reading: ahead.reminded_since(reading, moment))

    def _go_to(self, moment: datetime) -> None:
        self.clock.skip_to(moment)
        self.work_once()
