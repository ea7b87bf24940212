"""What people are asked to do, what they tried, what came of it; and contacts that nobody had asked for."""

from typing import Literal
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field, RootModel
from werkzeug.exceptions import NotFound

from handlers.api.clients import ClientPath, Code, her
from handlers.api.desk import Desk, Listing, Once, Paging, Shape, Strict, listed, me, only, page_for, shown
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
    TaskState,
    Trouble,
)
from service.reports import listed_care, listed_work
from service.reports.listed_care import ListedContact
from service.reports.listed_work import ListedTask, TasksWanted
from service.reports.paging import ONE
from service.store.caseloads import has_task
from service.store.transaction import Transaction


class TaskPath(Strict):
    task: UUID


class TasksQuery(Paging):
    client: Code | None = Field(None, description="The code of a client.")
    state: TaskState | None = None


class Task(RootModel[ListedTask]):
    """What somebody is asked to do."""


class Tasks(Listing[ListedTask]):
    pass


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


class Contacts(Listing[ListedContact]):
    pass


class Noted(Shape):
    client: str


def add_tasks(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/tasks", responses={200: Tasks})
    def tasks(query: TasksQuery) -> Response:
        """Tasks, about one client or in one state where that is asked"""
        caseload, wanted = me().caseload, TasksWanted(code=query.client, state=query.state)
        rows = desk.ask(lambda reading: listed_work.tasks(reading, caseload, page_for(query), wanted))
        return listed(Tasks, rows, query)

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
        return listed(Contacts, rows, query)

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
    return Task(only(rows))


def _insist_on(tx: Transaction, caseload: Caseload, task_id: UUID) -> None:
    if not has_task(tx, caseload, task_id):
        raise NotFound


def _insist(fault: TaskFault | None, task_id: UUID) -> str:
    if fault:
        raise Refused(409, fault)
    return str(task_id)
