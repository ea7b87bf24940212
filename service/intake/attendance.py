"""``attendance.csv``: who came and who did not, and when she comes next."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from service.actions.visits import NewVisit, add_visit, go_on, mark
from service.domain.care import VisitState
from service.domain.hours import at_local
from service.intake import values
from service.intake.cells import Cells, Problem
from service.intake.columns import Columns
from service.intake.finding import FoundVisit, VisitKey, clients_meant, days_known, visits_of
from service.intake.place import NOBODY, Place, Reference
from service.intake.taking import AlreadyKnown, Numbered, Take, Verdict
from service.intake.visits import FURTHEST, NO_CLIENT, SHARED
from service.store.transaction import Reading, Transaction

_NOON: Final = time(12)
"""A register says on which day she came and not at what hour."""

NO_VISIT: Final = "No visit of hers on this day is known; import it first."
BOTH: Final = "A line above says the opposite of this day."
CAME: Final = "She is recorded as attended; only a person can take that back, by hand."
WHICH_NEXT: Final = "She had several visits on this day; give the next dates in a visits file."
NOT_NEXT: Final = "The next visit must be after this one."


@dataclass(frozen=True)
class AttendanceRow:
    client: Reference
    day: date
    outcome: VisitState
    next_day: date | None


@dataclass(frozen=True)
class Attended:
    """What a line brings: the outcome of the day's visits of which it is not known yet, and the next one."""

    visits: tuple[UUID, ...]
    outcome: VisitState
    day: date
    following: NewVisit | None


@dataclass(frozen=True)
class AttendanceFile:
    """A line speaks of all visits of a client on that day, her infants' included: she came or she did not."""

    place: Place

    name = "attendance"
    columns = Columns(required=("client", "date", "outcome"), optional=("next_date",))

    def read(self, cells: Cells) -> AttendanceRow:
        row = AttendanceRow(
            client=cells.need("client", self.place.client, NOBODY),
            day=cells.need("date", self.place.past_day, date.min),
            outcome=cells.need("outcome", _OUTCOME, VisitState.MISSED),
            next_day=cells.may(
                "next_date", values.day_between(values.EARLIEST, self.place.today + FURTHEST), None
            ),
        )
        if row.next_day and row.next_day <= row.day:
            cells.refuse("next_date", NOT_NEXT)
        return row

    def match(self, reading: Reading, rows: Sequence[Numbered[AttendanceRow]]) -> Iterator[Verdict[Attended]]:
        clients = clients_meant(reading, (one.row.client for one in rows))
        ids = {client.id for found in clients.values() for client in found}
        book = _Book(_by_day(visits_of(reading, ids)), days_known(reading, ids))
        for one in rows:
            found = clients[one.row.client]
            if one.row.client != NOBODY and len(found) != 1:
                yield one.refused(Problem(one.line, "client", SHARED if found else NO_CLIENT))
            elif one.problems:
                yield one.refused()
            else:
                yield book.verdict(one, found[0].id)

    def advise(self, new: Sequence[Take[Attended]]) -> Iterator[str]:  # noqa: ARG002
        return iter(())

    def take(self, tx: Transaction, new: Iterable[Attended], import_id: UUID) -> None:
        """The plans of each woman are gone through once, after all her lines."""
        clients: set[UUID] = set()
        for one in new:
            occurred_at = self._occurred_at(tx.now, one.day)
            clients |= {
                mark(tx, visit_id, one.outcome, occurred_at, import_id=import_id) for visit_id in one.visits
            }
            if one.following:
                add_visit(tx, one.following, import_id)
                clients.add(one.following.client_id)
        go_on(tx, self.place.programme, clients)

    def _occurred_at(self, now: datetime, day: date) -> datetime:
        return min(now, at_local(day, _NOON, self.place.programme.calendar.zone))


_OUTCOME: Final = values.one_of({state.value: state for state in (VisitState.ATTENDED, VisitState.MISSED)})

_Day = tuple[UUID, date]
"""A client and a local day."""


def _by_day(visits: Iterable[FoundVisit]) -> Mapping[_Day, tuple[FoundVisit, ...]]:
    days: dict[_Day, tuple[FoundVisit, ...]] = defaultdict(tuple)
    for visit in visits:
        if visit.state is not VisitState.CANCELLED:
            days[visit.client_id, visit.day] += (visit,)
    return days


@dataclass(frozen=True)
class _Book:
    """What is known of the clients' days, and what the lines so far have said of them."""

    visits: Mapping[_Day, tuple[FoundVisit, ...]]
    known: set[VisitKey]
    said: dict[_Day, VisitState] = field(default_factory=dict)

    def verdict(self, one: Numbered[AttendanceRow], client_id: UUID) -> Verdict[Attended]:
        day = (client_id, one.row.day)
        visits = self.visits.get(day, ())
        problem = self._problem(one, day, visits)
        if problem:
            return one.refused(problem)
        changed = () if day in self.said else _changed(visits, one.row.outcome)
        following = self._following(one.row, visits)
        self.said[day] = one.row.outcome
        if not changed and following is None:
            return AlreadyKnown(one.line)
        return Take(one.line, Attended(changed, one.row.outcome, one.row.day, following))

    def _problem(
        self, one: Numbered[AttendanceRow], day: _Day, visits: Sequence[FoundVisit]
    ) -> Problem | None:
        outcome = one.row.outcome
        if not visits:
            return Problem(one.line, "date", NO_VISIT)
        if self.said.get(day, outcome) is not outcome:
            return Problem(one.line, "outcome", BOTH)
        if outcome is VisitState.MISSED and any(visit.state is VisitState.ATTENDED for visit in visits):
            return Problem(one.line, "outcome", CAME)
        if one.row.next_day and len(visits) > 1:
            return Problem(one.line, "next_date", WHICH_NEXT)
        return None

    def _following(self, row: AttendanceRow, visits: Sequence[FoundVisit]) -> NewVisit | None:
        """The next visit, of the same kind and for the same person, unless it is known."""
        if row.next_day is None:
            return None
        last = visits[0]
        key = (last.client_id, last.subject_id, last.kind, row.next_day)
        if key in self.known:
            return None
        self.known.add(key)
        return NewVisit(*key)


def _changed(visits: Sequence[FoundVisit], outcome: VisitState) -> tuple[UUID, ...]:
    return tuple(visit.id for visit in visits if visit.state is not outcome)
