"""How long whoever guesses, or asks too often, has to wait before the next try is looked at."""

from dataclasses import dataclass
from typing import Final

WINDOW: Final = 3600.0
"""Seconds after which failures are forgotten."""

FIRST_WAIT: Final = 30.0
"""Seconds; each failure after it doubles the wait."""


@dataclass(frozen=True)
class Limits:
    """``free`` failures cost nothing; after ``most`` of them nothing is looked at for a whole window."""

    free: int
    most: int


ACCOUNT: Final = Limits(free=4, most=10)
ADDRESS: Final = Limits(free=19, most=20)
"""Higher, because a whole clinic may stand behind one address."""


MINUTE: Final = 60.0
REQUESTS: Final = 1200
"""How often one token may ask in a minute: at 200 rows each, a whole country's five million texts of a year
in a night's 21 minutes. Higher than any person's tool needs, low enough that a system gone astray leaves the
service to others."""


@dataclass(frozen=True)
class Record:
    """Failures (or requests) since a moment, in seconds of whatever clock the caller goes by."""

    failures: int
    since: float
    locked_until: float | None


NOTHING: Final = Record(0, 0.0, None)


def wait(record: Record, now: float) -> float:
    """Seconds until the next guess may be made; 0 if it may be made now."""
    return max(0.0, (record.locked_until or now) - now)


def after_failure(record: Record, now: float, limits: Limits) -> Record:
    """The record with one failure more. The wait ends by itself, so nobody can lock another out for good."""
    is_old = now - record.since > WINDOW
    failures, since = (1, now) if is_old else (record.failures + 1, record.since)
    if failures <= limits.free:
        return Record(failures, since, None)
    if failures >= limits.most:
        return Record(failures, since, now + WINDOW)
    return Record(failures, since, now + FIRST_WAIT * 2 ** (failures - limits.free - 1))


def after_request(record: Record, now: float) -> Record:
    """The record with one request more; after the last of a minute nothing is let in until it is over."""
    if now - record.since >= MINUTE:
        return Record(1, now, None)
    requests = record.failures + 1
    return Record(requests, record.since, record.since + MINUTE if requests >= REQUESTS else None)
