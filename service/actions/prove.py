"""The proof of the ledger: what was planned came to an end, or is still to come.

What should be there is asked of the plans anew, and held against what is there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from service.actions.earned import Earned, plans_for
from service.actions.expect import subjects_of_visits
from service.actions.family import Earning, Family, Row
from service.actions.gather import families
from service.actions.tidy import NO_RECEIPT_AFTER
from service.domain.ledger import STILL_TO_COME, LedgerState
from service.programme import Programme
from service.reminders.dates import Expected
from service.reminders.outcome import Skip
from service.store.models.messages import LedgerEntry
from service.store.models.people import Client, Site
from service.store.transaction import Reading

UNDECIDED_FOR: Final = timedelta(hours=24)
"""How long after its last useful moment a row may be undecided: a worker or a provider may have been away."""

_AT_ONCE: Final = 200


class Count(StrEnum):
    """What is counted of a plan at a site; the last four must be none."""

    PLANNED = "planned"  # what the plans ask for
    ENDED = "ended"
    TO_COME = "to_come"
    MISSING = "missing"  # a plan asks for it, and it is not there
    EXTRA = "extra"  # it is still to come, and no plan asks for it as it stands
    STUCK = "stuck"  # its last useful moment has passed, and nothing was decided
    NOBODYS = "nobodys"  # it was handed to a person, and there is no task


@dataclass(frozen=True)
class Balance:
    """A plan at a site."""

    site: str
    plan: str
    planned: int
    ended: int
    to_come: int
    missing: int
    extra: int
    stuck: int
    nobodys: int

    @property
    def holds(self) -> bool:
        gaps = self.missing + self.extra + self.stuck + self.nobodys
        return self.planned == self.ended + self.to_come and gaps == 0


@dataclass(frozen=True)
class Proof:
    """``behind`` are the clients whose plans should have been gone through before today, and were not."""

    day: date
    balances: tuple[Balance, ...]
    behind: int

    @property
    def holds(self) -> bool:
        return self.behind == 0 and all(one.holds for one in self.balances)


_Counts = Counter[tuple[UUID, str, Count]]


def prove(reading: Reading, programme: Programme) -> Proof:
    """Hold everybody's rows and visits against what the plans say of her now."""
    today = programme.today(reading.now)
    everybody = reading.connection.scalars(select(Client.id).order_by(Client.id)).all()
    counts = _unsettled(reading)
    for start in range(0, len(everybody), _AT_ONCE):
        for family in families(reading, programme, everybody[start : start + _AT_ONCE]):
            counts.update(_of_family(programme, family, reading.now))
    behind = select(func.count()).select_from(Client).where(Client.look_again_on < today)
    return Proof(today, _balances(reading, counts), reading.connection.execute(behind).scalar_one())


def _of_family(programme: Programme, family: Family, now: datetime) -> Iterator[tuple[UUID, str, Count]]:
    today = programme.today(now)
    due = plans_for(programme, family, today)
    rows = {row.key: row for row in family.rows}
    wanted = {one.key for one in due.rows}
    found = [
        *((one.plan, count) for one in due.rows for count in _of_row(one, rows.get(one.key))),
        *((row.plan, Count.EXTRA) for row in family.rows if row.key not in wanted and _is_ahead(row, now)),
        *_of_visits(programme, family, due.visits, today),
    ]
    return ((family.client.site_id, plan, count) for plan, count in found)


def _of_row(one: Earned, row: Row | None) -> Iterator[Count]:
    yield Count.PLANNED
    if row is None:
        yield Count.MISSING
        return
    yield Count.TO_COME if row.state in STILL_TO_COME else Count.ENDED
    astray = row.speaks_of != one.about or isinstance(one.outcome, Skip)
    if row.state is LedgerState.PLANNED and astray:
        yield Count.EXTRA


def _is_ahead(row: Row, now: datetime) -> bool:
    return row.state is LedgerState.PLANNED and row.due_at > now


def _of_visits(
    programme: Programme, family: Family, asked: Iterable[Expected], today: date
) -> Iterator[tuple[str, Count]]:
    """The visits that plans ask for, and those that stand though no plan asks for them any more."""
    standing = {row.key: row for row in asked if row.why_not is None}
    subjects, there = subjects_of_visits(family), {visit.earned: visit for visit in family.visits}
    days = {(visit.subject_id, visit.kind, visit.day) for visit in family.visits}
    for key, row in standing.items():
        taken = (subjects[row.subject_id, row.whose], row.visit, row.day) in days
        if row.day > today and key not in there and not taken:
            yield row.plan, Count.MISSING
    for visit in family.visits:
        if visit.earned and visit.is_plans_own and visit.day > today:
            wanted = standing.get(visit.earned)
            if wanted is None or (wanted.day != visit.day and not visit.confirmed):
                yield wanted.plan if wanted else _plan_of(programme, visit.earned), Count.EXTRA


def _plan_of(programme: Programme, earned: Earning) -> str:
    """The plan of a step, or the step itself if no plan has it any more."""
    step = earned[0]
    found = (plan.name for plan in programme.plans for one in plan.dates if one.id == step)
    return next(found, step)


def _unsettled(reading: Reading) -> _Counts:
    """Rows of which nothing was decided though it is too late, and those that were handed to nobody."""
    late = reading.now - UNDECIDED_FOR
    planned = and_(LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.held_at.is_(None))
    queued = LedgerEntry.state == LedgerState.QUEUED
    stuck = or_(
        and_(planned, LedgerEntry.latest < late), and_(queued, LedgerEntry.latest < late - NO_RECEIPT_AFTER)
    )
    handed = and_(LedgerEntry.state == LedgerState.HANDED_TO_PERSON, LedgerEntry.task_id.is_(None))
    return _counted(reading, Count.STUCK, stuck) + _counted(reading, Count.NOBODYS, handed)


def _counted(reading: Reading, count: Count, which: ColumnElement[bool]) -> _Counts:
    rows = reading.connection.execute(
        select(Client.site_id, LedgerEntry.plan, func.count())
        .join(Client, Client.id == LedgerEntry.client_id)
        .where(which)
        .group_by(Client.site_id, LedgerEntry.plan)
    )
    return Counter({(site_id, plan, count): number for site_id, plan, number in rows})


def _balances(reading: Reading, counts: _Counts) -> tuple[Balance, ...]:
    names = {row.id: row.name for row in reading.connection.execute(select(Site.id, Site.name))}
    places = sorted({(names[site_id], plan, site_id) for site_id, plan, _ in counts})
    return tuple(
        Balance(site, plan, **{count.value: counts[site_id, plan, count] for count in Count})
        for site, plan, site_id in places
    )
