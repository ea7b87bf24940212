"""A visit that was entered in both records becomes one, with everything that was recorded of either."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from service.actions.merge_log import MergeLog, Naming
from service.actions.tasks import close_tasks
from service.domain.care import VisitState
from service.domain.tasks import TaskKind
from service.store.models.care import Task, Visit, VisitEvent
from service.store.models.messages import LedgerEntry
from service.store.models.plans import DoneAtVisit, InfantSample, RungTaken

OF_A_VISIT: Final[tuple[Naming, ...]] = (
    (VisitEvent, "visit_id"),
    (DoneAtVisit, "visit_id"),
    (InfantSample, "visit_id"),
    (Task, "visit_id"),
    (RungTaken, "visit_id"),
    (LedgerEntry, "subject_id"),
    (Visit, "earned_from"),
)
"""What belongs to a visit and goes with it."""

_KNOWS_MOST: Final = (
    VisitState.ATTENDED,
    VisitState.MISSED,
    VisitState.NOT_KNOWN,
    VisitState.PLANNED,
    VisitState.INVITED,
    VisitState.CANCELLED,
)
"""Who came by either record is not asked why she did not."""


def visits_become_one(log: MergeLog, client_id: UUID, other_id: UUID) -> None:
    """Let what was recorded of a visit that stayed behind be recorded of the client's of the same day."""
    known = select(
        Visit.id, Visit.subject_id, Visit.kind, Visit.day, Visit.state, Visit.dated_by_person
    ).add_columns(Visit.days_supplied, Visit.confirmed_at)
    other = log.tx.connection.execute(known.where(Visit.id == other_id)).one()
    of_that_day = Visit.subject_id == other.subject_id, Visit.kind == other.kind, Visit.day == other.day
    kept = log.tx.connection.execute(known.where(Visit.client_id == client_id, *of_that_day)).one()
    agreed = _agreed(kept, other)
    log.change(Visit, kept.id, agreed)
    if agreed["state"] is VisitState.ATTENDED:
        close_tasks(log.tx, TaskKind.DID_SHE_COME, visit_id=kept.id, reason=VisitState.ATTENDED)
    for naming in OF_A_VISIT:
        log.move(naming, kept.id, other.id)
    log.rename_matters(client_id, kept.id, other.id)
    log.change(Visit, other.id, {"state": VisitState.CANCELLED})


def _agreed(kept: Any, other: Any) -> dict[str, object]:
    """What was cancelled is not brought back by what only a plan had asked for."""
    only_planned = other.state is VisitState.PLANNED and not other.dated_by_person
    stands = kept.state is not VisitState.CANCELLED or not only_planned
    return {
        "state": min(kept.state, other.state, key=_KNOWS_MOST.index) if stands else kept.state,
        "dated_by_person": kept.dated_by_person or other.dated_by_person,
        "days_supplied": kept.days_supplied or other.days_supplied,
        "confirmed_at": kept.confirmed_at or other.confirmed_at,
    }
