"""What a loss ends for good: the visits, tasks and reminders of the pregnancy, the infant or the mother."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, update

from service.actions.ledger import call_off
from service.actions.tasks import Ending, close_where
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.reason import Reason
from service.domain.safety import LossKind
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.reminders.plan import Anchor
from service.store.models.care import Task, Visit, VisitEvent
from service.store.models.messages import LedgerEntry
from service.store.models.plans import InfantSample
from service.store.transaction import Reading, Transaction

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
    cancelled = tx.connection.scalars(
        update(Visit)
        .where(of_the_chain, Visit.state.in_(_UNSETTLED))
        .values(state=VisitState.CANCELLED)
        .returning(Visit.id)
    ).all()
    for visit_id in cancelled:
        _note(tx, visit_id, VisitFact.CANCELLED, loss_id)
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


def reopen_visits(tx: Transaction, loss_id: UUID) -> None:
    """Let the visits that a loss cancelled stand as they did before."""
    cancelled = select(VisitEvent.visit_id).where(
        VisitEvent.fact == VisitFact.CANCELLED, VisitEvent.reason == str(loss_id)
    )
    for visit_id in tx.connection.scalars(cancelled).all():
        state = _state_before(tx, visit_id)
        cancelled_still = and_(Visit.id == visit_id, Visit.state == VisitState.CANCELLED)
        tx.connection.execute(update(Visit).where(cancelled_still).values(state=state))
        _note(tx, visit_id, VisitFact.REOPENED, loss_id)


_STATES: Final[Mapping[VisitFact, VisitState]] = {
    VisitFact.MISSED: VisitState.MISSED,
    VisitFact.NOT_KNOWN: VisitState.NOT_KNOWN,
    VisitFact.PLANNED: VisitState.PLANNED,
    VisitFact.MOVED: VisitState.PLANNED,
}


def _state_before(reading: Reading, visit_id: UUID) -> VisitState:
    last = reading.connection.scalar(
        select(VisitEvent.fact)
        .where(VisitEvent.visit_id == visit_id, VisitEvent.fact.in_(_STATES))
        .order_by(VisitEvent.recorded_at.desc(), VisitEvent.id.desc())
        .limit(1)
    )
    return _STATES[last] if last else VisitState.PLANNED


def _note(tx: Transaction, visit_id: UUID, fact: VisitFact, loss_id: UUID) -> None:
    tx.add(
        VisitEvent,
        visit_id=visit_id,
        fact=fact,
        reason=str(loss_id),
        occurred_at=tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
