"""Which visits the plans ask for, and on which day. Pure: no clock, no file.

A date that a person wrote always wins: the plan's own is only for a window in which there is none.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

from service.domain.care import VisitKind
from service.domain.hours import Calendar, first_open_day, last_open_day, local_day
from service.domain.reason import Reason
from service.domain.supply import next_date
from service.domain.window import Window, days_of_tests, is_done
from service.reminders.outcome import Ask, Skip
from service.reminders.plan import DateStep, Plan
from service.reminders.subject import Subject
from service.reminders.tasks import AskedTask, morning
from service.reminders.timing import Occasion, Span, not_earned, occasions
from service.reminders.vocabulary import IfClosed, LateDate, Whose

Slot = tuple[Whose, VisitKind]
"""Visits of one kind, of the woman herself or of her child."""


@dataclass(frozen=True)
class Diary:
    """What is known of the visits of a woman and of one infant, by local days.

    ``done``: a visit took place (for infant tests: a sample was taken). ``written``: one that is still to
    come was dated or moved by a person, so not those that a plan asked for.
    """

    done: Mapping[Slot, Collection[date]] = field(default_factory=dict)
    written: Mapping[Slot, Collection[date]] = field(default_factory=dict)


class NoDate(StrEnum):
    """Why a plan asks for no visit of its own."""

    SWITCHED_OFF = "switched_off"
    OVERTAKEN = "overtaken"
    DONE = "done"
    WRITTEN = "written"
    COVERED = "covered"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Expected:
    """A visit that a plan asks for; ``key`` is unique and stays when the day moves.

    ``whose`` visit it is, of the woman or of her child. ``day`` is the local day of the visit, the plan's own
    or the written one. ``why_not`` is empty if the plan's visit is to stand in her diary.
    """

    plan: str
    step: DateStep
    subject_id: UUID
    occurrence: int
    whose: Whose
    visit: VisitKind
    window: Window
    day: date
    why_not: NoDate | None = None

    @property
    def key(self) -> tuple[str, UUID, int]:
        return self.step.id, self.subject_id, self.occurrence

    @property
    def slot(self) -> Slot:
        return self.whose, self.visit


def expected(
    plans: Iterable[Plan], subject: Subject, diary: Diary, calendar: Calendar, span: Span | None = None
) -> Iterator[Expected]:
    """A row for each date of ``plans`` that counts from one of the subject's dates.

    ``calendar`` is that of the place. Dates that come again and again are earned for ``span``, and not at all
    without one.
    """
    for plan in plans:
        rows = [
            _first_look(plan, step, subject, occasion, calendar)
            for step in plan.dates
            if step.anchor in subject.anchors and _is_known(step, subject)
            for occasion in occasions(step, subject, span, calendar.zone)
        ]
        chained = _chained(rows, diary, calendar) if rows else {}
        for row in rows:
            yield _on_open_day(chained.get(row.key) or _alone(row, diary), calendar)


def _is_known(step: DateStep, subject: Subject) -> bool:
    """Whether everything is known of which the day is made."""
    later = step.later_of is None or step.later_of.anchor in subject.anchors
    return later and (not step.plus_supply or subject.supply_days is not None)


def _first_look(
    plan: Plan, step: DateStep, subject: Subject, occasion: Occasion, calendar: Calendar
) -> Expected:
    window = _window(step, subject, occasion, calendar)
    return Expected(
        plan=plan.name,
        step=step,
        subject_id=subject.id,
        occurrence=occasion.number,
        whose=step.whose or subject.whose,
        visit=step.visit or subject.kind or VisitKind.OTHER,
        window=window,
        day=window.due,
        why_not=_not_earned(step, subject),
    )


def _not_earned(step: DateStep, subject: Subject) -> NoDate | None:
    reason = not_earned(step, subject)
    if reason is None:
        return None
    return NoDate.SWITCHED_OFF if reason is Reason.SWITCHED_OFF else NoDate.OVERTAKEN


def _window(step: DateStep, subject: Subject, occasion: Occasion, calendar: Calendar) -> Window:
    """The window opens from the anchor, and closes as long after the due day as the plan says."""
    supply = subject.supply_days if step.plus_supply and subject.supply_days else 0
    due = next_date(occasion.zero, supply) + timedelta(days=step.offset_days)
    opens = occasion.zero + timedelta(days=step.window.opens)
    known_at = occasion.known_at
    if step.later_of:
        other = subject.anchors[step.later_of.anchor]
        earliest = other.day + timedelta(days=step.later_of.offset_days)
        due, opens, known_at = max(due, earliest), max(opens, earliest), max(known_at, other.at)
    return Window(
        test=step.id,
        opens=opens,
        due=due,
        closes=due + timedelta(days=step.window.closes - step.offset_days),
        from_day=local_day(known_at, calendar.zone) + LEAD,
    )


LEAD: Final = timedelta(days=1)
"""A date that is asked for at once is the next day, so that the text of the day before can still go."""


def _alone(row: Expected, diary: Diary) -> Expected:
    """A date for itself: what was done or written in its window is this visit."""
    if row.why_not:
        return row
    window = row.window
    if any(window.opens <= day <= window.closes for day in diary.done.get(row.slot, ())):
        return replace(row, why_not=NoDate.DONE)
    written = [day for day in diary.written.get(row.slot, ()) if window.opens <= day <= window.closes]
    if written:
        return replace(row, day=min(written), why_not=NoDate.WRITTEN)
    day = max(window.due, window.from_day)
    return replace(row, day=day, why_not=NoDate.TOO_LATE if day > window.closes else None)


def _chained(
    rows: Sequence[Expected], diary: Diary, calendar: Calendar
) -> dict[tuple[str, UUID, int], Expected]:
    """The dates of which the earliest undone one is asked for at once, however late."""
    chains: dict[Slot, list[Expected]] = {}
    for row in rows:
        if row.step.late is LateDate.EARLIEST_UNDONE and not row.why_not:
            chains.setdefault(row.slot, []).append(row)
    return {row.key: row for slot, chain in chains.items() for row in _chain(slot, chain, diary, calendar)}


def _chain(slot: Slot, chain: Sequence[Expected], diary: Diary, calendar: Calendar) -> Iterator[Expected]:
    done = diary.done.get(slot, ())
    held = [_on_open_days(row.window, calendar) for row in chain]
    days = {window.test: day for window, day in days_of_tests(held, done)}
    asked = [row for row in chain if days[row.step.id]]
    written = {
        row.key: day for day in sorted(diary.written.get(slot, ()))[::-1] for row in _meant(asked, day)
    }
    for row in chain:
        day = days[row.step.id]
        if day is None:
            yield replace(row, why_not=NoDate.DONE if is_done(row.window, done) else NoDate.COVERED)
        elif row.key in written:
            yield replace(row, day=written[row.key], why_not=NoDate.WRITTEN)
        else:
            yield replace(row, day=day)


def _on_open_days(window: Window, calendar: Calendar) -> Window:
    """A closed day may bring a test to where one sample serves the next as well."""
    due, from_day = first_open_day(window.due, calendar), first_open_day(window.from_day, calendar)
    return replace(window, due=due, from_day=from_day)


def _meant(asked: Sequence[Expected], day: date) -> Sequence[Expected]:
    """The date that somebody had in mind who wrote ``day``: the last whose window is open then."""
    return sorted((row for row in asked if row.window.opens <= day), key=lambda row: row.window.opens)[-1:]


def _on_open_day(row: Expected, calendar: Calendar) -> Expected:
    if row.why_not:
        return row
    match row.step.if_closed:
        case IfClosed.LATER:
            day = first_open_day(row.day, calendar)
        case IfClosed.EARLIER:
            day = last_open_day(row.day, calendar)
        case _:
            assert_never(row.step.if_closed)
    return replace(row, day=day if day >= row.window.from_day else first_open_day(row.day, calendar))


def overdue_task(row: Expected, calendar: Calendar) -> AskedTask | None:
    """Who is asked if the visit has not taken place when its window closes; ``None`` if nobody is.

    It has the key of the date, and so is the date's own row in the ledger.
    """
    if row.step.overdue is None:
        return None
    last = max(row.window.closes, row.day)
    due_at = morning(first_open_day(last + timedelta(days=1), calendar), calendar)
    skipped = _NOT_OVERDUE.get(row.why_not) if row.why_not else None
    return AskedTask(
        plan=row.plan,
        step=row.step.id,
        subject_id=row.subject_id,
        occurrence=row.occurrence,
        asked=row.step.overdue,
        about=row.day,
        due_at=due_at,
        finish_on=None,
        outcome=Skip(skipped) if skipped else Ask(due_at),
    )


_NOT_OVERDUE: Final = {
    NoDate.SWITCHED_OFF: Reason.SWITCHED_OFF,
    NoDate.OVERTAKEN: Reason.OVERTAKEN,
    NoDate.DONE: Reason.ATTENDED,
    NoDate.COVERED: Reason.MERGED,
    NoDate.TOO_LATE: Reason.TOO_LATE,
}
"""A written date is watched over like the plan's own."""
