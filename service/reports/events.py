"""Outreach days and group sessions, and what became of their invitations."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from service.domain.care import EventState, VisitKind, VisitState
from service.store.models.care import Visit
from service.store.models.events import Event
from service.store.models.people import Client, Place, Site
from service.store.transaction import Reading


@dataclass(frozen=True)
class EventRow:
    """``place`` is empty where the whole site is invited. ``day`` and ``at`` are local."""

    event: UUID
    site: str
    place: str | None
    kind: VisitKind
    day: date
    at: time | None
    state: EventState
    invited: int
    coming: int
    attended: int


def events(reading: Reading, since: date) -> list[EventRow]:
    """All events from a local day on."""
    columns: tuple[Any, ...] = (
        Event.id,
        Site.name,
        Place.name,
        Event.kind,
        Event.day,
        Event.at,
        Event.state,
        func.count(Visit.id),
        func.count(Visit.id).filter(Visit.confirmed_at.is_not(None)),
        func.count(Visit.id).filter(Visit.state == VisitState.ATTENDED),
    )
    query = (
        select(*columns)
        .join(Site, Site.id == Event.site_id)
        .outerjoin(Place, Place.id == Event.place_id)
        .outerjoin(Visit, Visit.event_id == Event.id)
        .where(Event.day >= since)
        .group_by(Event.id, Site.name, Place.name)
        .order_by(Event.day, Site.name, Event.id)
    )
    return [EventRow(*row) for row in reading.connection.execute(query)]


def expected_at(reading: Reading, event_id: UUID) -> list[str]:
    """The codes of the clients who said that they will come."""
    coming = and_(Visit.event_id == event_id, Visit.state == VisitState.PLANNED)
    query = select(Client.code).join(Visit, Visit.client_id == Client.id).where(coming)
    return list(reading.connection.scalars(query.order_by(Client.code)))


def visits_to_bring(reading: Reading, client_id: UUID, kind: VisitKind | None) -> list[tuple[UUID, date]]:
    """Her own dates to come that may be moved onto the day of an event, the nearest in front."""
    query = select(Visit.id, Visit.day).where(
        Visit.client_id == client_id, Visit.state == VisitState.PLANNED, Visit.event_id.is_(None)
    )
    if kind:
        query = query.where(Visit.kind == kind)
    return [
        (visit_id, day) for visit_id, day in reading.connection.execute(query.order_by(Visit.day, Visit.id))
    ]
