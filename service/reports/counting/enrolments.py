"""Women who were taken into care, and how the service first met them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from service.domain.care import ContactMode, VisitFact, VisitState
from service.domain.people import EnrolledThrough
from service.domain.period import Period
from service.reports.counting.definitions import Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, Woman, chunks, women
from service.store.models.care import Contact, Visit, VisitEvent
from service.store.models.people import Client

_REMOTELY: Final = frozenset(
    {EnrolledThrough.USSD, EnrolledThrough.SMS, EnrolledThrough.CALL, EnrolledThrough.WHATSAPP}
)


@dataclass(frozen=True)
class _Enrolled:
    woman: Woman
    on: date
    through: EnrolledThrough
    in_service: bool


def enrolments(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each woman whose first enrolment lies in the period."""
    found = [one for one in _first_enrolments(ground, period) if one.on in period]
    met = first_meetings(ground, {one.woman.who.id for one in found})
    for one in found:
        *_, mode = met.get(one.woman.who.id, (None,))
        values = {Dimension.CHANNEL: str(one.through)} | ({Dimension.MODE: str(mode)} if mode else {})
        tags = _tags(one, mode in ground.definitions.remote)
        yield Fact(one.woman.who, ground.site(one.woman, one.on), one.on, tags, values)


def _tags(one: _Enrolled, first_was_remote: bool) -> frozenset[str]:
    told = {
        "enrolled": True,
        "reached_first_remotely": first_was_remote,
        "through_the_service": one.in_service,
    }
    return frozenset(tag for tag, holds in told.items() if holds)


def _first_enrolments(ground: Ground, period: Period) -> Iterable[_Enrolled]:
    """The first enrolment of everybody of whom any record was enrolled in the period."""
    within = women().where(Client.enrolled_on >= period.first, Client.enrolled_on < period.end)
    merged = women().where(Client.id.in_([*ground.merged, *(one.who.id for one in ground.merged.values())]))
    columns = (Client.enrolled_on, Client.enrolled_through, Client.import_id)
    first: dict[UUID, _Enrolled] = {}
    for query in (within, merged) if ground.merged else (within,):
        for row in ground.reading.connection.execute(query.add_columns(*columns)):
            in_service = row.enrolled_through in _REMOTELY or row.import_id is None
            one = _Enrolled(ground.woman(row), row.enrolled_on, row.enrolled_through, in_service)
            known = first.get(one.woman.who.id)
            if known is None or one.on < known.on:
                first[one.woman.who.id] = one
    return first.values()


Met = tuple[date, float, ContactMode]
"""A local day, a moment on it in seconds (0 where only the day is known), and how."""


def first_meetings(ground: Ground, ids: Collection[UUID]) -> Mapping[UUID, Met]:
    """How each was first met: the earliest of her contacts and attended visits, under whichever record.

    Of a visit only the day is known, so it goes before the contacts of that day.
    """
    records = {one: one for one in ids}
    records |= {record: one.who.id for record, one in ground.merged.items() if one.who.id in records}
    first: dict[UUID, Met] = {}
    for some in chunks(records):
        for record, met in (*_contacts(ground, some), *_attended(ground, some)):
            root = records[record]
            first[root] = min(first.get(root, met), met)
    return first


def _contacts(ground: Ground, ids: Collection[UUID]) -> Iterator[tuple[UUID, Met]]:
    earliest = (
        select(Contact.client_id, Contact.mode, func.min(Contact.occurred_at).label("at"))
        .where(Contact.client_id.in_(ids))
        .group_by(Contact.client_id, Contact.mode)
    )
    for row in ground.reading.connection.execute(earliest):
        yield row.client_id, (ground.day(row.at), row.at.timestamp(), row.mode)


def _attended(ground: Ground, ids: Collection[UUID]) -> Iterator[tuple[UUID, Met]]:
    """Visits of hers or her infants, on the day on which she came."""
    day = func.min(func.coalesce(VisitEvent.day, Visit.day, type_=Visit.day.type))
    earliest = (
        select(Visit.client_id, day.label("day"))
        .join(VisitEvent, (VisitEvent.visit_id == Visit.id) & (VisitEvent.fact == VisitFact.ATTENDED))
        .where(Visit.client_id.in_(ids), Visit.state == VisitState.ATTENDED)
        .group_by(Visit.client_id)
    )
    for row in ground.reading.connection.execute(earliest):
        yield row.client_id, (row.day, 0.0, ContactMode.FACILITY_VISIT)
