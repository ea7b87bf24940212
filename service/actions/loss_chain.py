"""What a loss ends for good: the visits, tasks and reminders of the pregnancy, the infant or the mother."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from service.actions.cancelled_visits import cancel_visits
from service.actions.ledger import call_off
from service.actions.tasks import Ending, close_where
from service.domain.care import VisitKind, VisitState
from service.domain.reason import Reason
from service.domain.safety import LossKind
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.reminders.plan import Anchor
from service.store.models.care import Task, Visit
from service.store.models.messages import LedgerEntry
from service.store.models.plans import InfantSample
from service.store.transaction import Transaction

OF_A_PREGNANCY: Final = (LossKind.PREGNANCY_LOSS, LossKind.STILLBIRTH)
_UNSETTLED: Final = (VisitState.PLANNED, VisitState.NOT_KNOWN, VisitState.MISSED)


@dataclass(frozen=True)
class NewLoss:
    """``infant_id`` is who died, where an infant did. ``happened_on`` is a local day, if it is known."""

    client_id: UUID
    kind: LossKind
    infant_id: UUID | None = None
    happened_on: date | None = None

    def __post_init__(self) -> None:
        if self.kind is LossKind.INFANT_DEATH and self.infant_id is None:
            raise ValueError("Say which infant died.")


def end_chain(tx: Transaction, programme: Programme, loss_id: UUID, new: NewLoss) -> None:
    """Cancel the visits that are not settled, close the tasks about them, end their reminders."""
    of_the_chain = _visits(programme, new)
    cancel_visits(tx, and_(of_the_chain, Visit.state.in_(_UNSETTLED)), loss_id)
    visits = select(Visit.id).where(of_the_chain)
    tasks = or_(Task.visit_id.in_(visits), _other_tasks(new))
    close_where(tx, and_(Task.client_id == new.client_id, tasks), Ending(Reason.LOSS))
    rows = or_(LedgerEntry.subject_id.in_(visits), _other_rows(programme, new))
    call_off(tx, and_(LedgerEntry.client_id == new.client_id, rows), Reason.LOSS)


def _visits(programme: Programme, new: NewLoss) -> ColumnElement[bool]:
    """Those of the infant or the pregnancy; if the mother died her own, for her child needs care still."""
    her_own = and_(Visit.client_id == new.client_id, Visit.subject_id == new.client_id)
    if new.kind is LossKind.MATERNAL_DEATH:
        return her_own
    counted = Visit.earned_step.in_(_counted_from_the_birth_to_come(programme))
    pregnant = and_(her_own, or_(Visit.kind == VisitKind.ANC, counted))
    return or_(Visit.subject_id == new.infant_id, pregnant if new.kind in OF_A_PREGNANCY else false())


def _other_tasks(new: NewLoss) -> ColumnElement[bool]:
    """About the infant; if the mother died everything that asks to reach her."""
    if new.kind is LossKind.MATERNAL_DEATH:
        return and_(Task.subject_id.is_(None), Task.kind.not_in(_FOR_STAFF_TO_SETTLE))
    return Task.subject_id == new.infant_id if new.infant_id else false()


_FOR_STAFF_TO_SETTLE: Final = (TaskKind.DANGER, TaskKind.INCIDENT, TaskKind.DISCLOSURE)


def _other_rows(programme: Programme, new: NewLoss) -> ColumnElement[bool]:
    """Reminders that count from no visit."""
    if new.kind is LossKind.MATERNAL_DEATH:
        return LedgerEntry.client_id == new.client_id
    samples = select(InfantSample.id).where(InfantSample.infant_id == new.infant_id)
    counted = LedgerEntry.step.in_(_counted_from_the_birth_to_come(programme))
    pregnant = counted if new.kind in OF_A_PREGNANCY else false()
    return or_(LedgerEntry.subject_id == new.infant_id, LedgerEntry.subject_id.in_(samples), pregnant)


def _counted_from_the_birth_to_come(programme: Programme) -> list[str]:
    return [step.id for plan in programme.plans for step in plan.timings if step.anchor is Anchor.EDD]
