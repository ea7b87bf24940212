"""An infant that was entered in both records of its mother becomes one, with everything known of either."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from service.actions.merge_log import MergeLog, Naming
from service.domain.cascade import Result
from service.domain.people import ClientState, InfantRisk
from service.store.models.care import Task, Visit
from service.store.models.messages import LedgerEntry
from service.store.models.people import Infant, Person
from service.store.models.plans import InfantSample
from service.store.models.safety import Correction, Loss

OF_AN_INFANT: Final[tuple[Naming, ...]] = (
    (Visit, "subject_id"),
    (Visit, "earned_from"),
    (LedgerEntry, "subject_id"),
    (Task, "subject_id"),
    (Loss, "infant_id"),
    (Correction, "person_id"),
)
"""What belongs to an infant and goes with it, beside its samples."""

_OF_A_SAMPLE: Final[tuple[Naming, ...]] = ((LedgerEntry, "subject_id"), (Visit, "earned_from"))

_WEIGHS_MOST: Final = (Result.POSITIVE, Result.INDETERMINATE, Result.NONE_CAME, Result.NEGATIVE, None)
"""Of two results of one sample the one holds that asks for more."""

_RISKS: Final = (InfantRisk.HIGH, InfantRisk.LOW, None)

_STATES: Final = (
    ClientState.DIED,
    ClientState.MUTED,
    ClientState.ACTIVE,
    ClientState.PENDING,
    ClientState.TRANSFERRED,
    ClientState.ENDED,
)
"""Nothing goes about an infant that died; one that is here by either record is looked after."""


@dataclass(frozen=True)
class SameInfant:
    """``other_id``, in the record that goes, is the infant ``kept_id`` of the record that stays."""

    kept_id: UUID
    other_id: UUID


def become_one(log: MergeLog, mother_id: UUID, same: SameInfant) -> None:
    """Let everything of the other be the kept infant's. The other's own row stays with the record that goes.

    ``mother_id`` is whose record goes.
    """
    _agree(log, same)
    for naming in OF_AN_INFANT:
        log.move(naming, same.kept_id, same.other_id)
    for sample_id in log.move((InfantSample, "infant_id"), same.kept_id, same.other_id):
        _samples_become_one(log, same.kept_id, sample_id)
    log.rename_matters(mother_id, same.kept_id, same.other_id)


def _agree(log: MergeLog, same: SameInfant) -> None:
    """What only the other record knew is known now, and what asks for more care holds."""
    kept, other = _facts(log, same.kept_id), _facts(log, same.other_id)
    values = {
        "risk": min(kept.risk, other.risk, key=_RISKS.index),
        "state": min(kept.state, other.state, key=_STATES.index),
        "feeding": kept.feeding or other.feeding,
        "in_care_on": kept.in_care_on or other.in_care_on,
    }
    if other.weaned_on and not kept.weaned_on:
        values |= {"weaned_on": other.weaned_on, "weaned_known_at": other.weaned_known_at}
    log.change(Infant, same.kept_id, values)
    log.change(Person, same.kept_id, {"sex": kept.sex or other.sex})


def _facts(log: MergeLog, infant_id: UUID) -> Any:
    known = (
        Infant.risk,
        Infant.state,
        Infant.feeding,
        Infant.in_care_on,
        Infant.weaned_on,
        Infant.weaned_known_at,
        Person.sex,
    )
    whose = select(*known).join(Person, Person.id == Infant.id).where(Infant.id == infant_id)
    return log.tx.connection.execute(whose.with_for_update(of=Infant)).one()


def _samples_become_one(log: MergeLog, kept_infant: UUID, other_id: UUID) -> None:
    """One sample was entered twice: it has the result that weighs most."""
    what = InfantSample.id, InfantSample.taken_on, InfantSample.result, InfantSample.back_on
    known = select(*what, InfantSample.given_on, InfantSample.result_recorded_at, InfantSample.visit_id)
    other = log.tx.connection.execute(known.where(InfantSample.id == other_id)).one()
    same_day = InfantSample.infant_id == kept_infant, InfantSample.taken_on == other.taken_on
    kept = log.tx.connection.execute(known.where(*same_day)).one()
    if _WEIGHS_MOST.index(other.result) < _WEIGHS_MOST.index(kept.result):
        back = "result", "back_on", "given_on", "result_recorded_at"
        log.change(InfantSample, kept.id, {column: getattr(other, column) for column in back})
    elif other.result is kept.result and not kept.given_on:
        log.change(InfantSample, kept.id, {"given_on": other.given_on})
    for naming in _OF_A_SAMPLE:
        log.move(naming, kept.id, other.id)
