"""The ledger, held against the book: every visit has every step, and each is to come or has an end."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from service.domain.care import VisitState
from service.domain.ledger import LedgerState
from service.domain.tasks import TaskKind, TaskState
from service.store.models.care import Task
from service.store.models.messages import LedgerEntry, Message
from service.store.models.operations import JobRun
from service.store.transaction import Reading
from tests.year.book import Book

STEPS = ("visit_d14", "visit_d7", "visit_d1", "missed_d1", "missed_d7")
"""What every dated visit earns, each once for each date about which she was told."""

CLOSED_BY_A_PERSON = "closed by a person"
CLOSED_BY_A_FACT = "closed because she came or a day was agreed"
CLIMBED = "open, and has climbed"
OPEN = "open, and not late yet"
NOBODYS = "with nobody"

FORGOTTEN = timedelta(hours=1)
"""How long after its moment nothing may still be planned while a worker is at work."""


def of_the_night(reading: Reading, book: Book, at_work: bool) -> Iterator[str]:
    """What is wrong with the ledger tonight. While no worker is at work reminders may wait."""
    first = and_(LedgerEntry.occurrence == "0", LedgerEntry.step.in_(STEPS))
    to_come = LedgerEntry.state.in_((LedgerState.PLANNED, LedgerState.QUEUED))
    rows, firsts, unended, ended, late = reading.connection.execute(
        select(
            func.count(),
            _number(first),
            _number(and_(to_come, LedgerEntry.ended_at.is_(None))),
            _number(and_(~to_come, LedgerEntry.ended_at.is_not(None))),
            _number(_forgotten(reading.now)),
        )
    ).one()
    if firsts != len(STEPS) * len(book.visits):
        yield f"{firsts} steps are in the ledger for {len(book.visits)} visits"
    if unended + ended != rows:
        yield f"{unended} to come and {ended} ends are not {rows}"
    if late and at_work:
        yield f"{late} reminders are forgotten"
    alarms = reading.connection.scalar(select(func.count()).where(Task.kind == TaskKind.INCIDENT))
    if alarms:
        yield f"the service's own proof, or something else, failed {alarms} times"


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


def _forgotten(now: datetime) -> ColumnElement[bool]:
    return and_(LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.due_at < now - FORGOTTEN)


def proved(reading: Reading) -> int:
    """How many nights the service proved its ledger itself."""
    runs = select(func.count()).where(JobRun.job == "prove_ledger")
    return reading.connection.execute(runs).scalar_one()


def at_the_end(reading: Reading, book: Book) -> Iterator[str]:
    """What is wrong when the year is over."""
    yield from _of_each_visit(reading, book)
    yield from _of_what_left(reading, book)
    yield from _of_misses_at_risk(reading, book)
    yield from _of_the_unrecorded(reading, book)


def _of_each_visit(reading: Reading, book: Book) -> Iterator[str]:
    earned = reading.connection.execute(
        select(LedgerEntry.subject_id, func.count(LedgerEntry.step.distinct()))
        .where(LedgerEntry.step.in_(STEPS))
        .group_by(LedgerEntry.subject_id)
    )
    steps = {subject_id: number for subject_id, number in earned}
    for visit in book.visits.values():
        if steps.get(visit.id) != len(STEPS):
            yield f"visit {visit.id} has {steps.get(visit.id)} of {len(STEPS)} steps"


def _of_what_left(reading: Reading, book: Book) -> Iterator[str]:
    sent = reading.connection.scalar(select(func.count()).where(Message.sent_at.is_not(None)))
    if sent != len(book.left):
        yield f"{sent} texts are said to have left, and {len(book.left)} did"


def _of_misses_at_risk(reading: Reading, book: Book) -> Iterator[str]:
    """Each ends with a person: a task about that visit that was closed, or climbed."""
    rows = reading.connection.execute(
        select(Task.visit_id, Task.state, Task.escalations).where(Task.kind != TaskKind.DID_SHE_COME)
    )
    cared_for = {visit_id for visit_id, state, climbed in rows if state is TaskState.CLOSED or climbed}
    for visit in book.missed_at_risk():
        if visit.id not in cared_for and reading.now - visit.outcomes[-1][0] > timedelta(days=3):
            yield f"nobody took care of the miss of {visit.day}, visit {visit.id}"


def ends_of_misses_at_risk(reading: Reading, book: Book) -> Counter[str]:
    """What came of what people were asked to do about each visit that cannot wait and was missed."""
    rows = reading.connection.execute(
        select(Task.visit_id, Task.state, Task.outcome, Task.escalations).where(
            Task.kind != TaskKind.DID_SHE_COME
        )
    )
    ends: defaultdict[UUID | None, set[str]] = defaultdict(set)
    for visit_id, state, outcome, climbed in rows:
        closed = CLOSED_BY_A_PERSON if outcome else CLOSED_BY_A_FACT
        ends[visit_id].add(closed if state is TaskState.CLOSED else CLIMBED if climbed else OPEN)
    best = (CLOSED_BY_A_PERSON, CLOSED_BY_A_FACT, CLIMBED, OPEN)
    return Counter(
        next((end for end in best if end in ends[visit.id]), NOBODYS) for visit in book.missed_at_risk()
    )


def _of_the_unrecorded(reading: Reading, book: Book) -> Iterator[str]:
    asked = set(reading.connection.scalars(select(Task.visit_id).where(Task.kind == TaskKind.DID_SHE_COME)))
    for visit in book.visits.values():
        silent = visit.state is VisitState.PLANNED and reading.now.date() - visit.day > timedelta(days=2)
        if silent and visit.id not in asked:
            yield f"nobody was asked about the visit of {visit.day}"
