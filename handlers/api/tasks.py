"""What people are asked to do, what they tried, what came of it; and contacts that nobody had asked for."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field
from werkzeug.exceptions import NotFound

from handlers.api.clients import ClientPath, Code, her
from handlers.api.desk import Desk, Once, Paging, Shape, Strict, cut, me, page_for, shown
from handlers.api.problem import Refused
from service.actions import contacts as contact_actions
from service.actions import task_life
from service.actions.task_life import Closing, TaskFault
from service.domain.care import ContactMode
from service.domain.caseload import Caseload
from service.domain.ids import new_id
from service.domain.tasks import (
    FollowUpMethod,
    FollowUpOutcome,
    FollowUpReason,
    InformationSource,
    TaskKind,
    TaskState,
    Trouble,
    Urgency,
)
from service.reports import listed_care, listed_work
from service.reports.listed_work import TasksWanted
from service.reports.paging import ONE
from service.store.caseloads import has_task
from service.store.transaction import Transaction


class TaskPath(Strict):
    task: UUID


class TasksQuery(Paging):
    client: Code | None = Field(None, description="The code of a client.")
    state: TaskState | None = None


class Task(Shape):
    """``tries`` are those that were in vain."""

    id: UUID
    kind: TaskKind
    urgency: Urgency
    state: TaskState
    client: str | None
    site: str | None
    visit: UUID | None
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    tries: int
    method: FollowUpMethod | None
    outcome: FollowUpOutcome | None
    reason: str | None


class Tasks(Shape):
    items: list[Task]
    next: UUID | None


class TryBody(Strict):
    method: FollowUpMethod


class ClosingBody(Strict):
    outcome: FollowUpOutcome
    method: FollowUpMethod | None = None
    reason: FollowUpReason | None = None
    source: InformationSource | None = None
    troubles: set[Trouble] = Field(default_factory=set)


class ContactBody(Strict):
    mode: Literal["call", "whatsapp", "home_visit", "facility_visit"]


class Contact(Shape):
    id: UUID
    mode: ContactMode
    occurred_at: datetime


class Contacts(Shape):
    items: list[Contact]
    next: UUID | None


class Noted(Shape):
    client: str


def add_tasks(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/tasks", responses={200: Tasks})
    def tasks(query: TasksQuery) -> Response:
        """Tasks, about one client or in one state where that is asked"""
        caseload, wanted = me().caseload, TasksWanted(code=query.client, state=query.state)
        rows = desk.ask(lambda reading: listed_work.tasks(reading, caseload, page_for(query), wanted))
        items, following = cut(rows, query)
        return shown(Tasks(items=[Task.model_validate(row) for row in items], next=following))

    @api.get("/tasks/<string:task>", responses={200: Task})
    def task(path: TaskPath) -> Response:
        """One task"""
        return shown(_task(desk, path.task))

    @api.post("/tasks/<string:task>/tries", responses={200: Task})
    def note_try(path: TaskPath, header: Once, body: TryBody) -> Response:
        """Note that she was sought and not reached"""
        caseload = me().caseload

        def note(tx: Transaction) -> str:
            _insist_on(tx, caseload, path.task)
            return _insist(task_life.note_try(tx, path.task, body.method), path.task)

        desk.act(header, note)
        return shown(_task(desk, path.task))

    @api.post("/tasks/<string:task>/close", responses={200: Task})
    def close_task(path: TaskPath, header: Once, body: ClosingBody) -> Response:
        """Close a task with what came of it"""
        caseload = me().caseload
        closing = Closing(body.outcome, body.method, body.reason, body.source, frozenset(body.troubles))

        def close(tx: Transaction) -> str:
            _insist_on(tx, caseload, path.task)
            return _insist(task_life.close_task(tx, desk.parts.programme, path.task, closing), path.task)

        desk.act(header, close)
        return shown(_task(desk, path.task))

    _add_contacts(api, desk)


def _add_contacts(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/clients/<string:code>/contacts", responses={200: Contacts})
    def contacts(path: ClientPath, query: Paging) -> Response:
        """The completed two-way contacts with a client"""
        caseload = me().caseload
        desk.ask(lambda reading: her(reading, caseload, path.code))
        rows = desk.ask(lambda reading: listed_care.contacts(reading, caseload, page_for(query), path.code))
        items, following = cut(rows, query)
        return shown(Contacts(items=[Contact.model_validate(row) for row in items], next=following))

    @api.post("/clients/<string:code>/contacts", responses={201: Noted})
    def note_contact(path: ClientPath, header: Once, body: ContactBody) -> Response:
        """Note a completed two-way contact"""
        caseload = me().caseload

        def note(tx: Transaction) -> str:
            woman, mode = her(tx, caseload, path.code), ContactMode(body.mode)
            contact_actions.note_contact(tx, woman, mode, "api", new_id())
            return woman.code

        return shown(Noted(client=desk.act(header, note)), 201)


def _task(desk: Desk, task_id: UUID) -> Task:
    caseload = me().caseload
    rows = desk.ask(lambda reading: listed_work.tasks(reading, caseload, ONE, TasksWanted(task_id)))
    if not rows:
        raise NotFound
    return Task.model_validate(rows[0])


def _insist_on(tx: Transaction, caseload: Caseload, task_id: UUID) -> None:
    if not has_task(tx, caseload, task_id):
        raise NotFound


def _insist(fault: TaskFault | None, task_id: UUID) -> str:
    if fault:
        raise Refused(409, fault)
    return str(task_id)
