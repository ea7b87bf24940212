"""Which steps a date earns, when each falls due, and what becomes of it. Pure: no clock, no file.

Every step of a plan gives a row, always: what does not go says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from service.domain.hours import (
    Calendar,
    at_local,
    first_open_day,
    is_never,
    last_open_day,
    local_day,
    next_allowed,
)
from service.domain.reason import Reason
from service.reminders.outcome import Awaits, HandToPerson, Send, Skip, awaited
from service.reminders.plan import Plan, Step
from service.reminders.subject import Known, Subject
from service.reminders.timing import Occasion, Span, not_earned, occasions
from service.reminders.vocabulary import Late, To

__all__ = ["Awaits", "DueStep", "HandToPerson", "Known", "Outcome", "Send", "Skip", "Subject", "due"]

Outcome = Send | Skip | HandToPerson | Awaits


@dataclass(frozen=True)
class DueStep:
    """One row for the ledger; ``key`` is unique and stays when the date moves.

    ``about`` is the local day from which the step counts: that of the visit or event, which its text names.
    ``due_at`` and ``latest`` (UTC) are the step's own and last moments.
    """

    plan: str
    step: Step
    subject_id: UUID
    occurrence: int
    about: date
    due_at: datetime
    latest: datetime
    outcome: Outcome

    @property
    def key(self) -> tuple[str, UUID, int]:
        return self.step.id, self.subject_id, self.occurrence


def due(
    plans: Iterable[Plan], subject: Subject, calendar: Calendar, span: Span | None = None
) -> Iterator[DueStep]:
    """A row for each step of ``plans`` that counts from one of the subject's dates.

    ``calendar`` is that of the person who is to be texted (``hours.narrowed``). Steps that come again and
    again are earned for ``span``, and not at all without one. A step that would share its day with a later
    one of the same subject is merged into that.
    """
    rows = [
        _Case(plan, step, subject, occasion, calendar).row()
        for plan in plans
        for step in plan.steps
        if step.anchor in subject.anchors
        for occasion in occasions(step, subject, span, calendar.zone)
    ]
    yield from _one_a_day(rows, calendar)


@dataclass(frozen=True)
class _Case:
    """One time that a step comes for one subject."""

    plan: Plan
    step: Step
    subject: Subject
    occasion: Occasion
    calendar: Calendar

    def row(self) -> DueStep:
        return DueStep(
            plan=self.plan.name,
            step=self.step,
            subject_id=self.subject.id,
            occurrence=self.occasion.number,
            about=self.occasion.zero,
            due_at=self.due_at,
            latest=self.latest,
            outcome=self._outcome(),
        )

    @cached_property
    def due_at(self) -> datetime:
        safe = self.calendar.safe
        clock = self.subject.hours.get(self.step.id, self.step.at)
        in_hours = safe.starts <= clock < safe.ends or is_never(safe)
        return at_local(self._day(self.step.offset_days), clock if in_hours else safe.starts, self._zone)

    @property
    def latest(self) -> datetime:
        """Where her own hours begin only after the plan's clock time, the end of them counts."""
        safe, latest = self.calendar.safe, self.step.latest
        clock = latest.at if latest.at > safe.starts or is_never(safe) else safe.ends
        return max(self.due_at, at_local(self._day(latest.days), clock, self._zone))

    @property
    def _zone(self) -> ZoneInfo:
        return self.calendar.zone

    def _day(self, offset: int) -> date:
        """Off a closed day, a step before its date moves to an earlier day and one after it to a later."""
        open_day = last_open_day if self.step.offset_days <= 0 else first_open_day
        return open_day(self.occasion.zero + timedelta(days=offset), self.calendar)

    def _outcome(self) -> Outcome:
        if reason := self._not_earned():
            return Skip(reason)
        since = awaited(self.step, self.plan.steps, self.subject, self.occasion.number)
        if isinstance(since, Skip | Awaits):
            return since
        if is_never(self.calendar.safe):
            return HandToPerson(Reason.NO_SAFE_TIME)
        known_at = max(self.occasion.known_at, since or self.occasion.known_at)
        return Send(self.due_at) if known_at <= self.due_at else self._when_late(known_at)

    def _not_earned(self) -> Reason | None:
        shortest = self.step.min_interval_days
        if shortest is not None and (self.subject.interval_days or 0) < shortest:
            return not_earned(self.step, self.subject) or Reason.SHORT_INTERVAL
        return not_earned(self.step, self.subject)

    def _when_late(self, known_at: datetime) -> Outcome:
        match self.step.late:
            case Late.SEND_NOW:
                at: datetime | None = known_at
            case Late.NEXT_ALLOWED_HOUR:
                at = next_allowed(known_at, self.calendar)
            case Late.SKIP | Late.HAND_TO_PERSON:
                at = None
            case _:
                assert_never(self.step.late)
        return Send(at) if at is not None and at <= self.latest else too_late(self.step)


def too_late(step: Step) -> Skip | HandToPerson:
    """What becomes of a step whose latest moment has passed, whether the date or the service was late."""
    return (HandToPerson if step.late is Late.HAND_TO_PERSON else Skip)(Reason.TOO_LATE)


def _one_a_day(rows: Sequence[DueStep], calendar: Calendar) -> Iterator[DueStep]:
    last: dict[tuple[To, date], DueStep] = {}
    for row in sorted(rows, key=_nominal_day):
        if isinstance(row.outcome, Send):
            last[_phone_day(row, row.outcome, calendar)] = row
    for row in rows:
        merged = isinstance(row.outcome, Send) and last[_phone_day(row, row.outcome, calendar)] is not row
        yield replace(row, outcome=Skip(Reason.MERGED)) if merged else row


def _nominal_day(row: DueStep) -> date:
    return row.about + timedelta(days=row.step.offset_days)


def _phone_day(row: DueStep, send: Send, calendar: Calendar) -> tuple[To, date]:
    return row.step.to, local_day(send.at, calendar.zone)
