"""Something about a client became known to somebody whom it does not concern: silence, then a person."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update

from service.actions.ledger import put_back
from service.actions.reply import alert_owner
from service.actions.silence import settle_state, silence
from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.ids import new_id
from service.domain.people import ClientState, Role
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.care import Task
from service.store.models.safety import Incident
from service.store.transaction import Transaction

LOOKED_INTO_WITHIN: Final = timedelta(hours=24)
"""How soon the supervisor must have looked into it. To be approved."""


@dataclass(frozen=True)
class NewIncident:
    """``note`` is what happened, in the words of whoever reports it.

    ``record_opened``: somebody saw her record who may not, of which the law (Data Protection Act, s. 23)
    wants the Commission and herself told.
    """

    client_id: UUID
    note: str = field(repr=False)
    record_opened: bool = False


@dataclass(frozen=True)
class Checked:
    """What the supervisor found out: is she safe, and was she referred to somebody who helps?"""

    safe: bool
    referred: bool


def report_disclosure(tx: Transaction, programme: Programme, new: NewIncident) -> UUID:
    """Pause everything to a client at once, and have her supervisor look into it; the incident's id."""
    incident_id = new_id()
    task = NewTask(
        TaskKind.DISCLOSURE,
        new.client_id,
        owner=Role.COORDINATOR,
        finish_by=tx.now + LOOKED_INTO_WITHIN,
        note=new.note,
        about=str(incident_id),
    )
    task_id = open_task(tx, task)
    tx.add(
        Incident,
        id=incident_id,
        client_id=new.client_id,
        task_id=task_id,
        note=tx.vault.seal(Incident.note, incident_id, new.note),
        record_opened=new.record_opened,
        reported_at=tx.now,
        actor=str(tx.actor),
    )
    silence(tx, new.client_id, Reason.MUTED)
    settle_state(tx, new.client_id)
    alert_owner(tx, programme, task_id, "staff_task")
    tx.audit("report", "incident", incident_id, "record opened" if new.record_opened else None)
    return incident_id


def resume_after(tx: Transaction, incident_id: UUID, checked: Checked) -> bool:
    """Let texts to her go on, once somebody has seen whether she is safe.

    ``False`` if that was done before.
    """
    found = tx.connection.execute(
        update(Incident)
        .where(Incident.id == incident_id, Incident.resumed_at.is_(None))
        .values(safe=checked.safe, referred=checked.referred, resumed_at=tx.now, resumed_by=str(tx.actor))
        .returning(Incident.client_id, Incident.task_id, Incident.reported_at)
    ).one_or_none()
    if found is None:
        return False
    close_where(tx, Task.id == found.task_id, Ending("looked_into"))
    if settle_state(tx, found.client_id) is ClientState.ACTIVE:
        put_back(tx, found.client_id, (Reason.MUTED,), found.reported_at)
    tx.audit("resume", "incident", incident_id)
    return True
