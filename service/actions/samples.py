"""Recording what becomes of an infant's tests: the sample, its result, the telling, weaning, treatment.

What was recorded is corrected by recording it again; what stood there before is kept sealed. None of it is
ever in a text, a log or the reason of a row in the ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select, update

from service.actions import cascade
from service.actions.corrections import keep_before
from service.actions.remind import align
from service.actions.stop_tests import is_positive, resume_tests, stop_tests
from service.domain.cascade import Result
from service.domain.ids import new_id
from service.domain.people import ClientState
from service.programme import Programme
from service.store.models.people import Infant, Person
from service.store.models.plans import InfantSample
from service.store.transaction import Reading, Transaction


class SampleFault(StrEnum):
    """Why nothing was recorded, and what to do instead."""

    TO_COME = "This day has not come yet; look at the date again."
    BEFORE_BIRTH = "The baby was not born on this day; look at the date again."
    BEFORE_SAMPLE = "This day is before the sample was taken; look at the date again."
    TWICE = "A sample of this day is recorded already; correct that one."
    NO_RESULT = "There is no result of this sample yet; record it first."


@dataclass(frozen=True)
class _Child:
    """An infant as it was before the change; its row is held until the end of the transaction."""

    id: UUID
    mother_id: UUID
    born_on: date | None
    was_positive: bool


@dataclass(frozen=True)
class _Sample:
    id: UUID
    child: _Child
    taken_on: date
    result: Result | None
    given_on: date | None


def record_sample(
    tx: Transaction, programme: Programme, infant_id: UUID, taken_on: date, visit_id: UUID | None = None
) -> UUID | SampleFault:
    """A sample was taken on a local day, perhaps at a visit. The sample's id."""
    child, sample_id = _child(tx, infant_id), new_id()
    if fault := _impossible(tx, programme, child, taken_on):
        return fault
    row = {"infant_id": infant_id, "taken_on": taken_on, "visit_id": visit_id}
    if not tx.add_once(InfantSample, id=sample_id, **row, recorded_at=tx.now, actor=str(tx.actor)):
        return SampleFault.TWICE
    tx.audit("record", "sample", sample_id)
    _go_on(tx, programme, child)
    return sample_id


def correct_day(tx: Transaction, programme: Programme, sample_id: UUID, taken_on: date) -> SampleFault | None:
    """The sample was taken on another local day than was recorded."""
    sample = _sample(tx, sample_id)
    if fault := _impossible(tx, programme, sample.child, taken_on):
        return fault
    same_day = (InfantSample.infant_id == sample.child.id) & (InfantSample.taken_on == taken_on)
    if tx.connection.scalar(select(InfantSample.id).where(same_day, InfantSample.id != sample_id)):
        return SampleFault.TWICE
    _change(tx, programme, sample, "taken_on", taken_on)
    _go_on(tx, programme, sample.child)
    return None


def withdraw_sample(tx: Transaction, programme: Programme, sample_id: UUID) -> None:
    """No such sample was taken of this infant: it was recorded by mistake."""
    sample = _sample(tx, sample_id)
    _keep(tx, programme, sample.child, "sample", f"{sample.taken_on} {sample.result or ''}".strip())
    tx.connection.execute(delete(InfantSample).where(InfantSample.id == sample_id))
    tx.audit("withdraw", "sample", sample_id)
    _go_on(tx, programme, sample.child)


def record_result(
    tx: Transaction, programme: Programme, sample_id: UUID, result: Result | None, back_on: date
) -> SampleFault | None:
    """The result came back on a local day; ``None`` takes a result back that was recorded by mistake.

    A positive one stops the routine tests at once, whatever waits to leave included, and calls two people.
    """
    sample = _sample(tx, sample_id)
    if back_on > programme.today(tx.now):
        return SampleFault.TO_COME
    if back_on < sample.taken_on:
        return SampleFault.BEFORE_SAMPLE
    back = {"back_on": back_on, "result_recorded_at": tx.now} if result else _NOTHING_BACK
    _change(tx, programme, sample, "result", result, **back)
    _go_on(tx, programme, sample.child)
    return None


_NOTHING_BACK: Mapping[str, None] = {"back_on": None, "result_recorded_at": None, "given_on": None}


def record_given(
    tx: Transaction, programme: Programme, sample_id: UUID, given_on: date | None
) -> SampleFault | None:
    """A person told the mother the result on a local day, or (``None``) has not yet."""
    sample = _sample(tx, sample_id)
    if given_on and sample.result is None:
        return SampleFault.NO_RESULT
    if given_on and given_on > programme.today(tx.now):
        return SampleFault.TO_COME
    if given_on and given_on < sample.taken_on:
        return SampleFault.BEFORE_SAMPLE
    _change(tx, programme, sample, "given_on", given_on)
    _go_on(tx, programme, sample.child)
    return None


def record_weaning(
    tx: Transaction, programme: Programme, infant_id: UUID, weaned_on: date | None
) -> SampleFault | None:
    """The infant has not been breastfed since a local day, on which the final test hangs; or still is."""
    return _set_day(tx, programme, infant_id, "weaned_on", weaned_on, weaned_known_at=tx.now)


def record_care(
    tx: Transaction, programme: Programme, infant_id: UUID, begun_on: date | None
) -> SampleFault | None:
    """The infant's own treatment began on a local day: it is looked after by another plan from now on."""
    return _set_day(tx, programme, infant_id, "in_care_on", begun_on)


def record_leaving(tx: Transaction, programme: Programme, infant_id: UUID, state: ClientState) -> None:
    """The infant went to another place's care or was lost (or, ``ACTIVE``, is here after all).

    An infant's death is recorded by ``loss.record_loss``, which does far more.
    """
    if state is ClientState.DIED:
        raise ValueError("A death is recorded as a loss.")
    child = _child(tx, infant_id)
    left_at = None if state is ClientState.ACTIVE else tx.now
    tx.connection.execute(update(Infant).where(Infant.id == infant_id).values(state=state, left_at=left_at))
    tx.audit("state", "infant", infant_id, state)
    _go_on(tx, programme, child)


def waiting_sample(reading: Reading, infant_id: UUID) -> UUID | None:
    """The last sample of an infant of which no result is back."""
    waiting = select(InfantSample.id).where(
        InfantSample.infant_id == infant_id, InfantSample.result.is_(None)
    )
    return reading.connection.scalar(waiting.order_by(InfantSample.taken_on.desc()).limit(1))


def _set_day(
    tx: Transaction, programme: Programme, infant_id: UUID, field: str, day: date | None, **also: object
) -> SampleFault | None:
    child = _child(tx, infant_id)
    if day and (fault := _impossible(tx, programme, child, day)):
        return fault
    before = tx.connection.scalar(select(Infant.__table__.c[field]).where(Infant.id == infant_id))
    if before and before != day:
        _keep(tx, programme, child, field, str(before))
    tx.connection.execute(update(Infant).where(Infant.id == infant_id).values({field: day, **also}))
    tx.audit("record", "infant", infant_id, field)
    _go_on(tx, programme, child)
    return None


def _child(tx: Transaction, infant_id: UUID) -> _Child:
    row = tx.connection.execute(
        select(Infant.id, Infant.mother_id, Person.born_on)
        .join(Person, Person.id == Infant.id)
        .where(Infant.id == infant_id)
        .with_for_update(of=Infant)
    ).one()
    return _Child(*row, is_positive(tx, infant_id))


def _sample(tx: Transaction, sample_id: UUID) -> _Sample:
    infant_id = tx.connection.execute(
        select(InfantSample.infant_id).where(InfantSample.id == sample_id)
    ).scalar_one()
    child = _child(tx, infant_id)
    row = tx.connection.execute(
        select(InfantSample.taken_on, InfantSample.result, InfantSample.given_on).where(
            InfantSample.id == sample_id
        )
    ).one()
    return _Sample(sample_id, child, *row)


def _impossible(tx: Transaction, programme: Programme, child: _Child, day: date) -> SampleFault | None:
    if day > programme.today(tx.now):
        return SampleFault.TO_COME
    return SampleFault.BEFORE_BIRTH if child.born_on and day < child.born_on else None


def _change(
    tx: Transaction, programme: Programme, sample: _Sample, field: str, value: object, **also: object
) -> None:
    before = getattr(sample, field)
    if before is not None and before != value:
        _keep(tx, programme, sample.child, f"{field} of {sample.taken_on}", str(before))
    tx.connection.execute(
        update(InfantSample).where(InfantSample.id == sample.id).values({field: value, **also})
    )
    tx.audit("record", "sample", sample.id, field)


def _keep(tx: Transaction, programme: Programme, child: _Child, field: str, before: str) -> None:
    keep_before(tx, programme, child.mother_id, child.id, field, before)


def _go_on(tx: Transaction, programme: Programme, child: _Child) -> None:
    """What follows from the facts as they are now, in their own transaction."""
    positive = is_positive(tx, child.id)
    if positive and not child.was_positive:
        stop_tests(tx, child.id)
    if child.was_positive and not positive:
        resume_tests(tx, child.id)
    align(tx, programme, (child.mother_id,))
    cascade.follow(tx, programme, (child.mother_id,))
