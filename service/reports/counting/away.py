"""Who was missed and had not come since, at the end of a period."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.ladder import absence, is_interrupted
from service.domain.period import Period
from service.reports.absences import GONE, VisitStory, days_missed
from service.reports.counting.definitions import Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, Woman, women
from service.store.models.care import Visit, VisitEvent
from service.store.models.people import Client, Infant

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
    came = _came_by(ground, on)
    first: dict[_Slot, tuple[date, Woman]] = {}
    for missed in _missed(ground):
        for day in days_missed(missed.story):
            earliest = first[missed.slot][0] if missed.slot in first else on
            if came.get(missed.slot, date.min) < day < earliest:
                first[missed.slot] = day, missed.woman
    for (_, kind), (day, woman) in first.items():
        values = {Dimension.SERVICE: str(kind)}
        yield Fact(woman.who, ground.site(woman, on), on, _tags((on - day).days), values)


def _tags(days: int) -> frozenset[str]:
    called = absence(days)
    interrupted = ["interrupted"] if is_interrupted(days) else []
    return frozenset({*([called.value] if called else []), *interrupted})


def _missed(ground: Ground) -> Iterator[_Missed]:
    """Every visit at which somebody was once missed, with what happened to it."""
    event = aliased(VisitEvent)
    once = select(event.visit_id).where(event.fact == VisitFact.MISSED)
    rows = ground.reading.connection.execute(
        women()
        .join(Visit, Visit.client_id == Client.id)
        .join(VisitEvent, VisitEvent.visit_id == Visit.id)
        .outerjoin(Infant, Infant.id == Visit.subject_id)
        .where(
            Visit.id.in_(once),
            Client.state.not_in(GONE),
            or_(Infant.id.is_(None), Infant.state.not_in(GONE)),
        )
        .order_by(VisitEvent.recorded_at, VisitEvent.id)
        .add_columns(Visit.id, Visit.subject_id, Visit.kind, VisitEvent.fact, VisitEvent.day)
    )
    found: dict[UUID, _Missed] = {}
    for row in rows:
        slot = row.subject_id, row.kind
        one = found.setdefault(row.id, _Missed(ground.woman(row), slot, []))
        one.story.append((row.fact, row.day))
    yield from found.values()


def _came_by(ground: Ground, on: date) -> Mapping[_Slot, date]:
    """The last local day up to ``on`` on which whoever was once missed came to a visit of a kind."""
    missed = aliased(Visit)
    sought = (
        select(missed.subject_id)
        .join(VisitEvent, VisitEvent.visit_id == missed.id)
        .where(VisitEvent.fact == VisitFact.MISSED)
    )
    day = func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type)
    attended = (
        select(Visit.subject_id, Visit.kind, day)
        .join(VisitEvent, VisitEvent.visit_id == Visit.id)
        .where(
            Visit.subject_id.in_(sought),
            Visit.state == VisitState.ATTENDED,
            VisitEvent.fact == VisitFact.ATTENDED,
        )
    )
    last: dict[_Slot, date] = defaultdict(lambda: date.min)
    for subject_id, kind, came in ground.reading.connection.execute(attended):
        if came <= on:
            last[subject_id, kind] = max(last[subject_id, kind], came)
    return last
