"""A caseload as a condition, to stand in the query itself."""

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import aliased

from service.domain.caseload import Caseload
from service.domain.tasks import TaskState
from service.store.models.care import Task
from service.store.models.people import Client


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
