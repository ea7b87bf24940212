"""What people did: tasks acted on, women who returned, and what the safety counters count."""

import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.actions.consent import STOPPED
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.people import OPERATOR, ActorKind, ConsentChannel
from service.domain.period import Period
from service.domain.reason import Reason
from service.domain.tasks import TaskFact, TaskKind
from service.reports.counting.definitions import Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, Row, Women, women
from service.store.models.care import Task, TaskEvent, Visit, VisitEvent
from service.store.models.people import Client, Consent
from service.store.models.plans import RungTaken
from service.store.models.safety import Incident

ACTS: Final = (TaskFact.ACKNOWLEDGED, TaskFact.TRIED, TaskFact.REASSIGNED, TaskFact.CLOSED)
"""What a person does about a task."""

_SETTLED: Final = ("settled", Reason.OVERTAKEN, Reason.LOSS)
"""Why a task closes by itself when something else is recorded; whoever records that did nothing about it."""


def tasks(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each task about a client that was opened in the period."""
    begins, ends = period.moments(ground.counting.zone)
    first_act = (
        select(func.min(TaskEvent.recorded_at))
        .where(
            TaskEvent.task_id == Task.id,
            TaskEvent.event.in_(ACTS),
            func.coalesce(TaskEvent.reason, "").not_in(_SETTLED),
            or_(TaskEvent.actor.startswith(f"{ActorKind.STAFF}:"), TaskEvent.actor == str(OPERATOR)),
        )
        .scalar_subquery()
    )
    about_her = _happened(Task.opened_at, begins, ends, women().join(Task, Task.client_id == Client.id))
    rows = about_her.add_columns(
        Task.kind, Task.urgency, Task.due_at, Task.closed_at, first_act.label("acted_at")
    )
    for row in ground.reading.connection.execute(rows):
        tags, values = (
            _judged(row, ground.reading.now),
            {Dimension.TASK: row.kind, Dimension.URGENCY: row.urgency},
        )
        seconds = (row.acted_at - row.at).total_seconds() if row.acted_at else 0
        yield _fact(ground, row, tags, values, round(seconds))


def _judged(row: Row, now: datetime) -> frozenset[str]:
    """A task that nobody acted on is late once it is due, unless it was settled before."""
    if row.acted_at:
        return frozenset({"acted_on", "judged", *(["in_time"] if row.acted_at <= row.due_at else [])})
    return frozenset({"judged"} if (row.closed_at or now) > row.due_at else ())


def opt_outs(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each stop of hers."""
    begins, ends = period.moments(ground.counting.zone)
    stops = (
        women()
        .join(Consent, Consent.person_id == Client.id)
        .where(Consent.channel == ConsentChannel.SMS, Consent.given.is_(False), Consent.through == STOPPED)
    )
    for row in ground.reading.connection.execute(_happened(Consent.occurred_at, begins, ends, stops)):
        yield _fact(ground, row, frozenset({"stopped"}))


def wrong_numbers(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each client whose number was said to be somebody else's."""
    begins, ends = period.moments(ground.counting.zone)
    asked = women().join(Task, Task.client_id == Client.id).where(Task.kind == TaskKind.WRONG_NUMBER)
    for row in ground.reading.connection.execute(_happened(Task.opened_at, begins, ends, asked)):
        yield _fact(ground, row, _REPORTED)


def incidents(ground: Ground, period: Period) -> Iterator[Fact]:
    begins, ends = period.moments(ground.counting.zone)
    reported = women().join(Incident, Incident.client_id == Client.id)
    for row in ground.reading.connection.execute(_happened(Incident.reported_at, begins, ends, reported)):
        yield _fact(ground, row, _REPORTED)


_REPORTED: Final = frozenset({"reported"})


def _happened(at: InstrumentedAttribute[datetime], begins: datetime, ends: datetime, rows: Women) -> Women:
    """What of it happened in a period, with the moment as ``at``."""
    return rows.where(at >= begins, at < ends).add_columns(at.label("at"))


def _fact(
    ground: Ground,
    row: Row,
    tags: frozenset[str],
    values: Mapping[Dimension, str] = MappingProxyType({}),
    amount: int = 0,
) -> Fact:
    woman, day = ground.woman(row), ground.day(row.at)
    return Fact(woman.who, ground.site(woman, day), day, tags, values, amount)


def returns(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each day on which somebody came again after people had been asked to look for her."""
    came = _days_of_coming(ground)
    rows = ground.reading.connection.execute(
        women()
        .join(Visit, Visit.client_id == Client.id)
        .join(RungTaken, RungTaken.visit_id == Visit.id)
        .add_columns(Visit.subject_id, Visit.kind, RungTaken.day, RungTaken.taken_at)
    )
    for row in rows:
        day = next((day for day in came[row.subject_id, row.kind] if day > row.day), None)
        if day and day in period and ground.day(row.taken_at) <= day:
            woman, values = ground.woman(row), {Dimension.SERVICE: str(row.kind)}
            yield Fact(woman.who, ground.site(woman, day), day, frozenset({"returned"}), values)


def _days_of_coming(ground: Ground) -> Mapping[tuple[UUID, VisitKind], list[date]]:
    """The days, in order, on which whoever was once missed came to a visit of a kind."""
    missed = aliased(Visit)
    sought = select(missed.subject_id).join(RungTaken, RungTaken.visit_id == missed.id)
    attended = (
        select(Visit.subject_id, Visit.kind, func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type))
        .join(VisitEvent, VisitEvent.visit_id == Visit.id)
        .where(
            Visit.subject_id.in_(sought),
            Visit.state == VisitState.ATTENDED,
            VisitEvent.fact == VisitFact.ATTENDED,
        )
    )
    came: dict[tuple[UUID, VisitKind], list[date]] = defaultdict(list)
    for subject_id, kind, day in ground.reading.connection.execute(attended):
        bisect.insort(came[subject_id, kind], day)
    return came
