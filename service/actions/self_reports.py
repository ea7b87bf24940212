"""What a client says of herself and her children on her own phone, for staff to verify."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from service.actions import visits
from service.actions.caller import Caller
from service.actions.tasks import NewTask, open_task
from service.domain.care import VisitFact, VisitState
from service.domain.effects import Patient
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.care import Visit
from service.store.transaction import Reading, Transaction

SPEAKS_OF: Final = timedelta(days=30)
"""How long ago a visit may be of which she says that she came."""


def says_attended(
    tx: Transaction, programme: Programme, caller: Caller, about: NewTask, who: Patient
) -> None:
    """Note on the visit that she says so, and ask a person to verify it; nothing else follows from it."""
    visit = _last_visit(tx, programme, caller, who)
    if visit is None:
        open_task(tx, about)
        return
    visit_id, client_id = visit
    visits.note(tx, visit_id, VisitFact.SAYS_ATTENDED)
    task = NewTask(TaskKind.SAYS_ATTENDED, client_id, visit_id=visit_id, note=who, about=str(visit_id))
    open_task(tx, task)


def _last_visit(
    reading: Reading, programme: Programme, caller: Caller, who: Patient
) -> tuple[UUID, UUID] | None:
    """The latest visit up to today, of the caller or of a child, at which nobody has recorded her yet."""
    today = programme.today(reading.now)
    row = reading.connection.execute(
        select(Visit.id, Visit.client_id)
        .where(
            Visit.client_id.in_([woman.id for woman in caller.clients]),
            _subject(who),
            Visit.day.between(today - SPEAKS_OF, today),
            Visit.state.in_((VisitState.PLANNED, VisitState.NOT_KNOWN, VisitState.MISSED)),
        )
        .order_by(Visit.day.desc(), Visit.id)
        .limit(1)
    ).one_or_none()
    return (row.id, row.client_id) if row else None


def _subject(who: Patient) -> ColumnElement[bool]:
    if who is Patient.HERSELF:
        return Visit.subject_id == Visit.client_id
    return Visit.subject_id != Visit.client_id
