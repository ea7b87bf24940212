"""The hours in which somebody is on call."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.hours import at_local


@dataclass(frozen=True)
class Duty:
    """Every day from ``starts`` on and before ``ends``, on the clocks of ``zone``.

    Where it does not end after it starts, it goes over midnight; from an hour to the same is the whole day.
    """

    starts: time
    ends: time
    zone: ZoneInfo

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"

    def covers(self, moment: datetime) -> bool:
        clock = moment.astimezone(self.zone).time()
        if self.starts < self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def next_end(self, after: datetime) -> datetime:
        """The first moment (UTC) later than ``after`` at which it ends."""
        today = after.astimezone(self.zone).date()
        ends = (at_local(today + timedelta(days=days), self.ends, self.zone) for days in (0, 1, 2))
        return next(end for end in ends if end > after)
