"""Which tasks the plans give to people, and when each is opened. Pure: no clock, no file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from service.domain.hours import Calendar, at_local, first_open_day, last_open_day, local_day
from service.domain.reason import Reason
from service.reminders.outcome import Ask, Awaits, Skip, awaited
from service.reminders.plan import Plan, TaskStep
from service.reminders.subject import Subject
from service.reminders.timing import Occasion, Span, not_earned, occasions
from service.reminders.vocabulary import Asked


@dataclass(frozen=True)
class AskedTask:
    """One row for the ledger that ends with a person; ``key`` is unique.

    ``about`` is the local day from which the step counts, ``due_at`` (UTC) its own moment. ``finish_on`` is
    the last local day to do it, where the plan gives more time than its urgency.
    """

    plan: str
    step: str
    subject_id: UUID
    occurrence: int
    asked: Asked
    about: date
    due_at: datetime
    finish_on: date | None
    outcome: Ask | Skip | Awaits

    @property
    def key(self) -> tuple[str, UUID, int]:
        return self.step, self.subject_id, self.occurrence


def tasks_due(
    plans: Iterable[Plan], subject: Subject, calendar: Calendar, span: Span | None = None
) -> Iterator[AskedTask]:
    """A row for each task of ``plans`` that counts from one of the subject's dates.

    ``calendar`` is that of the place, whose people are asked. Steps that come again and again are earned for
    ``span``, and not at all without one.
    """
    for plan in plans:
        for step in plan.tasks:
            if step.anchor in subject.anchors:
                for occasion in occasions(step, subject, span, calendar.zone):
                    yield _Case(plan, step, subject, occasion, calendar).row()


@dataclass(frozen=True)
class _Case:
    """One time that a task comes for one subject."""

    plan: Plan
    step: TaskStep
    subject: Subject
    occasion: Occasion
    calendar: Calendar

    def row(self) -> AskedTask:
        within = self.step.within_days
        return AskedTask(
            plan=self.plan.name,
            step=self.step.id,
            subject_id=self.subject.id,
            occurrence=self.occasion.number,
            asked=Asked(self.step.task, self.step.owner, self.step.urgency),
            about=self.occasion.zero,
            due_at=self.due_at,
            finish_on=self._day(self.step.offset_days + within) if within else None,
            outcome=self._outcome(),
        )

    @cached_property
    def due_at(self) -> datetime:
        """Off a closed day, a task before its date moves to an earlier day and one after it to a later.

        One for the day itself is for whoever has just recorded that day, open or closed.
        """
        day = self._day(self.step.offset_days)
        if self.step.offset_days:
            open_day = last_open_day if self.step.offset_days < 0 else first_open_day
            day = open_day(day, self.calendar)
        return morning(day, self.calendar)

    def _day(self, offset: int) -> date:
        return self.occasion.zero + timedelta(days=offset)

    def _outcome(self) -> Ask | Skip | Awaits:
        if reason := not_earned(self.step, self.subject):
            return Skip(reason)
        since = awaited(self.step, self.plan.steps, self.subject, self.occasion.number)
        if isinstance(since, Skip | Awaits):
            return since
        known_at = max(self.occasion.known_at, since or self.occasion.known_at)
        return Ask(max(known_at, self.due_at)) if self._is_of_use(known_at) else Skip(Reason.TOO_LATE)

    def _is_of_use(self, known_at: datetime) -> bool:
        latest = self.step.latest_days
        return latest is None or local_day(known_at, self.calendar.zone) <= self._day(latest)


def morning(day: date, calendar: Calendar) -> datetime:
    """When work begins on a local day (UTC)."""
    return at_local(day, calendar.safe.starts, calendar.zone)
