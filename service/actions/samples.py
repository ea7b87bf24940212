"""Samples of infants and what came of them. What is entered here is read by staff and said to no phone."""

from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from service.actions.children import align_family
from service.domain.cascade import Result
from service.programme import Programme
from service.store.models.plans import InfantSample
from service.store.transaction import Transaction


def note_sample(tx: Transaction, programme: Programme, infant_id: UUID, day: date) -> bool:
    """Note that a sample was taken on a local day; ``False`` if that is known already."""
    added = tx.add_once(
        InfantSample, infant_id=infant_id, taken_on=day, recorded_at=tx.now, actor=str(tx.actor)
    )
    if added:
        tx.audit("sample", "infant", infant_id)
        align_family(tx, programme, infant_id)
    return added


def note_result(tx: Transaction, programme: Programme, infant_id: UUID, result: Result) -> bool:
    """Note the result of the last sample that has none, back today; ``False`` if none waits for one."""
    waiting = tx.connection.scalar(
        select(InfantSample.id)
        .where(InfantSample.infant_id == infant_id, InfantSample.result.is_(None))
        .order_by(InfantSample.taken_on.desc())
        .limit(1)
        .with_for_update()
    )
    if waiting is None:
        return False
    tx.connection.execute(
        update(InfantSample)
        .where(InfantSample.id == waiting)
        .values(result=result, back_on=programme.today(tx.now), result_recorded_at=tx.now)
    )
    tx.audit("result", "infant", infant_id)
    align_family(tx, programme, infant_id)
    return True
