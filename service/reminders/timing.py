"""From which days a step counts for a subject: once, or again and again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from service.domain.hours import local_day
from service.domain.reason import Reason
from service.reminders.plan import Timing
from service.reminders.subject import Subject
from service.reminders.vocabulary import PerSite, Unless


@dataclass(frozen=True)
class Span:
    """The local days, both included, for which steps that come again and again are planned."""

    first: date
    last: date


AHEAD: Final = timedelta(weeks=8)
"""How far ahead: enough for her next messages to be seen, and few enough to be planned anew."""


def ahead(today: date) -> Span:
    return Span(today, today + AHEAD)


@dataclass(frozen=True)
class Occasion:
    """One time that a step comes. ``zero`` is the local day from which its days count that time.

    ``known_at`` (UTC) is when the service learnt of the anchor, or the step began to hold if that was later.
    """

    number: int
    zero: date
    known_at: datetime


def occasions(step: Timing, subject: Subject, span: Span | None, zone: ZoneInfo) -> Iterator[Occasion]:
    """A step that comes again begins with the time that was current when its anchor became known."""
    anchor = subject.anchors.get(step.anchor)
    if anchor is None or not _is_for(step, subject):
        return
    known_at = max(anchor.at, subject.since.get(step.id, anchor.at))
    if step.every_days is None:
        yield Occasion(subject.told.get(step.id, 0), anchor.day, known_at)
        return
    if span is None:
        return
    first = max(span.first, local_day(known_at, zone))
    every = timedelta(days=step.every_days)
    for number in _numbers(step, step.every_days, anchor.day, Span(first, span.last)):
        yield Occasion(number, anchor.day + number * every, known_at)


def next_beyond(step: Timing, subject: Subject, span: Span) -> date | None:
    """The first day after the span on which a step comes again; ``None`` if it does not."""
    anchor = subject.anchors.get(step.anchor)
    if anchor is None or step.every_days is None or not _is_for(step, subject):
        return None
    beyond = Span(span.last + timedelta(days=1), span.last + timedelta(days=step.every_days))
    begins = anchor.day + timedelta(days=step.offset_days)
    days = (
        begins + timedelta(days=number * step.every_days)
        for number in _numbers(step, step.every_days, anchor.day, beyond)
    )
    return next((day for day in days if day >= beyond.first), None)


def _is_for(step: Timing, subject: Subject) -> bool:
    return step.only <= subject.circumstances and step.done in (None, subject.done)


def _numbers(step: Timing, every_days: int, anchor: date, span: Span) -> range:
    """The times whose day lies in the span, and the last before it."""
    begins = anchor + timedelta(days=step.offset_days)
    ends = span.last
    if step.until_days is not None:
        ends = min(ends, anchor + timedelta(days=step.until_days))
    first = (span.first - begins).days // every_days
    return range(max(first, 0), (ends - begins).days // every_days + 1)


def not_earned(step: Timing, subject: Subject) -> Reason | None:
    """What keeps a step from the subject: its site, or what has happened."""
    if _is_off(step, subject.switched):
        return Reason.SWITCHED_OFF
    overtaken = step.unless & subject.happened
    return next((_OVERTAKEN[event] for event in Unless if event in overtaken), None) if overtaken else None


_OVERTAKEN: Final[dict[Unless, Reason]] = {event: Reason.OVERTAKEN for event in Unless} | {
    Unless.ATTENDED: Reason.ATTENDED,
    Unless.MISSED: Reason.MISSED,
    Unless.CANCELLED: Reason.CANCELLED_VISIT,
    Unless.COMING: Reason.ANSWERED,
}


def _is_off(step: Timing, switched: frozenset[str]) -> bool:
    match step.per_site:
        case PerSite.ALWAYS:
            return False
        case PerSite.ON:
            return step.id in switched
        case PerSite.OFF:
            return step.id not in switched
        case _:
            assert_never(step.per_site)
