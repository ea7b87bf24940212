"""Who was missed and had not come since, at the end of a period."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.ladder import absence, is_interrupted
from service.domain.people import ClientState
from service.domain.period import Period, PeriodKind, period_of
from service.domain.safety import LossKind
from service.reports.absences import GONE, VisitStory, days_missed
from service.reports.counting.definitions import Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, Woman, chunks, women
from service.store.models.care import Visit, VisitEvent
from service.store.models.people import Client, Infant, Person
from service.store.models.safety import Loss

_Slot = tuple[UUID, VisitKind]
"""Whose visits, and of which kind."""


@dataclass(frozen=True)
class _Missed:
    woman: Woman
    slot: _Slot
    story: VisitStory


def absences(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact on the last day of the period, or today, for each kind of visit that somebody missed."""
    on = min(period.last, ground.today)
    if period.first > on:
        return
    missed = list(_missed(ground, on))
    came = _came_by(ground, on, {subject_id for subject_id, _ in (one.slot for one in missed)})
    first: dict[_Slot, tuple[date, Woman]] = {}
    for one in missed:
        for day in days_missed(one.story):
            earliest = first[one.slot][0] if one.slot in first else on
            if came.get(one.slot, date.min) < day < earliest:
                first[one.slot] = day, one.woman
    for (_, kind), (day, woman) in first.items():
        values = {Dimension.SERVICE: str(kind)}
        yield Fact(woman.who, ground.site(woman, on), on, _tags((on - day).days), values)


def _tags(days: int) -> frozenset[str]:
    called = absence(days)
    interrupted = ["interrupted"] if is_interrupted(days) else []
    return frozenset({*([called.value] if called else []), *interrupted})


def _missed(ground: Ground, on: date) -> Iterator[_Missed]:
    """Visits at which somebody was once missed and has not come since, with what happened to them.

    What is called off later, as everything is when somebody dies, was missed all the same.
    """
    rows = ground.reading.connection.execute(
        women()
        .join(Visit, Visit.client_id == Client.id)
        .join(VisitEvent, VisitEvent.visit_id == Visit.id)
        .outerjoin(Infant, Infant.id == Visit.subject_id)
        .where(
            Visit.id.in_(_without_coming(on)),
            or_(VisitEvent.fact != VisitFact.CANCELLED, VisitEvent.recorded_at < _end(ground, on)),
            _was_here(ground, on, Client.id, Client.state),
            or_(Infant.id.is_(None), _was_here(ground, on, Infant.id, Infant.state)),
        )
        .order_by(VisitEvent.recorded_at, VisitEvent.id)
        .add_columns(Visit.id, Visit.subject_id, Visit.kind, VisitEvent.fact, VisitEvent.day)
    )
    found: dict[UUID, _Missed] = {}
    for row in rows:
        one = found.get(row.id)
        if one is None:
            one = found[row.id] = _Missed(ground.woman(row), (row.subject_id, row.kind), [])
        one.story.append((row.fact, row.day))
    yield from found.values()


def _end(ground: Ground, on: date) -> datetime:
    _, end = period_of(PeriodKind.DAY, on).moments(ground.counting.zone)
    return end


def _was_here(
    ground: Ground, on: date, who: InstrumentedAttribute[UUID], state: InstrumentedAttribute[ClientState]
) -> ColumnElement[bool]:
    """Who has not left, or of whom that was written down after the day: figures of the past stay."""
    end = _end(ground, on)
    person, infant = aliased(Person), aliased(Infant)
    died = or_(Loss.infant_id == who, (Loss.client_id == who) & (Loss.kind == LossKind.MATERNAL_DEATH))
    left: list[ScalarSelect[Any]] = [
        select(func.min(Loss.recorded_at)).where(died, Loss.undone_at.is_(None)).scalar_subquery(),
        select(person.erased_at).where(person.id == who).scalar_subquery(),
        select(infant.left_at).where(infant.id == who).scalar_subquery(),
    ]
    later = and_(func.coalesce(*left).is_not(None), *(or_(one.is_(None), one >= end) for one in left))
    return or_(state.not_in(GONE), later)


def _without_coming(on: date) -> Select[UUID]:
    """Visits that were missed, unless whoever it was came to one of that kind after all days that it had."""
    missed, days, other, came = aliased(VisitEvent), aliased(VisitEvent), aliased(Visit), aliased(VisitEvent)
    last = select(func.max(days.day)).where(days.visit_id == Visit.id).correlate(Visit).scalar_subquery()
    day = func.coalesce(came.day, other.day, type_=Visit.day.type)
    since = (
        select(other.id)
        .join(came, came.visit_id == other.id)
        .where(
            other.subject_id == Visit.subject_id,
            other.kind == Visit.kind,
            other.state == VisitState.ATTENDED,
            came.fact == VisitFact.ATTENDED,
            day <= on,
            day >= last,
        )
    )
    once = select(missed.visit_id).where(missed.fact == VisitFact.MISSED)
    return select(Visit.id).where(Visit.id.in_(once), ~since.exists())


def _came_by(ground: Ground, on: date, subjects: Collection[UUID]) -> Mapping[_Slot, date]:
    """The last local day up to ``on`` on which somebody came to a visit of a kind."""
    day = func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type)
    last: dict[_Slot, date] = {}
    for some in chunks(subjects):
        attended = (
            select(Visit.subject_id, Visit.kind, func.max(day))
            .join(VisitEvent, VisitEvent.visit_id == Visit.id)
            .where(
                Visit.subject_id.in_(some),
                Visit.state == VisitState.ATTENDED,
                VisitEvent.fact == VisitFact.ATTENDED,
                day <= on,
            )
            .group_by(Visit.subject_id, Visit.kind)
        )
        for subject_id, kind, came in ground.reading.connection.execute(attended):
            last[subject_id, kind] = came
    return last
