"""Visits that were cancelled because of something, and that stand again if that was a mistake."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update

from service.domain.care import VisitFact, VisitState
from service.store.models.care import Visit, VisitEvent
from service.store.transaction import Reading, Transaction


def cancel_visits(tx: Transaction, which: ColumnElement[bool], cause_id: UUID) -> tuple[UUID, ...]:
    """Cancel the visits of which that holds; the history of each names the row that was the cause."""
    cancelled = tx.connection.scalars(
        update(Visit).where(which).values(state=VisitState.CANCELLED).returning(Visit.id)
    ).all()
    for visit_id in cancelled:
        _note(tx, visit_id, VisitFact.CANCELLED, cause_id)
    return tuple(cancelled)


def reopen_visits(tx: Transaction, cause_id: UUID, which: ColumnElement[bool] | None = None) -> None:
    """Let the visits that this cause cancelled, all or some of them, stand as they did before."""
    cancelled = select(VisitEvent.visit_id).where(
        VisitEvent.fact == VisitFact.CANCELLED, VisitEvent.reason == str(cause_id)
    )
    if which is not None:
        cancelled = cancelled.join(Visit, Visit.id == VisitEvent.visit_id).where(which)
    for visit_id in tx.connection.scalars(cancelled).all():
        state = _state_before(tx, visit_id)
        cancelled_still = and_(Visit.id == visit_id, Visit.state == VisitState.CANCELLED)
        tx.connection.execute(update(Visit).where(cancelled_still).values(state=state))
        _note(tx, visit_id, VisitFact.REOPENED, cause_id)


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


def _note(tx: Transaction, visit_id: UUID, fact: VisitFact, cause_id: UUID) -> None:
    tx.add(
        VisitEvent,
        visit_id=visit_id,
        fact=fact,
        reason=str(cause_id),
        occurred_at=tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
