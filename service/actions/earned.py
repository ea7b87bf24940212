"""Everything that the plans say of a family: the visits that should stand, and the rows of the ledger.

Asked when the plans are carried out, and once more by the proof that they were.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from service.actions.family import Earning, Family
from service.actions.subjects import Planned, planned
from service.domain.hours import Calendar, narrowed
from service.domain.ledger import LedgerKind
from service.domain.reason import Reason
from service.programme import Programme
from service.reminders.dates import Expected, NoDate, expected, overdue_task
from service.reminders.due import DueStep, due
from service.reminders.outcome import Ask, Awaits, HandToPerson, Send, Skip
from service.reminders.subject import Subject
from service.reminders.tasks import AskedTask, tasks_due
from service.reminders.timing import AHEAD, Span, ahead, next_beyond
from service.reminders.vocabulary import Whose

AT_THE_LATEST: Final = timedelta(weeks=4)
"""After so long everybody's plans are gone through again, though nothing asks for it."""


@dataclass(frozen=True)
class Earned:
    """A row that the ledger should hold. ``due_at`` and ``latest`` are UTC, ``about`` is a local day."""

    kind: LedgerKind
    plan: str
    step: str
    subject_id: UUID
    occurrence: int
    about: date
    due_at: datetime
    latest: datetime
    outcome: Send | Ask | Skip | HandToPerson | Awaits

    @property
    def key(self) -> Earning:
        return self.step, self.subject_id, self.occurrence


@dataclass(frozen=True)
class Due:
    """What the plans say of a family.

    ``look_again_on`` is the local day on which they say more though nothing is recorded; ``None`` if she is
    no longer looked after here.
    """

    visits: tuple[Expected, ...]
    rows: tuple[Earned, ...]
    look_again_on: date | None


def plans_for(programme: Programme, family: Family, today: date) -> Due:
    """What should be, by what is known now."""
    subjects = tuple(planned(programme, family, today))
    span = ahead(today)
    hers = narrowed(programme.calendar, family.client.safe)
    she_is_gone = next(one.gone for one in subjects if one.subject.id == family.client.id)
    visits: list[Expected] = []
    rows: list[Earned] = []
    for one in subjects:
        asked = tuple(_expected(programme, one, she_is_gone, span))
        visits += asked
        rows += (_ended(row, one.silent) for row in _texts(programme, one.subject, hers, span))
        rows += (_ended(row, one.gone) for row in _tasks(programme, one.subject, asked, span))
    return Due(
        tuple(visits),
        tuple(_entered(programme, family, subjects, rows)),
        _look_again_on(programme, subjects, span),
    )


def _entered(
    programme: Programme, family: Family, subjects: Iterable[Planned], rows: Iterable[Earned]
) -> Iterator[Earned]:
    """What comes again and again enters the weeks ahead of nobody who is gone."""
    gone = {one.subject.id for one in subjects if one.gone}
    known = {row.key for row in family.rows}
    recurring = {step.id for plan in programme.plans for step in plan.timings if step.every_days}
    for row in rows:
        if row.subject_id not in gone or row.step not in recurring or row.key in known:
            yield row


def _expected(
    programme: Programme, one: Planned, she_is_gone: Reason | None, span: Span
) -> Iterator[Expected]:
    """Nobody who is gone is expected: what was to come of her dates has been overtaken."""
    for row in expected(programme.plans, one.subject, one.diary, programme.calendar, span):
        gone = one.gone or (row.whose is Whose.SELF and she_is_gone)
        yield replace(row, why_not=row.why_not or NoDate.OVERTAKEN) if gone else row


def _texts(programme: Programme, subject: Subject, hers: Calendar, span: Span) -> Iterator[Earned]:
    return (_text(row) for row in due(programme.plans, subject, hers, span))


def _tasks(programme: Programme, subject: Subject, asked: Iterable[Expected], span: Span) -> Iterator[Earned]:
    """What people are asked to do, and what they are asked if a visit does not take place."""
    overdue = (overdue_task(row, programme.calendar) for row in asked)
    tasks = (*tasks_due(programme.plans, subject, programme.calendar, span), *overdue)
    return (_task(row) for row in tasks if row)


def _text(row: DueStep) -> Earned:
    return Earned(
        kind=LedgerKind.TEXT,
        plan=row.plan,
        step=row.step.id,
        subject_id=row.subject_id,
        occurrence=row.occurrence,
        about=row.about,
        due_at=row.outcome.at if isinstance(row.outcome, Send) else row.due_at,
        latest=row.latest,
        outcome=row.outcome,
    )


def _task(row: AskedTask) -> Earned:
    """A task is never too late."""
    due_at = row.outcome.at if isinstance(row.outcome, Ask) else row.due_at
    return Earned(
        kind=LedgerKind.TASK,
        plan=row.plan,
        step=row.step,
        subject_id=row.subject_id,
        occurrence=row.occurrence,
        about=row.about,
        due_at=due_at,
        latest=due_at,
        outcome=row.outcome,
    )


def _ended(row: Earned, gone: Reason | None) -> Earned:
    return replace(row, outcome=Skip(gone)) if gone and not isinstance(row.outcome, Skip) else row


def _look_again_on(programme: Programme, subjects: tuple[Planned, ...], span: Span) -> date | None:
    """When something that comes again and again enters the weeks that are planned ahead."""
    if all(one.gone for one in subjects):
        return None
    recurring = [step for plan in programme.plans for step in plan.timings if step.every_days]
    entering = (
        day - AHEAD
        for one in subjects
        if not one.gone
        for step in recurring
        if step.anchor in one.subject.anchors and (day := next_beyond(step, one.subject, span))
    )
    return min((*entering, span.first + AT_THE_LATEST))
