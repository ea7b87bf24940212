"""What is to do today: tasks by urgency, who is expected, and which days of a site are still open."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy import Row as ResultRow
from sqlalchemy.orm import aliased

from service.domain.care import VisitKind, VisitState
from service.domain.caseload import Caseload
from service.domain.tasks import TaskFact, TaskKind, TaskState, Urgency
from service.store.caseloads import clients_in, tasks_in
from service.store.models.care import SiteDay, Task, TaskEvent, Visit
from service.store.models.people import Client, Person, Site
from service.store.transaction import Reading

CLOSES_FOR: Final = timedelta(days=7)
"""How long after it a day may still be closed; whoever was not marked by then has a task of her own."""

_RANK: Final = {Urgency.NOW: 0, Urgency.TODAY: 1, Urgency.SOON: 2}


@dataclass(frozen=True)
class TaskRow:
    """An open task. ``code`` and ``nickname`` are the client's, if it is about one; ``tried`` how often."""

    id: UUID
    kind: TaskKind
    urgency: Urgency
    state: TaskState
    opened_at: datetime
    due_at: datetime
    note: str | None = field(repr=False)
    code: str | None
    nickname: str | None = field(repr=False)
    site: str | None
    owner_id: UUID | None
    owner: str | None = field(repr=False)
    phone_id: UUID | None
    visit_id: UUID | None
    visit_day: date | None
    visit_kind: VisitKind | None
    tried: int

    @property
    def alarms(self) -> bool:
        """Somebody is in danger and nobody has said "I have it"."""
        return self.urgency is Urgency.NOW and self.state is TaskState.OPEN


def open_tasks(reading: Reading, caseload: Caseload, most: int) -> tuple[TaskRow, ...]:
    """What is to do, the most urgent first; among those what nobody has taken yet, and what is due first."""
    return _tasks(reading, tasks_in(caseload), most)


def open_task(reading: Reading, caseload: Caseload, task_id: UUID) -> TaskRow | None:
    return next(iter(_tasks(reading, tasks_in(caseload) & (Task.id == task_id), 1)), None)


def tasks_about(reading: Reading, caseload: Caseload, client_id: UUID, most: int) -> tuple[TaskRow, ...]:
    return _tasks(reading, tasks_in(caseload) & (Task.client_id == client_id), most)


_HER, _OWNER = aliased(Person), aliased(Person)
_TRIED: Final = (
    select(func.count())
    .select_from(TaskEvent)
    .where(TaskEvent.task_id == Task.id, TaskEvent.event == TaskFact.TRIED)
    .correlate(Task)
    .scalar_subquery()
)


def _tasks(reading: Reading, which: ColumnElement[bool], most: int) -> tuple[TaskRow, ...]:
    rows = reading.connection.execute(
        select(
            Task.id,
            Task.kind,
            Task.urgency,
            Task.state,
            Task.opened_at,
            Task.due_at,
            Task.note,
            Client.id.label("client_id"),
            Client.code,
            _HER.name.label("nickname"),
            Site.name.label("site"),
            Task.owner_id,
            _OWNER.name.label("owner"),
            Task.phone_id,
            Task.visit_id,
            Visit.day.label("visit_day"),
            Visit.kind.label("visit_kind"),
            _TRIED.label("tried"),
        )
        .outerjoin(Client, Client.id == Task.client_id)
        .outerjoin(_HER, _HER.id == Task.client_id)
        .outerjoin(Site, Site.id == func.coalesce(Task.site_id, Client.site_id))
        .outerjoin(_OWNER, _OWNER.id == Task.owner_id)
        .outerjoin(Visit, Visit.id == Task.visit_id)
        .where(which, Task.state != TaskState.CLOSED)
        .order_by(case(_RANK, value=Task.urgency), Task.state.desc(), Task.due_at, Task.id)
        .limit(most)
    )
    return tuple(_task(reading, row) for row in rows)


def _task(reading: Reading, row: ResultRow[*tuple[object, ...]]) -> TaskRow:
    opened = reading.vault.open_if
    return TaskRow(
        id=row.id,
        kind=row.kind,
        urgency=row.urgency,
        state=row.state,
        opened_at=row.opened_at,
        due_at=row.due_at,
        note=opened(Task.note, row.id, row.note),
        code=row.code,
        nickname=opened(Person.name, row.client_id, row.nickname),
        site=row.site,
        owner_id=row.owner_id,
        owner=opened(Person.name, row.owner_id, row.owner),
        phone_id=row.phone_id,
        visit_id=row.visit_id,
        visit_day=row.visit_day,
        visit_kind=row.visit_kind,
        tried=row.tried,
    )


@dataclass(frozen=True)
class ExpectedRow:
    """Somebody who is expected on a local day. ``confirmed`` is her own word that she will come."""

    visit_id: UUID
    kind: VisitKind
    day: date
    at: time | None
    state: VisitState
    confirmed: bool
    code: str
    nickname: str = field(repr=False)
    site: str


def expected(reading: Reading, caseload: Caseload, day: date, most: int) -> tuple[ExpectedRow, ...]:
    """Who is expected on a local day, those in front of whom nothing is recorded yet."""
    return _expected(reading, clients_in(caseload) & (Visit.day == day), most)


def one_expected(reading: Reading, caseload: Caseload, visit_id: UUID) -> ExpectedRow | None:
    return next(iter(_expected(reading, clients_in(caseload) & (Visit.id == visit_id), 1)), None)


def _expected(reading: Reading, which: ColumnElement[bool], most: int) -> tuple[ExpectedRow, ...]:
    rows = reading.connection.execute(
        select(
            Visit.id,
            Visit.kind,
            Visit.day,
            Visit.at,
            Visit.state,
            Visit.confirmed_at,
            Client.id.label("client_id"),
            Client.code,
            Person.name,
            Site.name.label("site"),
        )
        .join(Client, Client.id == Visit.client_id)
        .join(Person, Person.id == Client.id)
        .join(Site, Site.id == Client.site_id)
        .where(which, Visit.state.not_in((VisitState.CANCELLED, VisitState.INVITED)))
        .order_by(Visit.state.in_(_RECORDED), Visit.at, Client.code, Visit.id)
        .limit(most)
    )
    return tuple(
        ExpectedRow(
            visit_id=row.id,
            kind=row.kind,
            day=row.day,
            at=row.at,
            state=row.state,
            confirmed=row.confirmed_at is not None,
            code=row.code,
            nickname=reading.vault.open_if(Person.name, row.client_id, row.name) or "",
            site=row.site,
        )
        for row in rows
    )


_RECORDED: Final = (VisitState.ATTENDED, VisitState.MISSED)


@dataclass(frozen=True)
class OpenDay:
    """A day that a site has not closed. ``unmarked`` of its visits would become missed."""

    site_id: UUID
    site: str
    day: date
    unmarked: int


def open_days(reading: Reading, site_ids: Collection[UUID] | None, today: date) -> tuple[OpenDay, ...]:
    """The days up to ``today`` that may be closed at these sites (``None``: at all), the oldest first."""
    closed = select(SiteDay.id).where(SiteDay.site_id == Client.site_id, SiteDay.day == Visit.day).exists()
    at_sites = Client.site_id.in_(site_ids) if site_ids is not None else Client.site_id.is_not(None)
    rows = reading.connection.execute(
        select(Client.site_id, Site.name, Visit.day, func.count())
        .join(Client, Client.id == Visit.client_id)
        .join(Site, Site.id == Client.site_id)
        .where(
            at_sites,
            ~closed,
            Visit.day.between(today - CLOSES_FOR, today),
            Visit.state.in_((VisitState.PLANNED, VisitState.NOT_KNOWN)),
        )
        .group_by(Client.site_id, Site.name, Visit.day)
        .order_by(Visit.day, Site.name)
    )
    return tuple(OpenDay(*row) for row in rows)
