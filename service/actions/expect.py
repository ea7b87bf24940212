"""The visits that plans ask for: made, moved and taken back as long as no person has touched them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import update

from service.actions.family import Earning, Family, VisitDates
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.ids import new_id
from service.reminders.dates import Expected
from service.reminders.vocabulary import Whose
from service.store.models.care import Visit, VisitEvent
from service.store.transaction import Transaction

_Day = tuple[UUID, VisitKind, date]
"""Nobody has two visits of one kind on one day."""

_GONE: Final = "no_plan"
"""Why a visit is taken back that no plan asks for any more."""


def keep_visits(tx: Transaction, family: Family, asked: Iterable[Expected], today: date) -> bool:
    """Bring the visits that plans made in line with what they ask for; says whether anything changed.

    A visit that a person dated, moved, cancelled or recorded, or to which she said yes, keeps its day. What
    lies in the past is never made, moved or taken back.

    1. Make what is asked for and is not there, or move what is there and was not touched.
    2. Take back what is not asked for any more.
    """
    visits = _Visits(tx, family, today)
    changed = [visits.keep(row) for row in asked]
    kept = {row.key for row in asked}
    changed += [visits.take_back(visit, _GONE) for visit in family.visits if _is_left_over(visit, kept)]
    return any(changed)


def _is_left_over(visit: VisitDates, kept: set[Earning]) -> bool:
    return visit.earned is not None and visit.earned not in kept


class _Visits:
    """The visits of a family while they are being brought in line."""

    def __init__(self, tx: Transaction, family: Family, today: date) -> None:
        self._tx, self._client_id, self._today = tx, family.client.id, today
        self._earned = {visit.earned: visit for visit in family.visits if visit.earned}
        self._taken: dict[_Day, UUID] = {
            (visit.subject_id, visit.kind, visit.day): visit.id for visit in family.visits
        }
        self._subjects = subjects_of_visits(family)

    def keep(self, row: Expected) -> bool:
        visit = self._earned.get(row.key)
        if visit is None:
            return row.why_not is None and self._make(row)
        if row.why_not is not None:
            return self.take_back(visit, row.why_not)
        return self._move(visit, row.day)

    def _make(self, row: Expected) -> bool:
        subject_id = self._subjects[row.subject_id, row.whose]
        day: _Day = (subject_id, row.visit, row.day)
        if row.day <= self._today or day in self._taken:
            return False
        step, earned_from, occurrence = row.key
        visit_id = self._taken[day] = new_id()
        self._tx.add(
            Visit,
            id=visit_id,
            client_id=self._client_id,
            subject_id=subject_id,
            kind=row.visit,
            day=row.day,
            state=VisitState.PLANNED,
            known_at=self._tx.now,
            earned_step=step,
            earned_from=earned_from,
            earned_occurrence=occurrence,
            dated_by_person=False,
            actor=str(self._tx.actor),
        )
        self._note(visit_id, VisitFact.PLANNED, row.day, step)
        return True

    def _move(self, visit: VisitDates, day: date) -> bool:
        """To its new day, or back into the diary."""
        taken = self._taken.get((visit.subject_id, visit.kind, day), visit.id) != visit.id
        stands = visit.day == day and visit.state is VisitState.PLANNED
        if stands or not self._is_open(visit) or day <= self._today:
            return False
        if taken:
            return self.take_back(visit, _GONE)
        self._taken[visit.subject_id, visit.kind, day] = visit.id
        reopened = visit.state is VisitState.CANCELLED
        self._set(visit.id, day=day, state=VisitState.PLANNED, known_at=self._tx.now)
        self._note(visit.id, VisitFact.REOPENED if reopened else VisitFact.MOVED, day, visit.earned_by)
        return True

    def take_back(self, visit: VisitDates, why: str) -> bool:
        """She is no longer expected on a day that only a plan had given her."""
        if not visit.is_plans_own or visit.day <= self._today:
            return False
        self._set(visit.id, state=VisitState.CANCELLED, confirmed_at=None)
        self._note(visit.id, VisitFact.CANCELLED, None, why)
        return True

    def _is_open(self, visit: VisitDates) -> bool:
        """Whether its day is still the plan's own to change."""
        if visit.is_plans_own:
            return visit.day > self._today and not visit.confirmed
        return visit.state is VisitState.CANCELLED and not visit.dated_by_person

    def _set(self, visit_id: UUID, **values: object) -> None:
        self._tx.connection.execute(update(Visit).where(Visit.id == visit_id).values(**values))

    def _note(self, visit_id: UUID, fact: VisitFact, day: date | None, why: str | None) -> None:
        self._tx.add(
            VisitEvent,
            visit_id=visit_id,
            fact=fact,
            day=day,
            reason=why,
            occurred_at=self._tx.now,
            recorded_at=self._tx.now,
            actor=str(self._tx.actor),
        )


def subjects_of_visits(family: Family) -> Mapping[tuple[UUID, Whose], UUID]:
    """Whose a visit is, by the subject that asked for it and the plan's word."""
    found = {(family.client.id, Whose.SELF): family.client.id}
    for infant in family.infants:
        found |= {(infant.id, Whose.CHILD): infant.id, (infant.id, Whose.SELF): family.client.id}
    for visit in family.visits:
        whose = Whose.SELF if visit.subject_id == family.client.id else Whose.CHILD
        found |= {(visit.id, Whose.SELF): family.client.id, (visit.id, whose): visit.subject_id}
    return found
