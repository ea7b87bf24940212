"""A caseload as a condition, to stand in the query itself."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import aliased

from service.domain.caseload import Caseload
from service.domain.tasks import TaskState
from service.store.models.care import Task, Visit
from service.store.models.people import Client
from service.store.records import ClientRecord, client
from service.store.transaction import Reading


def clients_in(caseload: Caseload) -> ColumnElement[bool]:
    """Her own clients, those of her sites, and those about whom she has been asked to do something."""
    if caseload.site_ids is None:
        return true()
    asked = aliased(Task)
    about = select(asked.client_id).where(
        asked.owner_id == caseload.staff_id, asked.state != TaskState.CLOSED, asked.client_id.is_not(None)
    )
    hers = or_(Client.mentor_id == caseload.staff_id, Client.id.in_(about)) if caseload.staff_id else false()
    return or_(hers, Client.site_id.in_(caseload.site_ids))


def tasks_in(caseload: Caseload) -> ColumnElement[bool]:
    """Her own tasks, those about her clients, and those of her sites."""
    if caseload.site_ids is None:
        return true()
    hers = (
        or_(
            Task.owner_id == caseload.staff_id,
            Task.client_id.in_(select(Client.id).where(Client.mentor_id == caseload.staff_id)),
        )
        if caseload.staff_id
        else false()
    )
    of_sites = select(Client.id).where(Client.site_id.in_(caseload.site_ids))
    return or_(hers, Task.site_id.in_(caseload.site_ids), Task.client_id.in_(of_sites))


def client_in(reading: Reading, caseload: Caseload, code: str) -> ClientRecord | None:
    """The client with a code, if she is in the caseload; another's is as if there were none."""
    hers = reading.connection.scalar(select(Client.id).where(Client.code == code, clients_in(caseload)))
    return client(reading, hers) if hers else None


def known_in(reading: Reading, caseload: Caseload, codes: Collection[str]) -> dict[str, UUID]:
    """The clients with these codes who are in the caseload."""
    hers = select(Client.code, Client.id).where(Client.code.in_(codes), clients_in(caseload))
    return {code: client_id for code, client_id in reading.connection.execute(hers)}


def visit_in(reading: Reading, caseload: Caseload, visit_id: UUID) -> date | None:
    """The local day of a visit, if it is one of a client in the caseload."""
    return reading.connection.scalar(
        select(Visit.day)
        .join(Client, Client.id == Visit.client_id)
        .where(Visit.id == visit_id, clients_in(caseload))
    )


def has_task(reading: Reading, caseload: Caseload, task_id: UUID) -> bool:
    """Whether a task is in the caseload, open or closed."""
    return (
        reading.connection.scalar(select(Task.id).where(Task.id == task_id, tasks_in(caseload))) is not None
    )
