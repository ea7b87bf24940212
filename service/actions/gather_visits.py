"""Reading the visits of families, with what happened and what was done at each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from service.actions.family import VisitDates
from service.domain.care import Done, VisitFact, VisitState
from service.domain.tasks import FollowUpOutcome, TaskKind
from service.reminders.subject import Known
from service.store.models.care import Task, Visit, VisitEvent
from service.store.models.plans import DoneAtVisit
from service.store.transaction import Reading

T = TypeVar("T")

Grouped = Mapping[UUID, tuple[T, ...]]


THESE: Final[BindParameter[Any]] = bindparam("these", expanding=True)
"""Those whose rows are asked for. The statements are made once: to build one costs more than to run it."""

_VISITS: Final = (
    select(
        Visit.client_id,
        Visit.id,
        Visit.subject_id,
        Visit.kind,
        Visit.day,
        Visit.state,
        Visit.known_at,
        Visit.interval_days,
        Visit.days_supplied,
        Visit.confirmed_at,
        Visit.dated_by_person,
        Visit.earned_step,
        Visit.earned_from,
        Visit.earned_occurrence,
        Visit.event_id,
    )
    .where(Visit.client_id.in_(THESE))
    .order_by(Visit.day, Visit.id)
)


def visits_of(reading: Reading, client_ids: Sequence[UUID]) -> Grouped[VisitDates]:
    facts, done = _facts(reading, client_ids), _done(reading, client_ids)
    referred = _referred(reading, done)
    return grouped(
        (row.client_id, _visit(row, facts, done.get(row.id, ()), referred))
        for row in reading.connection.execute(_VISITS, {"these": client_ids})
    )


_Facts = Mapping[tuple[UUID, VisitFact], tuple[date | None, datetime]]
"""The last time that a visit was recorded as attended, or as missed: the day that was named, and when."""


def _visit(row: Any, facts: _Facts, done: Iterable[Done], referred: Collection[UUID]) -> VisitDates:
    came_on, came_at = facts.get((row.id, VisitFact.ATTENDED), (None, row.known_at))
    _, missed_at = facts.get((row.id, VisitFact.MISSED), (None, None))
    earned = row.earned_step and (row.earned_step, row.earned_from, row.earned_occurrence)
    return VisitDates(
        id=row.id,
        subject_id=row.subject_id,
        kind=row.kind,
        day=row.day,
        state=row.state,
        known_at=row.known_at,
        interval_days=row.interval_days,
        days_supplied=row.days_supplied,
        confirmed=row.confirmed_at is not None,
        dated_by_person=row.dated_by_person,
        earned=earned or None,
        came=Known(came_on or row.day, came_at) if row.state is VisitState.ATTENDED else None,
        missed_at=missed_at if row.state is VisitState.MISSED else None,
        done=frozenset(done),
        referral_done=row.id in referred,
        event_id=row.event_id,
    )


_FACTS: Final = (
    select(VisitEvent.visit_id, VisitEvent.fact, VisitEvent.day, VisitEvent.recorded_at)
    .join(Visit, Visit.id == VisitEvent.visit_id)
    .where(Visit.client_id.in_(THESE), VisitEvent.fact.in_((VisitFact.ATTENDED, VisitFact.MISSED)))
    .order_by(VisitEvent.recorded_at, VisitEvent.id)
)


def _facts(reading: Reading, client_ids: Sequence[UUID]) -> _Facts:
    rows = reading.connection.execute(_FACTS, {"these": client_ids})
    return {(visit_id, fact): (day, at) for visit_id, fact, day, at in rows}


_DONE: Final = (
    select(DoneAtVisit.visit_id, DoneAtVisit.done)
    .join(Visit, Visit.id == DoneAtVisit.visit_id)
    .where(Visit.client_id.in_(THESE))
)


def _done(reading: Reading, client_ids: Sequence[UUID]) -> Grouped[Done]:
    rows = reading.connection.execute(_DONE, {"these": client_ids})
    return grouped((visit_id, done) for visit_id, done in rows)


def _referred(reading: Reading, done: Grouped[Done]) -> frozenset[UUID]:
    """The visits after which a person noted that the referral was completed."""
    led_on = [visit_id for visit_id, those in done.items() if Done.LEEP_REFERRAL in those]
    if not led_on:
        return frozenset()
    completed = select(Task.visit_id).where(
        Task.kind == TaskKind.REFERRAL, Task.visit_id.in_(led_on), Task.outcome == FollowUpOutcome.DONE
    )
    return frozenset(visit_id for visit_id in reading.connection.scalars(completed) if visit_id)


def grouped(pairs: Iterable[tuple[UUID, T]]) -> dict[UUID, tuple[T, ...]]:
    """What belongs to each id, in the order in which it came."""
    found: dict[UUID, list[T]] = defaultdict(list)
    for owner, one in pairs:
        found[owner].append(one)
    return {owner: tuple(those) for owner, those in found.items()}
