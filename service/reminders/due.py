"""Which steps a date earns, when each falls due, and what becomes of it. Pure: no clock, no file.

Every step of a plan gives a row, always: what does not go says why.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, assert_never
from uuid import UUID

from service.domain.care import VisitKind
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
from service.reminders.plan import After, Anchor, Late, PerSite, Plan, Step, To, Unless, Whose


@dataclass(frozen=True)
class Known:
    """A local day, and the moment (UTC) at which the service learnt of it."""

    day: date
    at: datetime


@dataclass(frozen=True)
class Subject:
    """A visit, or whatever else has dates of its own: what ``due`` must know of it and no more.

    ``anchors`` are its dates; steps that count from another anchor are not its own. ``interval_days`` is the
    time since the visit before (or the days supplied then). ``missed_at`` is when a person recorded the miss.
    ``told`` counts, per step, the texts that went out about a day that is no longer the date: a date that
    moves earns the step anew. ``switched`` are the steps that its site has turned from their default.
    """

    id: UUID
    whose: Whose
    anchors: Mapping[Anchor, Known]
    kind: VisitKind | None = None
    interval_days: int | None = None
    missed_at: datetime | None = None
    happened: frozenset[Unless] = frozenset()
    switched: frozenset[str] = frozenset()
    told: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Send:
    """To be sent at ``at`` (UTC), which is later than the step's own moment if that had passed."""

    at: datetime


@dataclass(frozen=True)
class Skip:
    reason: Reason


@dataclass(frozen=True)
class HandToPerson:
    reason: Reason


@dataclass(frozen=True)
class Awaits:
    """Still to come, once a person has recorded ``what``."""

    what: After


Outcome = Send | Skip | HandToPerson | Awaits


@dataclass(frozen=True)
class DueStep:
    """One row for the ledger; ``key`` is unique and stays when the date moves.

    ``about`` is the anchor's local day. ``due_at`` and ``latest`` (UTC) are the step's own and last moments.
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


def due(plans: Iterable[Plan], subject: Subject, calendar: Calendar) -> Iterator[DueStep]:
    """A row for each step of ``plans`` that counts from one of the subject's dates.

    ``calendar`` is that of the person who is to be texted (``hours.narrowed``). A step that would share its
    day with a later one of the same subject is merged into that.
    """
    rows = [
        _row(plan.name, step, subject, subject.anchors[step.anchor], calendar)
        for plan in plans
        for step in plan.steps
        if step.anchor in subject.anchors
    ]
    yield from _one_a_day(rows, calendar)


def _row(plan: str, step: Step, subject: Subject, anchor: Known, calendar: Calendar) -> DueStep:
    due_at = _moment(step, anchor.day, calendar)
    latest = _latest(step, anchor.day, calendar)
    return DueStep(
        plan=plan,
        step=step,
        subject_id=subject.id,
        occurrence=subject.told.get(step.id, 0),
        about=anchor.day,
        due_at=due_at,
        latest=latest,
        outcome=_outcome(step, subject, anchor, due_at, latest, calendar),
    )


def _moment(step: Step, anchor: date, calendar: Calendar) -> datetime:
    safe = calendar.safe
    in_hours = safe.starts <= step.at < safe.ends or is_never(safe)
    clock = step.at if in_hours else safe.starts
    return at_local(_day(step, step.offset_days, anchor, calendar), clock, calendar.zone)


def _latest(step: Step, anchor: date, calendar: Calendar) -> datetime:
    """Where her own hours begin only after the plan's clock time, the end of them counts."""
    safe = calendar.safe
    clock = step.latest.at if step.latest.at > safe.starts or is_never(safe) else safe.ends
    return at_local(_day(step, step.latest.days, anchor, calendar), clock, calendar.zone)


def _day(step: Step, offset: int, anchor: date, calendar: Calendar) -> date:
    """Off a closed day, a step before its date moves to an earlier day and one after it to a later."""
    open_day = last_open_day if step.offset_days <= 0 else first_open_day
    return open_day(anchor + timedelta(days=offset), calendar)


def _outcome(
    step: Step, subject: Subject, anchor: Known, due_at: datetime, latest: datetime, calendar: Calendar
) -> Outcome:
    if reason := _not_earned(step, subject):
        return Skip(reason)
    known_at = anchor.at
    if step.after is After.RECORDED_MISS:
        if subject.missed_at is None:
            return Awaits(step.after)
        known_at = max(known_at, subject.missed_at)
    if is_never(calendar.safe):
        return HandToPerson(Reason.NO_SAFE_TIME)
    return Send(due_at) if known_at <= due_at else _when_late(step, known_at, latest, calendar)


def _not_earned(step: Step, subject: Subject) -> Reason | None:
    if _is_off(step, subject.switched):
        return Reason.SWITCHED_OFF
    if step.min_interval_days is not None and (subject.interval_days or 0) < step.min_interval_days:
        return Reason.SHORT_INTERVAL
    return next((_OVERTAKEN[event] for event in Unless if event in step.unless & subject.happened), None)


_OVERTAKEN: Final[dict[Unless, Reason]] = {
    Unless.ATTENDED: Reason.ATTENDED,
    Unless.MISSED: Reason.MISSED,
    Unless.CANCELLED: Reason.CANCELLED_VISIT,
}


def _is_off(step: Step, switched: frozenset[str]) -> bool:
    match step.per_site:
        case PerSite.ALWAYS:
            return False
        case PerSite.ON:
            return step.id in switched
        case PerSite.OFF:
            return step.id not in switched
        case _:
            assert_never(step.per_site)


def _when_late(step: Step, known_at: datetime, latest: datetime, calendar: Calendar) -> Outcome:
    match step.late:
        case Late.SEND_NOW:
            at: datetime | None = known_at
        case Late.NEXT_ALLOWED_HOUR:
            at = next_allowed(known_at, calendar)
        case Late.SKIP | Late.HAND_TO_PERSON:
            at = None
        case _:
            assert_never(step.late)
    return Send(at) if at is not None and at <= latest else too_late(step)


def too_late(step: Step) -> Skip | HandToPerson:
    """What becomes of a step whose latest moment has passed, whether the date or the service was late."""
    return (HandToPerson if step.late is Late.HAND_TO_PERSON else Skip)(Reason.TOO_LATE)


def _one_a_day(rows: Sequence[DueStep], calendar: Calendar) -> Iterator[DueStep]:
    last: dict[tuple[To, date], DueStep] = {}
    for row in sorted(rows, key=lambda row: row.step.offset_days):
        if isinstance(row.outcome, Send):
            last[_phone_day(row, row.outcome, calendar)] = row
    for row in rows:
        merged = isinstance(row.outcome, Send) and last[_phone_day(row, row.outcome, calendar)] is not row
        yield replace(row, outcome=Skip(Reason.MERGED)) if merged else row


def _phone_day(row: DueStep, send: Send, calendar: Calendar) -> tuple[To, date]:
    return row.step.to, local_day(send.at, calendar.zone)
