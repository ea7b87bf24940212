"""Tasks: what a person is asked to do, by when, and whose it is."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from service.actions.roster import present, who_acts, who_acts_at
from service.domain.ids import new_id
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, TaskKind, TaskState, Urgency
from service.store.models.care import Task, TaskEvent
from service.store.transaction import Transaction

DUE_WITHIN: Final[dict[Urgency, timedelta]] = {
    Urgency.NOW: timedelta(minutes=10),
    Urgency.TODAY: timedelta(hours=8),
    Urgency.SOON: timedelta(days=2),
}
"""How long a person has to act; ten minutes is the first step of the danger ladder. To be approved."""

URGENCY: Final[dict[TaskKind, Urgency]] = {
    TaskKind.DANGER: Urgency.NOW,
    TaskKind.CALL_ME: Urgency.TODAY,
    TaskKind.NEEDS_HELP: Urgency.TODAY,
    TaskKind.NEW_DATE: Urgency.TODAY,
    TaskKind.WRONG_NUMBER: Urgency.TODAY,
    TaskKind.HELP_ASKED: Urgency.TODAY,
    TaskKind.READ_MESSAGE: Urgency.TODAY,
    TaskKind.MEANT_DATE: Urgency.TODAY,
    TaskKind.MISSED_VISIT: Urgency.TODAY,
    TaskKind.INCIDENT: Urgency.TODAY,
    TaskKind.GATEWAY: Urgency.NOW,
    TaskKind.DID_SHE_COME: Urgency.SOON,
    TaskKind.CHECK_NUMBER: Urgency.SOON,
    TaskKind.NOT_DELIVERED: Urgency.SOON,
    TaskKind.SAYS_ATTENDED: Urgency.SOON,
}


@dataclass(frozen=True)
class NewTask:
    """``note`` is what to read, often her own words. One task is open for a matter (``about``) at a time.

    ``site_id`` is for what concerns a site and no single client.
    """

    kind: TaskKind
    client_id: UUID | None = None
    visit_id: UUID | None = None
    phone_id: UUID | None = None
    site_id: UUID | None = None
    note: str | None = field(default=None, repr=False)
    about: str = ""


def open_task(tx: Transaction, new: NewTask) -> UUID:
    """Ask a person to act. If the same matter is open already, its task is returned and notes it again."""
    urgency = URGENCY[new.kind]
    open_key = f"{new.kind}:{new.client_id or new.phone_id or new.site_id}:{new.about}"
    known = tx.connection.scalar(select(Task.id).where(Task.open_key == open_key))
    if known:
        _note_event(tx, known, "asked_again")
        return known
    task_id = new_id()
    site_id, owner_id = _whose(tx, new)
    added = tx.add_once(
        Task,
        id=task_id,
        kind=new.kind,
        urgency=urgency,
        state=TaskState.OPEN,
        client_id=new.client_id,
        visit_id=new.visit_id,
        phone_id=new.phone_id,
        site_id=site_id,
        owner_id=owner_id,
        open_key=open_key,
        note=tx.vault.seal_if(Task.note, task_id, new.note),
        opened_at=tx.now,
        due_at=tx.now + DUE_WITHIN[urgency],
        escalations=0,
        actor=str(tx.actor),
    )
    if not added:  # another writer opened it between the look and the insert
        return open_task(tx, new)
    _note_event(tx, task_id, "opened")
    return task_id


def _whose(tx: Transaction, new: NewTask) -> tuple[UUID | None, UUID | None]:
    """The site and the person who must act."""
    if new.site_id:
        return new.site_id, who_acts_at(tx, new.site_id)
    return who_acts(tx, new.client_id)


def close_tasks(tx: Transaction, kind: TaskKind, *, visit_id: UUID, reason: str) -> None:
    """Close what a later fact about a visit has made needless."""
    closed = tx.connection.scalars(
        update(Task)
        .where(Task.kind == kind, Task.visit_id == visit_id, Task.state != TaskState.CLOSED)
        .values(state=TaskState.CLOSED, closed_at=tx.now, reason=reason, open_key=None)
        .returning(Task.id)
    ).all()
    for task_id in closed:
        _note_event(tx, task_id, "closed")


def close_calls(tx: Transaction, client_id: UUID) -> None:
    """Close what asked for a call to a client, now that somebody has called her."""
    closed = tx.connection.scalars(
        update(Task)
        .where(
            Task.kind.in_((TaskKind.CALL_ME, TaskKind.NEEDS_HELP, TaskKind.HELP_ASKED)),
            Task.client_id == client_id,
            Task.state != TaskState.CLOSED,
        )
        .values(
            state=TaskState.CLOSED,
            closed_at=tx.now,
            method=FollowUpMethod.PHONE,
            outcome=FollowUpOutcome.DONE,
            open_key=None,
        )
        .returning(Task.id)
    ).all()
    for task_id in closed:
        _note_event(tx, task_id, "closed")


def pass_on(tx: Transaction, staff_id: UUID) -> int:
    """Give the open tasks of somebody who was blocked to whoever acts in her place; how many there were."""
    open_ones = tx.connection.execute(
        select(Task.id, Task.client_id, Task.site_id).where(
            Task.owner_id == staff_id, Task.state != TaskState.CLOSED
        )
    ).all()
    backup_id = present(tx, staff_id)
    for task_id, client_id, site_id in open_ones:
        at_site = who_acts_at(tx, site_id) if site_id and not client_id else None
        owner_id = backup_id or at_site or who_acts(tx, client_id)[1]
        tx.connection.execute(update(Task).where(Task.id == task_id).values(owner_id=owner_id))
        _note_event(tx, task_id, "passed_on")
    return len(open_ones)


def _note_event(tx: Transaction, task_id: UUID, event: str) -> None:
    tx.add(
        TaskEvent,
        task_id=task_id,
        event=event,
        occurred_at=tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
