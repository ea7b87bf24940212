"""What the tests of infants wait for: whoever must act is asked as soon as it is owed, until it is done."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.actions.climb import Page
from service.actions.family import SETTLED_AFTER, Family, InfantDates, VisitDates
from service.actions.gather import families_of_infants
from service.actions.infant_subjects import infant_subject
from service.actions.reply import alert_owner
from service.actions.subjects import GONE
from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.care import VisitKind, VisitState
from service.domain.cascade import (
    EDGE_OF,
    Edge,
    EdgeRule,
    InfantFacts,
    Owed,
    Standing,
    State,
    owed,
    standing,
)
from service.domain.hours import at_local
from service.domain.ladder import ENDS_THE_CLIMB
from service.domain.people import ClientState, Role
from service.domain.tasks import FollowUpOutcome, TaskKind, TaskState
from service.programme import Programme
from service.reminders.testing import edge_rules, infant_tests
from service.reminders.vocabulary import Circumstance
from service.store.models.care import Task
from service.store.models.people import Infant
from service.store.transaction import Reading, Transaction

OF_TESTS: Final = frozenset({*EDGE_OF, TaskKind.RECORD_SAMPLE})
"""What people are asked about the tests of infants."""


def standing_of(programme: Programme, family: Family, infant: InfantDates, today: date) -> Standing | None:
    """Where an infant stands; ``None`` for one that is not exposed."""
    subject = infant_subject(programme, family, infant, today)
    if Circumstance.EXPOSED not in subject.circumstances:
        return None
    facts = InfantFacts(
        tests=infant_tests(programme.plans, subject, programme.calendar),
        samples=tuple(one.sample for one in family.samples if one.infant_id == infant.id),
        weaned_on=infant.weaned.day if infant.weaned else None,
        in_care=infant.in_care,
        left=_has_left(family, infant),
    )
    return standing(facts, today)


def _has_left(family: Family, infant: InfantDates) -> bool:
    """A child whose mother died is looked after still."""
    without_her = family.client.state in GONE and family.client.state is not ClientState.DIED
    return without_her or infant.state in (*GONE, ClientState.MUTED)


def follow(tx: Transaction, programme: Programme, client_ids: Collection[UUID]) -> None:
    """Act on what was just recorded about some clients' infants, in the transaction of the change."""
    mothers = select(Infant.mother_id).distinct().where(Infant.mother_id.in_(client_ids))
    for case in _cases(tx, programme, tx.connection.scalars(mothers).all()):
        _keep(tx, programme, case)


def keep_asked(tx: Transaction, programme: Programme, client_id: UUID) -> None:
    """The same for one client, because a day has passed."""
    follow(tx, programme, (client_id,))


def due_asks(reading: Reading, programme: Programme, after: UUID | None, most: int = 100) -> Page | None:
    """Go on from behind ``after`` through the mothers; ``due`` are those about whose infants something is."""
    mothers = select(Infant.mother_id).distinct().order_by(Infant.mother_id).limit(most)
    page = reading.connection.scalars(mothers.where(Infant.mother_id > after) if after else mothers).all()
    due = {case.family.client.id for case in _cases(reading, programme, page) if case.is_due}
    return Page(tuple(sorted(due)), page[-1]) if page else None


@dataclass(frozen=True)
class _Asked:
    """A task about an infant's tests; ``on`` is the local day on which it was opened.

    One that a person has closed has an ``outcome``, one that a later fact made needless has none.
    """

    id: UUID
    kind: TaskKind
    visit_id: UUID | None
    owner: Role
    is_open: bool
    on: date
    outcome: FollowUpOutcome | None


@dataclass(frozen=True)
class _Case:
    """An infant and what was asked about it: from that, what is to be asked and what is needless now."""

    programme: Programme
    family: Family
    infant: InfantDates
    stands: Standing | None
    asked: Sequence[_Asked]
    today: date

    @property
    def is_due(self) -> bool:
        return bool(self.needless or next(self.new_tasks(), None))

    @property
    def needless(self) -> tuple[UUID, ...]:
        """The tasks that are open though what they waited for has come."""
        wanted: set[tuple[TaskKind, UUID | None]] = {(one.task, None) for one in self._owed}
        wanted |= {(TaskKind.RECORD_SAMPLE, visit.id) for visit in self._unsampled}
        return tuple(
            one.id
            for one in self.asked
            if one.is_open and not {(one.kind, None), (one.kind, one.visit_id)} & wanted
        )

    def new_tasks(self) -> Iterator[NewTask]:
        for one in self._owed:
            rule = self._rules[one.wait.edge]
            for owner in _owners(one):
                if not self._was_asked(one, rule, owner):
                    yield self._task(one, rule, owner)
        for visit in self._unsampled:
            if all(one.visit_id != visit.id for one in self.asked if one.kind is TaskKind.RECORD_SAMPLE):
                yield self._was_it_taken(visit)

    @property
    def _rules(self) -> Mapping[Edge, EdgeRule]:
        return edge_rules(self.programme.plans)

    @property
    def _owed(self) -> tuple[Owed, ...]:
        """Nobody is asked for a test that is late where a day has been agreed on since it was due."""
        late = owed(self.stands, self._rules, self.today) if self.stands else ()
        return tuple(
            one for one in late if one.wait.edge is not Edge.SAMPLE or not self._is_agreed(one.wait.since)
        )

    def _is_agreed(self, since: date) -> bool:
        return any(
            visit.dated_by_person
            and visit.state is VisitState.PLANNED
            and visit.day >= self.today
            and self.programme.today(visit.known_at) >= since
            for visit in self._visits
        )

    @property
    def _visits(self) -> tuple[VisitDates, ...]:
        return tuple(
            visit
            for visit in self.family.visits
            if visit.subject_id == self.infant.id and visit.kind is VisitKind.INFANT_TEST
        )

    @property
    def _unsampled(self) -> tuple[VisitDates, ...]:
        """The visits for a test that took place, where nobody has recorded a sample of that day or later."""
        if self.stands is None or self.stands.state in _SETTLED:
            return ()
        sampled = [one.sample.taken_on for one in self.family.samples if one.infant_id == self.infant.id]
        since = max((*sampled, self.today - SETTLED_AFTER))
        return tuple(visit for visit in self._visits if visit.came and visit.came.day > since)

    def _was_asked(self, one: Owed, rule: EdgeRule, owner: Role) -> bool:
        """Whether it is open, was asked in this round, or came to an end after which nobody looks on.

        A round is as long as the plan says, or a day: what is closed without being done is asked again.
        """
        same = [asked for asked in self.asked if asked.kind is one.task and asked.on >= one.wait.since]
        every = rule.every_days or 1
        round_began = self.today - timedelta(days=(self.today - one.from_day).days % every)
        return any(asked.outcome in ENDS_THE_CLIMB for asked in same) or any(
            asked.is_open or (asked.outcome and asked.on >= round_began)
            for asked in same
            if asked.owner is owner
        )

    def _task(self, one: Owed, rule: EdgeRule, owner: Role) -> NewTask:
        calendar = self.programme.calendar
        last_day = one.from_day + timedelta(days=rule.within_days)
        return NewTask(
            one.task,
            self.family.client.id,
            subject_id=self.infant.id,
            urgency=rule.urgency,
            owner=owner,
            finish_by=at_local(last_day, calendar.safe.ends, calendar.zone) if rule.within_days else None,
        )

    def _was_it_taken(self, visit: VisitDates) -> NewTask:
        """That she came does not say that a sample was taken."""
        return NewTask(
            TaskKind.RECORD_SAMPLE,
            self.family.client.id,
            visit_id=visit.id,
            subject_id=self.infant.id,
            about=str(visit.id),
        )


def _cases(reading: Reading, programme: Programme, client_ids: Collection[UUID]) -> Iterator[_Case]:
    found = families_of_infants(reading, programme, sorted(client_ids))
    asked = _asked(reading, programme, {infant.id for family in found for infant in family.infants})
    today = programme.today(reading.now)
    for family in found:
        for infant in family.infants:
            stands = standing_of(programme, family, infant, today)
            yield _Case(programme, family, infant, stands, asked[infant.id], today)


def _asked(
    reading: Reading, programme: Programme, infant_ids: Collection[UUID]
) -> Mapping[UUID, list[_Asked]]:
    rows = reading.connection.execute(
        select(
            Task.subject_id,
            Task.id,
            Task.kind,
            Task.visit_id,
            Task.owner_role,
            Task.state,
            Task.opened_at,
            Task.outcome,
        ).where(Task.subject_id.in_(infant_ids), Task.kind.in_(OF_TESTS))
    )
    found: dict[UUID, list[_Asked]] = defaultdict(list)
    for row in rows:
        if row.subject_id:
            found[row.subject_id].append(
                _Asked(
                    id=row.id,
                    kind=row.kind,
                    visit_id=row.visit_id,
                    owner=row.owner_role or Role.MENTOR,
                    is_open=row.state is not TaskState.CLOSED,
                    on=programme.today(row.opened_at),
                    outcome=row.outcome,
                )
            )
    return found


_SETTLED: Final = frozenset({State.POSITIVE, State.FINAL, State.LEFT})


def _owners(one: Owed) -> tuple[Role, ...]:
    """A positive infant is two people's: who knows the mother, and who sees that treatment begins."""
    return tuple(dict.fromkeys((one.owner, Role.COORDINATOR))) if one.wait.edge is Edge.CARE else (one.owner,)


_ANNOUNCED: Final = frozenset({TaskKind.SEE_AT_ONCE, TaskKind.NEW_SAMPLE})
"""What whoever must act is told of by text. It says no more than that there is a task."""


def _keep(tx: Transaction, programme: Programme, case: _Case) -> None:
    if case.needless:
        close_where(tx, Task.id.in_(case.needless), Ending(reason="settled"))
    for new in case.new_tasks():
        task_id = open_task(tx, new)
        if new.kind in _ANNOUNCED:
            alert_owner(tx, programme, task_id, "staff_task")
