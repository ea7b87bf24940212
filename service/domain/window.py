"""The days in which a test counts, and on which of them to ask for it. Days are local."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Window:
    """One test of one infant: the first day on which it counts, the day it is due, the last in time.

    ``from_day`` is the first on which it can be asked for: for an infant enrolled late, after enrolment.
    """

    test: str
    opens: date
    due: date
    closes: date
    from_day: date


def is_done(test: Window, sampled: Collection[date]) -> bool:
    """A later sample serves too: it tells what the missed one would have told."""
    return any(day >= test.opens for day in sampled)


def days_of_tests(tests: Sequence[Window], sampled: Collection[date]) -> Iterator[tuple[Window, date | None]]:
    """Each test with the day to ask for it; ``None`` where it is done, or served by the one before it.

    So of an infant enrolled late the earliest undone test is asked for at once, and then it goes on.
    """
    asked: date | None = None
    for test in sorted(tests, key=lambda test: (test.due, test.opens)):
        if is_done(test, sampled) or (asked is not None and asked >= test.opens):
            yield test, None
        else:
            asked = max(test.due, test.from_day)
            yield test, asked
