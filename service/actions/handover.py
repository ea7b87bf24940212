"""Tasks whose owner cannot act go to whoever acts in her place, so that none lies with nobody."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from service.actions.roster import is_on_leave, present
from service.actions.task_life import give, stand_in
from service.actions.tasks import whose
from service.domain.people import Role
from service.domain.tasks import TaskFact, TaskState
from service.store.models.care import Task
from service.store.models.people import Client, Staff
from service.store.transaction import Transaction


def pass_on(tx: Transaction, staff_id: UUID) -> int:
    """Give the open tasks of somebody who is not there to whoever acts in her place; how many there were."""
    return _hand_over(tx, Task.owner_id == staff_id)


@dataclass(frozen=True)
class Handed:
    """How many clients and open tasks went to somebody else."""

    clients: int
    tasks: int


def hand_clients(tx: Transaction, from_id: UUID, to_id: UUID, site_id: UUID) -> Handed:
    """Give somebody's clients at a site, and her open tasks there, to somebody else for good."""
    hers = and_(Client.mentor_id == from_id, Client.site_id == site_id)
    clients = tx.connection.execute(update(Client).where(hers).values(mentor_id=to_id)).rowcount
    tasks = tx.connection.scalars(
        select(Task.id)
        .where(Task.owner_id == from_id, Task.site_id == site_id, Task.state != TaskState.CLOSED)
        .order_by(Task.id)
        .with_for_update()
    ).all()
    for task_id in tasks:
        give(tx, task_id, to_id, TaskFact.PASSED_ON)
    tx.audit("hand_over", "staff", from_id, f"to {to_id}: {clients} clients, {len(tasks)} tasks")
    return Handed(clients, len(tasks))


def hand_client(tx: Transaction, client_id: UUID, to_id: UUID) -> None:
    """Let somebody else look after a client for good, and do what her Mentor Mother was asked about her."""
    before = tx.connection.scalar(select(Client.mentor_id).where(Client.id == client_id))
    tx.connection.execute(update(Client).where(Client.id == client_id).values(mentor_id=to_id))
    hers = and_(Task.client_id == client_id, Task.state != TaskState.CLOSED)
    whose = or_(Task.owner_id == before, Task.owner_id.is_(None))
    for task_id in tx.connection.scalars(select(Task.id).where(hers, whose).order_by(Task.id)).all():
        give(tx, task_id, to_id, TaskFact.PASSED_ON)
    tx.audit("hand_over", "client", client_id, f"to {to_id}")


def keep_owned(tx: Transaction) -> int:
    """Give a new owner to every open task whose own is blocked, on leave or missing; how many got one."""
    absent = select(Staff.id).where(or_(Staff.blocked_at.is_not(None), is_on_leave(tx.now)))
    return _hand_over(tx, or_(Task.owner_id.is_(None), Task.owner_id.in_(absent)))


def _hand_over(tx: Transaction, which: ColumnElement[bool]) -> int:
    tasks = tx.connection.execute(
        select(Task.id, Task.client_id, Task.site_id, Task.owner_role, Task.owner_id, Staff.blocked_at)
        .outerjoin(Staff, Staff.id == Task.owner_id)
        .where(which, Task.state != TaskState.CLOSED)
        .order_by(Task.id)
        .with_for_update(skip_locked=True, of=Task)
    ).all()
    changed = 0
    for task_id, client_id, site_id, role, owner_id, blocked_at in tasks:
        _, entitled = whose(tx, client_id, site_id, role or Role.MENTOR)
        new_owner = present(tx, owner_id) or entitled
        if new_owner is None or new_owner == owner_id:
            continue
        if blocked_at:
            give(tx, task_id, new_owner, TaskFact.PASSED_ON)
        else:
            stand_in(tx, task_id, new_owner)
        changed += 1
    return changed
