"""Outreach days and group sessions, and what became of their invitations."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select, true

from service.domain.care import EventState, VisitFact, VisitKind, VisitState
from service.domain.caseload import Caseload
from service.store.caseloads import clients_in
from service.store.models.care import Visit, VisitEvent
from service.store.models.events import Event
from service.store.models.people import Client, Person, Place, Site
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


def events(reading: Reading, since: date, site_ids: Collection[UUID] | None = None) -> list[EventRow]:
    """The events of these sites (``None``: of all) from a local day on."""
    return _events(reading, and_(Event.day >= since, _at(site_ids)))


def event(reading: Reading, event_id: UUID, site_ids: Collection[UUID] | None) -> EventRow | None:
    """One event, if it is of one of these sites (``None``: of any)."""
    return next(iter(_events(reading, and_(Event.id == event_id, _at(site_ids)))), None)


def _at(site_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    return true() if site_ids is None else Event.site_id.in_(site_ids)


def _events(reading: Reading, which: ColumnElement[bool]) -> list[EventRow]:
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
        .where(which)
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


@dataclass(frozen=True)
class Invited:
    """A client who is asked to an event. ``visit`` is her visit of that day."""

    visit: UUID
    code: str
    nickname: str = field(repr=False)
    state: VisitState


def invited_to(
    reading: Reading, caseload: Caseload, event_id: UUID, states: Collection[VisitState], most: int
) -> tuple[Invited, ...]:
    """The clients of a caseload whose visits of an event stand so, by code."""
    return _named(
        reading, and_(Visit.event_id == event_id, Visit.state.in_(states), clients_in(caseload)), most
    )


def had_said_yes(reading: Reading, caseload: Caseload, event_id: UUID, most: int) -> tuple[Invited, ...]:
    """Those of a caseload who would have come to a day that is off, and have not been heard since."""
    yes, off, no = (
        func.max(case((VisitEvent.fact.in_(facts), VisitEvent.recorded_at)))
        for facts in ((VisitFact.CONFIRMED,), (VisitFact.MOVED, VisitFact.CANCELLED), (VisitFact.DECLINED,))
    )
    visits = select(VisitEvent.visit_id).group_by(VisitEvent.visit_id)
    told = visits.having(yes < off, func.coalesce(no < yes, true()))
    unheard = Visit.state.in_((VisitState.INVITED, VisitState.CANCELLED))
    of_event = and_(Visit.event_id == event_id, unheard, clients_in(caseload))
    return _named(reading, and_(of_event, Visit.id.in_(told)), most)


def _named(reading: Reading, which: ColumnElement[bool], most: int) -> tuple[Invited, ...]:
    rows = reading.connection.execute(
        select(Visit.id, Visit.state, Client.id.label("client_id"), Client.code, Person.name)
        .join(Client, Client.id == Visit.client_id)
        .join(Person, Person.id == Client.id)
        .where(which)
        .order_by(Client.code)
        .limit(most)
    )
    return tuple(
        Invited(
            row.id, row.code, reading.vault.open_if(Person.name, row.client_id, row.name) or "", row.state
        )
        for row in rows
    )


def is_invited(reading: Reading, caseload: Caseload, event_id: UUID, visit_id: UUID) -> bool:
    """Whether a visit is that of a client of a caseload who is asked to an event."""
    of_event = and_(Visit.id == visit_id, Visit.event_id == event_id, clients_in(caseload))
    return bool(_named(reading, of_event, 1))
