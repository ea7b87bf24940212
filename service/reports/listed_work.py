"""Texts, the ledger and tasks as another system pages through them; never a name, a number or a text.

Each question takes the caseload of whoever asks, which stands in the query itself. A row is what the API
shows, field by field: whatever is added here is told to other systems.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from service.domain.caseload import Caseload
from service.domain.ledger import LedgerKind, LedgerState
from service.domain.message import MessageClass, MessageState
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, TaskFact, TaskKind, TaskState, Urgency
from service.reports.paging import Page, matching
from service.store.caseloads import clients_in, tasks_in
from service.store.models.care import Task, TaskEvent
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client, Site
from service.store.transaction import Reading


@dataclass(frozen=True)
class ListedMessage:
    id: UUID
    client: str
    message_class: MessageClass
    step: str | None
    state: MessageState
    reason: str | None
    attempts: int
    parts: int
    created_at: datetime
    sent_at: datetime | None
    final_at: datetime | None


@dataclass(frozen=True)
class MessagesWanted:
    message_id: UUID | None = None
    code: str | None = None
    state: MessageState | None = None

    def condition(self) -> ColumnElement[bool]:
        return matching(
            ((Message.id, self.message_id), (Client.code, self.code), (Message.state, self.state))
        )


def messages(
    reading: Reading, caseload: Caseload, page: Page, wanted: MessagesWanted
) -> tuple[ListedMessage, ...]:
    """Texts to the clients of a caseload, without what they say."""
    asked = (
        select(
            Message.id,
            Client.code.label("client"),
            Message.message_class,
            Message.step,
            Message.state,
            Message.reason,
            Message.attempts,
            Message.parts,
            Message.created_at,
            Message.sent_at,
            Message.final_at,
        )
        .join(Client, Client.id == Message.person_id)
        .where(clients_in(caseload), wanted.condition())
    )
    return page.of(reading, ListedMessage, asked, Message.id)


@dataclass(frozen=True)
class ListedReminder:
    """One row of the ledger: what was planned, and what became of it and why."""

    id: UUID
    kind: LedgerKind
    plan: str
    step: str
    speaks_of: date
    due_at: datetime
    state: LedgerState
    reason: str | None
    message: UUID | None
    ended_at: datetime | None


def reminders(reading: Reading, caseload: Caseload, page: Page, code: str) -> tuple[ListedReminder, ...]:
    """The ledger of one client."""
    asked = (
        select(
            LedgerEntry.id,
            LedgerEntry.kind,
            LedgerEntry.plan,
            LedgerEntry.step,
            LedgerEntry.speaks_of,
            LedgerEntry.due_at,
            LedgerEntry.state,
            LedgerEntry.reason,
            LedgerEntry.message_id.label("message"),
            LedgerEntry.ended_at,
        )
        .join(Client, Client.id == LedgerEntry.client_id)
        .where(clients_in(caseload), Client.code == code)
    )
    return page.of(reading, ListedReminder, asked, LedgerEntry.id)


@dataclass(frozen=True)
class ListedTask:
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


@dataclass(frozen=True)
class TasksWanted:
    task_id: UUID | None = None
    code: str | None = None
    state: TaskState | None = None

    def condition(self) -> ColumnElement[bool]:
        return matching(((Task.id, self.task_id), (Client.code, self.code), (Task.state, self.state)))


def tasks(reading: Reading, caseload: Caseload, page: Page, wanted: TasksWanted) -> tuple[ListedTask, ...]:
    """What people were asked to do."""
    tried = select(func.count()).where(TaskEvent.task_id == Task.id, TaskEvent.event == TaskFact.TRIED)
    her_site, its_site = aliased(Site), aliased(Site)
    asked = (
        select(
            Task.id,
            Task.kind,
            Task.urgency,
            Task.state,
            Client.code.label("client"),
            func.coalesce(its_site.name, her_site.name).label("site"),
            Task.visit_id.label("visit"),
            Task.opened_at,
            Task.due_at,
            Task.closed_at,
            tried.correlate(Task).scalar_subquery().label("tries"),
            Task.method,
            Task.outcome,
            Task.reason,
        )
        .outerjoin(Client, Client.id == Task.client_id)
        .outerjoin(her_site, her_site.id == Client.site_id)
        .outerjoin(its_site, its_site.id == Task.site_id)
        .where(tasks_in(caseload), wanted.condition())
    )
    return page.of(reading, ListedTask, asked, Task.id)
