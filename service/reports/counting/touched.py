"""Which days and months must be counted anew because of what was recorded since a moment."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from service.domain.care import VisitFact
from service.domain.people import PersonKind
from service.domain.period import Period, PeriodKind, period_of
from service.domain.safety import TransferState
from service.reports.counting.enrolments import first_meetings
from service.reports.counting.ground import Ground, chunks
from service.reports.counting.infants import ages_past_windows
from service.reports.counting.tags import Source
from service.store.models.care import Contact, Task, TaskEvent, Visit, VisitEvent
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client, Consent, Infant, Person
from service.store.models.plans import InfantSample
from service.store.models.safety import Correction, Loss, Merge, Transfer

NOT_SETTLED_FOR: Final = timedelta(days=3)
"""So long texts may wait for their receipts, and women may answer: these days are always counted anew."""

REACHES_BACK: Final = timedelta(days=3 * 365)
"""What lies before is not counted beforehand."""

LONGER: Final = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
_SETTLES: Final = (VisitFact.ATTENDED, VisitFact.MISSED, VisitFact.CANCELLED)

_Query = Select[*tuple[Any, ...]]
_Sources = frozenset[Source]

_EVERY: Final = frozenset(Source)
_OF_TEXTS: Final = frozenset({Source.REMINDERS, Source.CHECK_INS, Source.ATTENDANCE})
_OF_CONTACTS: Final = frozenset({Source.CONTACTS, Source.REACHED, Source.CHECK_INS})
_OF_TASKS: Final = frozenset({Source.TASKS, Source.WRONG_NUMBERS})
_OF_VISITS: Final = frozenset({Source.ATTENDANCE, Source.RETURNS})
_OF_INFANTS: Final = frozenset({Source.FIRST_SAMPLES, Source.INFANT_COHORTS})


@dataclass(frozen=True)
class Stale:
    """What comes from a source must be counted anew in a period."""

    period: Period
    source: Source


def touched(ground: Ground, since: datetime | None) -> frozenset[Stale]:
    """The days, and what is made of them, that something recorded since then has changed.

    Without a moment every day since the first enrolment.
    """
    unsettled = ground.day(since) - NOT_SETTLED_FOR if since else _first_day(ground)
    found = {(day, _EVERY) for day in days_from(unsettled, ground.today)}
    months: set[date] = set()
    if since:
        found |= set(_days(ground, since))
        months |= set(_months_of_absences(ground, since))
    of_days = {(day, source) for day, sources in found for source in sources}
    return stale(ground, of_days, PeriodKind) | stale(
        ground, {(day, Source.ABSENCES) for day in months}, LONGER
    )


def stale(
    ground: Ground, of_days: Iterable[tuple[date, Source]], kinds: Iterable[PeriodKind]
) -> frozenset[Stale]:
    """The periods of these kinds in which the days lie. A day alone is counted only for what can be added."""
    earliest, added = ground.today - REACHES_BACK, ground.definitions.added_up
    return frozenset(
        Stale(period_of(kind, day), source)
        for day, source in of_days
        if earliest <= day <= ground.today
        for kind in kinds
        if kind is not PeriodKind.DAY or source in added
    )


def days_from(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _first_day(ground: Ground) -> date:
    first = ground.reading.connection.scalar(select(func.min(Client.enrolled_on)))
    return max(min(first or ground.today, ground.today), ground.today - REACHES_BACK)


def _days(ground: Ground, since: datetime) -> Iterator[tuple[date, _Sources]]:
    for sources, query in _news(since):
        yield from ((day, sources) for day in _days_in(ground, query))
    for day in _days_of_first_meetings(ground, since):
        yield day, frozenset({Source.ENROLMENTS})
    clients = _ids(ground, _changed_clients(since))
    for some in chunks(clients):
        for query in _everything_of(some):
            yield from ((day, _EVERY) for day in _days_in(ground, query))
    for day in _days_of_infants(ground, since, clients):
        yield day, _OF_INFANTS


def _days_in(ground: Ground, query: _Query) -> set[date]:
    found = ground.reading.connection.scalars(query)  # asked for distinct ones, SQLite goes through all years
    return {ground.day(one) if isinstance(one, datetime) else one for one in found}


def _ids(ground: Ground, queries: Iterator[_Query]) -> set[UUID]:
    return {found for query in queries for found in ground.reading.connection.scalars(query) if found}


def _news(since: datetime) -> Iterator[tuple[_Sources, _Query]]:
    """When that happened of which something is new, and which sources tell of it."""
    yield _OF_TEXTS, select(LedgerEntry.due_at).where(LedgerEntry.ended_at >= since)
    yield _OF_CONTACTS, select(Contact.occurred_at).where(Contact.recorded_at >= since)
    yield frozenset({Source.OPT_OUTS}), select(Consent.occurred_at).where(Consent.recorded_at >= since)
    yield _OF_TASKS, select(Task.opened_at).where(Task.due_at >= since)
    acted_on = select(TaskEvent.task_id).where(TaskEvent.recorded_at >= since)
    yield _OF_TASKS, select(Task.opened_at).where(Task.id.in_(acted_on))
    visits = select(VisitEvent.visit_id).where(VisitEvent.recorded_at >= since)
    yield _OF_VISITS, select(LedgerEntry.due_at).where(LedgerEntry.subject_id.in_(visits))
    yield (
        _OF_VISITS,
        select(func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type))
        .join(Visit, Visit.id == VisitEvent.visit_id)
        .where(VisitEvent.recorded_at >= since),
    )


def _days_of_first_meetings(ground: Ground, since: datetime) -> Iterator[date]:
    """The days of enrolment of those who may have been met first by what was recorded since."""
    news: dict[UUID, date] = {}
    for client_id, day in _meetings_since(ground, since):
        news[client_id] = min(day, news.get(client_id, day))
    first = first_meetings(ground, news.keys())
    concerned = [one for one, day in news.items() if one not in first or day <= first[one][0]]
    for some in chunks(concerned):
        yield from ground.reading.connection.scalars(select(Client.enrolled_on).where(Client.id.in_(some)))


def _meetings_since(ground: Ground, since: datetime) -> Iterator[tuple[UUID, date]]:
    contacts = select(Contact.client_id, Contact.occurred_at).where(Contact.recorded_at >= since)
    for client_id, occurred_at in ground.reading.connection.execute(contacts):
        yield client_id, ground.day(occurred_at)
    visits = (
        select(Visit.client_id, func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type))
        .join(VisitEvent, VisitEvent.visit_id == Visit.id)
        .where(VisitEvent.recorded_at >= since, VisitEvent.fact.in_(_SETTLES))
    )
    yield from ((row[0], row[1]) for row in ground.reading.connection.execute(visits))


def _changed_clients(since: datetime) -> Iterator[_Query]:
    """Women of whom something changed that bears on everything which was ever counted of them."""
    yield select(Client.id).where(
        or_(
            Client.created_at >= since,
            Client.verified_at >= since,
            Client.delivered_known_at >= since,
        )
    )
    yield select(Transfer.client_id).where(
        Transfer.answered_at >= since, Transfer.state == TransferState.ACCEPTED
    )
    for column in (Merge.kept_id, Merge.merged_id):
        yield select(column).where(or_(Merge.merged_at >= since, Merge.undone_at >= since))
    yield select(Correction.client_id).where(Correction.recorded_at >= since)
    yield select(Loss.client_id).where(or_(Loss.recorded_at >= since, Loss.undone_at >= since))


def _everything_of(clients: Collection[UUID]) -> Iterator[_Query]:
    yield select(Client.enrolled_on).where(Client.id.in_(clients))
    yield select(Contact.occurred_at).where(Contact.client_id.in_(clients))
    yield select(LedgerEntry.due_at).where(LedgerEntry.client_id.in_(clients))
    yield select(Message.sent_at).where(Message.person_id.in_(clients), Message.sent_at.is_not(None))
    yield select(Task.opened_at).where(Task.client_id.in_(clients))
    yield select(Consent.occurred_at).where(Consent.person_id.in_(clients))


def _days_of_infants(ground: Ground, since: datetime, mothers: Collection[UUID]) -> Iterator[date]:
    """All days on which an infant may count; where only a sample is new, those from the day of it on."""
    sampled = _sampled_since(ground, since)
    infants = _ids(ground, _changed_infants(since))
    for some in chunks(mothers):
        infants |= _ids(ground, iter((select(Infant.id).where(Infant.mother_id.in_(some)),)))
    earliest = {**sampled, **dict.fromkeys(infants, date.min)}
    for infant_id, day in _days_infants_count(ground, earliest.keys()):
        if day >= earliest[infant_id]:
            yield day


def _sampled_since(ground: Ground, since: datetime) -> dict[UUID, date]:
    """The day of the earliest sample of each infant that is new, or of which the result is."""
    new = (
        select(InfantSample.infant_id, func.min(InfantSample.taken_on))
        .where(or_(InfantSample.recorded_at >= since, InfantSample.result_recorded_at >= since))
        .group_by(InfantSample.infant_id)
    )
    return {infant_id: day for infant_id, day in ground.reading.connection.execute(new)}


def _days_infants_count(ground: Ground, infants: Collection[UUID]) -> Iterator[tuple[UUID, date]]:
    """The days of their samples, and those on which they pass an age."""
    ages = ages_past_windows(ground.definitions.numbers)
    for some in chunks(infants):
        born = select(Person.id, Person.born_on).where(Person.id.in_(some), Person.born_on.is_not(None))
        for infant_id, day in ground.reading.connection.execute(born):
            yield from ((infant_id, day + timedelta(days=age)) for age in ages if day)
        taken = select(InfantSample.infant_id, InfantSample.taken_on).where(InfantSample.infant_id.in_(some))
        yield from ((row[0], row[1]) for row in ground.reading.connection.execute(taken))


def _changed_infants(since: datetime) -> Iterator[_Query]:
    yield select(Infant.id).where(
        or_(
            Infant.created_at >= since,
            Infant.born_known_at >= since,
            Infant.weaned_known_at >= since,
        )
    )
    yield (
        select(Correction.person_id)
        .join(Person, Person.id == Correction.person_id)
        .where(Correction.recorded_at >= since, Person.kind == PersonKind.INFANT)
    )


def _months_of_absences(ground: Ground, since: datetime) -> Iterator[date]:
    """Who was away at the end of a month may change from the day on of which something is told."""
    earliest = ground.reading.connection.scalar(
        select(func.min(func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type)))
        .join(Visit, Visit.id == VisitEvent.visit_id)
        .where(VisitEvent.recorded_at >= since, VisitEvent.fact.in_(_SETTLES))
    )
    while earliest and earliest <= ground.today:
        yield earliest
        earliest = period_of(PeriodKind.MONTH, earliest).end
