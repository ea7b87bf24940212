"""Who is invited to the events of a place, and what she says to it."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from service.actions.next_look import look_again
from service.domain.care import EventState, VisitFact, VisitState
from service.domain.ids import new_id
from service.domain.people import ClientState
from service.store.models.care import Visit, VisitEvent
from service.store.models.events import Event
from service.store.models.people import Client
from service.store.transaction import Reading, Transaction

OPEN: Final = (VisitState.INVITED, VisitState.PLANNED)
"""Whoever may still come: she has not answered, or said that she will."""

TO_TAKE_PLACE: Final = select(Event.id).where(Event.state == EventState.PLANNED)

LINKED: Final[ColumnElement[bool]] = and_(
    Client.site_id == Event.site_id,
    or_(Event.place_id.is_(None), Event.place_id == Client.place_id),
    Client.state == ClientState.ACTIVE,
)
"""Whom an event is for: the clients of its place, or of the whole site where it names none."""


_UNINVITED: Final = (
    select(Event.id, Event.kind, Event.day, Event.at, Client.id.label("client_id"))
    .join(Client, LINKED)
    .where(
        Client.id.in_(bindparam("these", expanding=True)),
        Event.state == EventState.PLANNED,
        Event.day > bindparam("today"),
        ~select(Visit.id).where(Visit.event_id == Event.id, Visit.client_id == Client.id).exists(),
    )
)


def invite(tx: Transaction, client_ids: Collection[UUID], today: date) -> None:
    """Invite clients to the coming events that are for them, each once. Her own visit of that day stands."""
    for row in tx.connection.execute(_UNINVITED, {"these": client_ids, "today": today}).all():
        visit_id = new_id()
        invited = tx.add_once(
            Visit,
            id=visit_id,
            client_id=row.client_id,
            subject_id=row.client_id,
            kind=row.kind,
            day=row.day,
            at=row.at,
            state=VisitState.INVITED,
            known_at=tx.now,
            dated_by_person=True,
            event_id=row.id,
            actor=str(tx.actor),
        )
        if invited:
            note(tx, visit_id, VisitFact.INVITED, row.day)


def decline(tx: Transaction, visit_id: UUID) -> bool:
    """She cannot come; ``False`` if this is no invitation, or it is over."""
    client_id = tx.connection.scalar(
        update(Visit)
        .where(Visit.id == visit_id, Visit.event_id.is_not(None), Visit.state.in_(OPEN))
        .values(state=VisitState.CANCELLED, confirmed_at=None)
        .returning(Visit.client_id)
    )
    if client_id is None:
        return False
    note(tx, visit_id, VisitFact.DECLINED)
    look_again(tx, Client.id == client_id)
    return True


def is_to_take_place(reading: Reading, event_id: UUID) -> bool:
    return reading.connection.scalar(TO_TAKE_PLACE.where(Event.id == event_id)) is not None


def note(tx: Transaction, visit_id: UUID, fact: VisitFact, day: date | None = None) -> None:
    """Add a fact to the history of an invitation."""
    tx.add(
        VisitEvent,
        visit_id=visit_id,
        fact=fact,
        day=day,
        occurred_at=tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
