"""The routine tests of an infant end with a positive result, and no text speaks of it before a person has."""

from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from service.actions.cancelled_visits import cancel_visits, reopen_visits
from service.actions.ledger import withdraw
from service.actions.tasks import Ending, close_where
from service.domain.care import VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.store.models.care import Task, Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.plans import InfantSample
from service.store.transaction import Reading, Transaction

_ABOUT_A_DATE: Final = (TaskKind.DID_SHE_COME, TaskKind.NEW_DATE)


def is_positive(reading: Reading, infant_id: UUID) -> bool:
    found = select(InfantSample.id).where(
        InfantSample.infant_id == infant_id, InfantSample.result == Result.POSITIVE
    )
    return reading.connection.scalar(found.limit(1)) is not None


def stop_tests(tx: Transaction, infant_id: UUID) -> None:
    """Cancel the visits for routine tests that people have dated, and take back every text about the infant.

    What plans alone have asked for they take back themselves.
    """
    dated = (Visit.kind == VisitKind.INFANT_TEST) & Visit.dated_by_person.is_(True)
    ahead = Visit.state.in_((VisitState.PLANNED, VisitState.NOT_KNOWN))
    cancelled = cancel_visits(tx, (Visit.subject_id == infant_id) & dated & ahead, infant_id)
    close_where(tx, Task.visit_id.in_(cancelled) & Task.kind.in_(_ABOUT_A_DATE), Ending(Reason.OVERTAKEN))
    visits = select(Visit.id).where(Visit.subject_id == infant_id)
    about_it = or_(LedgerEntry.subject_id == infant_id, LedgerEntry.subject_id.in_(visits))
    carried = select(LedgerEntry.message_id).where(about_it, LedgerEntry.message_id.is_not(None))
    withdraw(tx, Message.id.in_(carried), Reason.OVERTAKEN)


def resume_tests(tx: Transaction, infant_id: UUID) -> None:
    """The result was recorded by mistake: what it ended stands again."""
    reopen_visits(tx, infant_id)
