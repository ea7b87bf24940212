"""What is known of visits that were missed: everything on which it depends who must act."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy import Row as ResultRow
from sqlalchemy.orm import aliased

from service.domain.care import Done, VisitFact, VisitKind, VisitState
from service.domain.cascade import Result
from service.domain.ladder import NEW_FOR, MissFacts, Risk
from service.domain.people import ClientState, ConsentChannel
from service.domain.tasks import FollowUpOutcome, TaskState
from service.store.models.care import Task, Visit, VisitEvent
from service.store.models.people import Client, Consent, Infant
from service.store.models.plans import DoneAtVisit, InfantSample, RungTaken
from service.store.transaction import Reading

_GONE: Final = (ClientState.TRANSFERRED, ClientState.ENDED, ClientState.DIED)
_VIRAL_LOADS: Final = (Done.VIRAL_LOAD_LOW, Done.VIRAL_LOAD_RAISED, Done.VIRAL_LOAD_HIGH)


@dataclass(frozen=True)
class Miss:
    """A missed visit of somebody who is looked after here and has not come, nor agreed on a day, since."""

    visit_id: UUID
    client_id: UUID
    subject_id: UUID
    kind: VisitKind
    facts: MissFacts

    @property
    def infant_id(self) -> UUID | None:
        return None if self.subject_id == self.client_id else self.subject_id


def misses(reading: Reading, which: ColumnElement[bool], most: int | None = None) -> tuple[Miss, ...]:
    """The unsettled misses of which that holds, in the order of the visits' ids, or the first of them."""
    columns = (Visit.client_id, Visit.subject_id, Visit.kind, Visit.day, Client.art_start)
    query = unsettled_visits().add_columns(*columns).where(which).order_by(Visit.id).limit(most)
    return tuple(_with_facts(reading, reading.connection.execute(query).all()))


@cache
def unsettled_visits() -> Select[UUID]:
    """The ids of the visits to which somebody did not come, and nothing has settled it since.

    Nobody is sought because she did not come to an event.
    """
    return (
        select(Visit.id)
        .join(Client, Client.id == Visit.client_id)
        .outerjoin(Infant, Infant.id == Visit.subject_id)
        .where(
            Visit.state == VisitState.MISSED,
            Visit.event_id.is_(None),
            or_(Client.state.not_in(_GONE), _of_an_orphan()),
            ~_overtaken_test(),
            or_(Infant.id.is_(None), Infant.state.not_in((*_GONE, ClientState.MUTED))),
            ~_came_or_agreed(),
        )
    )


def _of_an_orphan() -> ColumnElement[bool]:
    """A child whose mother died is looked after still."""
    return and_(Client.state == ClientState.DIED, Visit.subject_id != Visit.client_id)


def _overtaken_test() -> ColumnElement[bool]:
    """A routine test of an infant who was found positive by another."""
    positive = select(InfantSample.infant_id).where(InfantSample.result == Result.POSITIVE)
    return and_(Visit.kind == VisitKind.INFANT_TEST, Visit.subject_id.in_(positive))


def _came_or_agreed() -> ColumnElement[bool]:
    """She came to a later visit of the kind, or a person has dated one since the miss was recorded."""
    other = aliased(Visit)
    recorded = (
        select(func.max(VisitEvent.recorded_at))
        .where(VisitEvent.visit_id == Visit.id, VisitEvent.fact == VisitFact.MISSED)
        .scalar_subquery()
    )
    agreed = and_(
        other.state == VisitState.PLANNED, other.dated_by_person.is_(True), other.known_at > recorded
    )
    return (
        select(other.id)
        .where(
            other.subject_id == Visit.subject_id,
            other.client_id == Visit.client_id,
            other.kind == Visit.kind,
            other.day > Visit.day,
            or_(other.state == VisitState.ATTENDED, agreed),
        )
        .exists()
    )


def _with_facts(reading: Reading, rows: Collection[ResultRow[*tuple[object, ...]]]) -> list[Miss]:
    if not rows:
        return []
    visit_ids, subjects = [row.id for row in rows], {row.subject_id for row in rows}
    taken, outcomes = _taken(reading, visit_ids), _outcomes(reading, visit_ids)
    consents = _consents(reading, {row.client_id for row in rows})
    positive, high = _positive(reading, subjects), _high_viral_load(reading, subjects)
    return [
        Miss(
            row.id,
            row.client_id,
            row.subject_id,
            row.kind,
            MissFacts(
                expected_on=row.day,
                state=VisitState.MISSED,
                risks=_risks(row, positive, high),
                consents=consents.get(row.client_id, frozenset()),
                taken=taken.get((row.id, row.day), frozenset()),
                outcome=outcomes.get((row.id, row.day)),
            ),
        )
        for row in rows
    ]


def _risks(
    row: ResultRow[*tuple[object, ...]], positive: Collection[UUID], high: Collection[UUID]
) -> frozenset[Risk]:
    """What she herself risks counts for her own visits, and what the infant risks for the infant's."""
    own = row.subject_id == row.client_id
    new = own and row.art_start is not None and row.day - row.art_start <= NEW_FOR
    found = {
        Risk.INFANT_TEST: row.kind is VisitKind.INFANT_TEST,
        Risk.POSITIVE_INFANT: row.subject_id in positive,
        Risk.HIGH_VIRAL_LOAD: row.subject_id in high,
        Risk.NEW_ON_TREATMENT: new,
    }
    return frozenset(risk for risk, is_so in found.items() if is_so)


_Missed = tuple[UUID, date]
"""A visit and the day on which it was missed; a visit that moved may be missed again."""


def _taken(reading: Reading, visit_ids: Collection[UUID]) -> Mapping[_Missed, frozenset[str]]:
    found: dict[_Missed, set[str]] = defaultdict(set)
    rungs = select(RungTaken.visit_id, RungTaken.day, RungTaken.rung).where(RungTaken.visit_id.in_(visit_ids))
    for visit_id, day, rung in reading.connection.execute(rungs):
        found[visit_id, day].add(rung)
    return {missed: frozenset(ids) for missed, ids in found.items()}


def _outcomes(reading: Reading, visit_ids: Collection[UUID]) -> Mapping[_Missed, FollowUpOutcome | None]:
    """The last that a follow-up of the miss had."""
    closed = (
        select(RungTaken.visit_id, RungTaken.day, Task.outcome)
        .join(Task, Task.id == RungTaken.task_id)
        .where(RungTaken.visit_id.in_(visit_ids), Task.state == TaskState.CLOSED, Task.outcome.is_not(None))
        .order_by(Task.closed_at, Task.id)
    )
    return {(visit_id, day): outcome for visit_id, day, outcome in reading.connection.execute(closed)}


def _consents(reading: Reading, client_ids: Collection[UUID]) -> Mapping[UUID, frozenset[ConsentChannel]]:
    """To which ways of being reached each agreed last; of two words of one moment the no counts."""
    words = (
        select(Consent.person_id, Consent.channel, Consent.given)
        .where(Consent.person_id.in_(client_ids))
        .order_by(Consent.occurred_at, Consent.given.desc(), Consent.id)
    )
    last = {(person, channel): given for person, channel, given in reading.connection.execute(words)}
    return {
        client_id: frozenset(
            channel for (person, channel), given in last.items() if given and person == client_id
        )
        for client_id in client_ids
    }


def _positive(reading: Reading, subjects: Collection[UUID]) -> frozenset[UUID]:
    samples = select(InfantSample.infant_id).where(
        InfantSample.infant_id.in_(subjects), InfantSample.result == Result.POSITIVE
    )
    return frozenset(reading.connection.scalars(samples))


def _high_viral_load(reading: Reading, subjects: Collection[UUID]) -> frozenset[UUID]:
    """Those whose last viral load was high."""
    loads = (
        select(Visit.subject_id, DoneAtVisit.done)
        .join(DoneAtVisit, DoneAtVisit.visit_id == Visit.id)
        .where(Visit.subject_id.in_(subjects), DoneAtVisit.done.in_(_VIRAL_LOADS))
        .order_by(Visit.day, DoneAtVisit.id)
    )
    last = dict(iter(reading.connection.execute(loads)))
    return frozenset(subject for subject, done in last.items() if done is Done.VIRAL_LOAD_HIGH)
