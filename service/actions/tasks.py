"""Tasks: what a person is asked to do, by when, and whose it is."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from service.actions.announce import Fact, announce
from service.actions.roster import on_call, who_acts, who_acts_at
from service.domain.cascade import EDGE_OF
from service.domain.ids import new_id
from service.domain.news import Event
from service.domain.people import Role
from service.domain.tasks import (
    FollowUpMethod,
    FollowUpOutcome,
    InformationSource,
    TaskFact,
    TaskKind,
    TaskState,
    Urgency,
)
from service.store.models.care import Task, TaskEvent
from service.store.transaction import Reading, Transaction

DUE_WITHIN: Final[dict[Urgency, timedelta]] = {
    Urgency.NOW: timedelta(minutes=10),
    Urgency.TODAY: timedelta(hours=8),
    Urgency.SOON: timedelta(days=2),
}
"""How long a person has to act; ten minutes is the first step of the danger ladder. To be approved."""

URGENCY: Final[dict[TaskKind, Urgency]] = {
    TaskKind.DANGER: Urgency.NOW,
    TaskKind.GATEWAY: Urgency.NOW,
    **dict.fromkeys(
        (
            TaskKind.CALL_ME,
            TaskKind.NEEDS_HELP,
            TaskKind.NEW_DATE,
            TaskKind.WRONG_NUMBER,
            TaskKind.HELP_ASKED,
            TaskKind.READ_MESSAGE,
            TaskKind.MEANT_DATE,
            TaskKind.MISSED_VISIT,
            TaskKind.INCIDENT,
            TaskKind.CREDIT,
            TaskKind.NO_ANSWER,
            TaskKind.CALL_MISSED,
            TaskKind.TAKE_OVER,
            TaskKind.INTERRUPTION,
            TaskKind.TEST_OVERDUE,
            TaskKind.CHASE_RESULT,
            TaskKind.GIVE_RESULT,
            TaskKind.SEE_AT_ONCE,
            TaskKind.RECORD_SAMPLE,
            TaskKind.FIND_GUARDIAN,
            TaskKind.DISCLOSURE,
            TaskKind.TRANSFER_RETURNED,
            TaskKind.PIN_LOCKED,
            TaskKind.EARLY_REFILL,
            TaskKind.GOING_AWAY,
            TaskKind.SIDE_EFFECTS,
            TaskKind.SAFETY,
            TaskKind.LOSS,
        ),
        Urgency.TODAY,
    ),
    **dict.fromkeys(
        (
            TaskKind.DID_SHE_COME,
            TaskKind.CHECK_NUMBER,
            TaskKind.NOT_DELIVERED,
            TaskKind.SAYS_ATTENDED,
            TaskKind.HOME_VISIT,
            TaskKind.NEW_SAMPLE,
            TaskKind.ASK_WEANING,
            TaskKind.CHECK_WITH_NURSE,
            TaskKind.REFERRAL,
            TaskKind.MOOD,
            TaskKind.ACCEPT_TRANSFER,
            TaskKind.TELL_RECIPIENTS,
            TaskKind.VERIFY,
            TaskKind.WEANED,
            TaskKind.CONTACT,
        ),
        Urgency.SOON,
    ),
}
"""How soon each is usually to be done; a plan may say otherwise."""


SETTLED_BY_A_CALL: Final = frozenset(
    {TaskKind.CALL_ME, TaskKind.NEEDS_HELP, TaskKind.HELP_ASKED, TaskKind.NO_ANSWER}
)


@dataclass(frozen=True)
class NewTask:
    """``note`` is what to read, often her own words. One task is open for a matter (``about``) at a time.

    ``site_id`` is for what concerns a site and no single client; ``subject_id`` is the infant, if it is
    about one. ``urgency``, ``owner`` and ``finish_by`` (UTC) are the plan's, where one asks for it. ``tries``
    is how often to try, at different hours, before it may be closed in vain.
    """

    kind: TaskKind
    client_id: UUID | None = None
    visit_id: UUID | None = None
    phone_id: UUID | None = None
    site_id: UUID | None = None
    note: str | None = field(default=None, repr=False)
    about: str = ""
    subject_id: UUID | None = None
    urgency: Urgency | None = None
    owner: Role = Role.MENTOR
    finish_by: datetime | None = None
    tries: int = 1

    @property
    def open_key(self) -> str:
        """What no two open tasks share. What an infant's tests wait for is asked once, whoever finds it."""
        if self.kind in EDGE_OF and self.subject_id:
            return f"{self.kind}:{self.subject_id}:{self.owner}"
        return f"{self.kind}:{self.client_id or self.phone_id or self.site_id}:{self.about}"


def open_about(reading: Reading, matter: NewTask) -> UUID | None:
    """The task that is open for the same matter."""
    return reading.connection.scalar(select(Task.id).where(Task.open_key == matter.open_key))


def open_task(tx: Transaction, new: NewTask) -> UUID:
    """Ask a person to act. If the same matter is open already, its task is returned and notes it again."""
    known = open_about(tx, new)
    if known:
        note_event(tx, known, TaskFact.ASKED_AGAIN)
        return known
    task_id = new_id()
    if not _add(tx, task_id, new):  # another writer opened it between the look and the insert
        return open_task(tx, new)
    return task_id


def report_unsent(tx: Transaction, client_id: UUID | None, why: str, text: str) -> UUID:
    """Let a person look into a text that the service did not dare to send."""
    about = f"{why}: {text}"
    return open_task(tx, NewTask(TaskKind.INCIDENT, client_id, note=about, about=about))


def _add(tx: Transaction, task_id: UUID, new: NewTask) -> bool:
    urgency = new.urgency or URGENCY[new.kind]
    due_at = new.finish_by or tx.now + DUE_WITHIN[urgency]
    site_id, owner_id = whose(tx, new.client_id, new.site_id, new.owner)
    added = tx.add_once(
        Task,
        id=task_id,
        kind=new.kind,
        urgency=urgency,
        state=TaskState.OPEN,
        client_id=new.client_id,
        subject_id=new.subject_id,
        visit_id=new.visit_id,
        phone_id=new.phone_id,
        site_id=site_id,
        owner_role=new.owner,
        owner_id=owner_id,
        open_key=new.open_key,
        note=tx.vault.seal_if(Task.note, task_id, new.note),
        opened_at=tx.now,
        due_at=due_at,
        tries=new.tries,
        escalations=0,
        escalate_at=due_at,
        actor=str(tx.actor),
    )
    if added:
        note_event(tx, task_id, TaskFact.OPENED, owner_id=owner_id)
        announce(tx, Fact(Event.TASK_OPENED, task_id, new.client_id, site_id))
    if added and new.kind is TaskKind.DANGER:
        announce(tx, Fact(Event.DANGER, task_id, new.client_id, site_id))
    return added


def whose(
    reading: Reading, client_id: UUID | None, site_id: UUID | None, role: Role
) -> tuple[UUID | None, UUID | None]:
    """The site and the person who must act now: for a client her mentor, unless it is another role's.

    At a site that is not hers it is that site as a whole, as for a client who is offered to it.
    """
    if client_id is None and site_id is None:
        return None, on_call(reading)
    hers, mentor_id = who_acts(reading, client_id) if client_id else (site_id, None)
    if client_id and role is Role.MENTOR and site_id in (None, hers):
        return hers, mentor_id
    role = Role.COORDINATOR if role is Role.MENTOR else role
    return site_id or hers, who_acts_at(reading, site_id or hers, role)


@dataclass(frozen=True)
class Ending:
    """What is noted as a task is closed: words of the code lists, or the fact that made it needless."""

    reason: str | None = None
    method: FollowUpMethod | None = None
    outcome: FollowUpOutcome | None = None
    source: InformationSource | None = None


def close_tasks(tx: Transaction, kind: TaskKind, *, visit_id: UUID, reason: str) -> None:
    """Close what a later fact about a visit has made needless."""
    close_where(tx, (Task.kind == kind) & (Task.visit_id == visit_id), Ending(reason))


def close_calls(tx: Transaction, client_id: UUID) -> None:
    """Close what asked for a call to a client, now that somebody has called her."""
    called = Ending(method=FollowUpMethod.PHONE, outcome=FollowUpOutcome.DONE)
    close_where(tx, (Task.client_id == client_id) & Task.kind.in_(SETTLED_BY_A_CALL), called)


def close_where(tx: Transaction, which: ColumnElement[bool], ending: Ending) -> None:
    """Close the open tasks of which that holds."""
    closed = tx.connection.execute(
        update(Task)
        .where(which, Task.state != TaskState.CLOSED)
        .values(
            state=TaskState.CLOSED,
            closed_at=tx.now,
            open_key=None,
            escalate_at=None,
            reason=ending.reason,
            method=ending.method,
            outcome=ending.outcome,
        )
        .returning(Task.id, Task.client_id, Task.site_id)
    ).all()
    for task_id, client_id, site_id in closed:
        note_event(tx, task_id, TaskFact.CLOSED, **asdict(ending))
        announce(tx, Fact(Event.TASK_CLOSED, task_id, client_id, site_id))


def note_event(tx: Transaction, task_id: UUID, fact: TaskFact, **more: object) -> None:
    """Add to the history of a task. ``more`` are columns of it: who got it, how she was sought, and so on."""
    known = {"occurred_at": tx.now, "recorded_at": tx.now, "actor": str(tx.actor)}
    tx.add(TaskEvent, task_id=task_id, event=fact, **{**known, **more})
