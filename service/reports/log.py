"""What the service did about some people and why, gathered from what it keeps anyway."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from service.domain.care import ContactMode, VisitFact, VisitKind
from service.domain.ledger import LedgerState
from service.domain.message import MessageState
from service.domain.people import ConsentChannel
from service.domain.tasks import TaskKind, Urgency
from service.store.models.care import Contact, Task, TaskEvent, Visit, VisitEvent
from service.store.models.messages import Inbound, LedgerEntry, Message, UssdSession
from service.store.models.people import Consent
from service.store.transaction import Reading


@dataclass(frozen=True)
class Scope:
    """Whom a log is about: a client, and the phones over which she and her Mentor Mother are reached.

    ``phone_indexes`` are the blind indexes of these phones.
    """

    client_id: UUID
    phone_ids: tuple[UUID, ...]
    phone_indexes: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True)
class ReminderEnded:
    """A planned reminder that came to an end. ``speaks_of`` is the local day of the visit."""

    at: datetime
    step: str
    speaks_of: date
    state: LedgerState
    reason: str | None


@dataclass(frozen=True)
class TextPut:
    """A text in the outbox, and where it stands now. ``step`` names the reminder that it carries."""

    at: datetime
    text_id: str
    step: str | None
    phone_id: UUID
    state: MessageState
    reason: str | None


@dataclass(frozen=True)
class TaskChanged:
    at: datetime
    event: str
    kind: TaskKind
    urgency: Urgency
    due_at: datetime
    note: str | None = field(repr=False)


@dataclass(frozen=True)
class TextHeard:
    """A text that came in, and what it was taken for."""

    at: datetime
    phone_id: UUID | None
    meaning: str | None


@dataclass(frozen=True)
class VisitNoted:
    at: datetime
    fact: VisitFact
    kind: VisitKind
    day: date


@dataclass(frozen=True)
class Dialled:
    """A USSD dialogue: the screen that was shown last, and how it ended if it did."""

    at: datetime
    turns: int
    screen: str
    completed: bool | None


@dataclass(frozen=True)
class Agreed:
    """A yes or a no to texts."""

    at: datetime
    given: bool
    through: str


@dataclass(frozen=True)
class ContactNoted:
    """A completed two-way contact, which counts towards the reports."""

    at: datetime
    mode: ContactMode


Line = ReminderEnded | TextPut | TaskChanged | TextHeard | VisitNoted | Dialled | Agreed | ContactNoted


def log(reading: Reading, scope: Scope, most: int) -> tuple[Line, ...]:
    """The newest lines, the newest first; of one moment, what followed comes before what caused it."""
    lines = [line for ask in _QUESTIONS for line in ask(reading, scope, most)]
    return tuple(sorted(lines, key=lambda line: line.at)[::-1][:most])


def reminders_ended(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(
            LedgerEntry.ended_at,
            LedgerEntry.step,
            LedgerEntry.speaks_of,
            LedgerEntry.state,
            LedgerEntry.reason,
        )
        .where(LedgerEntry.client_id == scope.client_id, LedgerEntry.ended_at.is_not(None))
        .order_by(LedgerEntry.ended_at.desc())
        .limit(most)
    )
    return [
        ReminderEnded(at, step, speaks_of, state, reason) for at, step, speaks_of, state, reason in rows if at
    ]


def texts_put(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(
            Message.created_at,
            Message.text_id,
            Message.step,
            Message.phone_id,
            Message.state,
            Message.reason,
        )
        .where(Message.phone_id.in_(scope.phone_ids))
        .order_by(Message.created_at.desc())
        .limit(most)
    )
    return [TextPut(*row) for row in rows]


def tasks_changed(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(
            TaskEvent.recorded_at, TaskEvent.event, Task.kind, Task.urgency, Task.due_at, Task.id, Task.note
        )
        .join(Task, Task.id == TaskEvent.task_id)
        .where(_of_scope(scope))
        .order_by(TaskEvent.recorded_at.desc())
        .limit(most)
    )
    return [
        TaskChanged(at, event, kind, urgency, due_at, reading.vault.open_if(Task.note, task_id, note))
        for at, event, kind, urgency, due_at, task_id, note in rows
    ]


def _of_scope(scope: Scope) -> ColumnElement[bool]:
    """Her tasks, and those about a phone of which nobody knows who of several people holds it."""
    nobodys = Task.client_id.is_(None) & Task.phone_id.in_(scope.phone_ids)
    return (Task.client_id == scope.client_id) | nobodys


def texts_heard(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(Inbound.recorded_at, Inbound.phone_id, Inbound.meaning)
        .where(Inbound.phone_id.in_(scope.phone_ids))
        .order_by(Inbound.recorded_at.desc())
        .limit(most)
    )
    return [TextHeard(*row) for row in rows]


def visits_noted(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(VisitEvent.recorded_at, VisitEvent.fact, Visit.kind, Visit.day)
        .join(Visit, Visit.id == VisitEvent.visit_id)
        .where(Visit.client_id == scope.client_id)
        .order_by(VisitEvent.recorded_at.desc())
        .limit(most)
    )
    return [VisitNoted(*row) for row in rows]


def dialled(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(UssdSession.updated_at, UssdSession.turns, UssdSession.screen, UssdSession.completed)
        .where(UssdSession.phone_index.in_(scope.phone_indexes))
        .order_by(UssdSession.updated_at.desc())
        .limit(most)
    )
    return [Dialled(*row) for row in rows]


def agreed(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(Consent.recorded_at, Consent.given, Consent.through)
        .where(Consent.person_id == scope.client_id, Consent.channel == ConsentChannel.SMS)
        .order_by(Consent.recorded_at.desc())
        .limit(most)
    )
    return [Agreed(*row) for row in rows]


def contacts_noted(reading: Reading, scope: Scope, most: int) -> list[Line]:
    rows = reading.connection.execute(
        select(Contact.recorded_at, Contact.mode)
        .where(Contact.client_id == scope.client_id)
        .order_by(Contact.recorded_at.desc())
        .limit(most)
    )
    return [ContactNoted(*row) for row in rows]


_QUESTIONS: Final[tuple[Callable[[Reading, Scope, int], list[Line]], ...]] = (
    dialled,
    texts_heard,
    agreed,
    visits_noted,
    contacts_noted,
    tasks_changed,
    texts_put,
    reminders_ended,
)
"""In the order of cause and effect, which decides between lines of one moment."""
