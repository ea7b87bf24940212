"""One visit as texts and answers need it."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from service.domain.care import VisitKind, VisitState
from service.domain.cascade import Result
from service.reminders.vocabulary import Whose
from service.store.models.care import Visit
from service.store.models.people import Infant
from service.store.models.plans import InfantSample
from service.store.transaction import Reading


@dataclass(frozen=True)
class DatedVisit:
    """``day`` is local. ``a_person_first``: nothing is said of this child before a person has spoken."""

    id: UUID
    client_id: UUID
    subject_id: UUID
    kind: VisitKind
    day: date
    state: VisitState
    event_id: UUID | None
    a_person_first: bool

    @property
    def whose(self) -> Whose:
        return Whose.SELF if self.subject_id == self.client_id else Whose.CHILD

    @property
    def infant_id(self) -> UUID | None:
        return None if self.whose is Whose.SELF else self.subject_id


def dated_visit(reading: Reading, visit_id: UUID) -> DatedVisit | None:
    """The visit of that id; ``None`` if it is the id of something else."""
    row = reading.connection.execute(_VISIT, {"this": visit_id}).one_or_none()
    return DatedVisit(*row) if row else None


def waits_for_a_person(infant_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """A positive result of which nobody has told the mother, of a child whose treatment has not begun."""
    child = aliased(Infant)
    return (
        select(InfantSample.id)
        .join(child, child.id == InfantSample.infant_id)
        .where(
            InfantSample.infant_id == infant_id,
            InfantSample.result == Result.POSITIVE,
            InfantSample.given_on.is_(None),
            child.in_care_on.is_(None),
        )
        .exists()
    )


_VISIT: Final = select(
    Visit.id,
    Visit.client_id,
    Visit.subject_id,
    Visit.kind,
    Visit.day,
    Visit.state,
    Visit.event_id,
    waits_for_a_person(Visit.subject_id),
).where(Visit.id == bindparam("this"))
