"""Outreach days and group sessions: set, moved, called off, held, and a due visit brought onto the day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, or_, select, update

from service.actions import visits
from service.actions.compose import About, compose
from service.actions.fire import usual_link
from service.actions.invitations import LINKED, OPEN
from service.actions.next_look import look_again
from service.domain.care import EventState, VisitFact, VisitKind, VisitState
from service.domain.hours import at_local
from service.domain.ids import new_id
from service.domain.message import Address, MessageClass, MessageState
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Visit, VisitEvent
from service.store.models.events import Event
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client
from service.store.records import client
from service.store.transaction import Transaction

_OLD_DAY_BEGINS: Final = time(8)
"""Local: after that the text that a day is off would only reach whoever has set out."""

_BY_EVENT: Final = "event"
"""Why a visit is off: the event is, or she has another visit on its day."""

_LEFT_OUT: Final = (MessageState.QUEUED, MessageState.CANCELLED, MessageState.FAILED)


@dataclass(frozen=True)
class NewEvent:
    """``day`` and ``at`` are local. Without a place the clients of the whole site are invited."""

    site_id: UUID
    place_id: UUID | None
    kind: VisitKind
    day: date
    at: time | None = None


def add_event(tx: Transaction, new: NewEvent) -> UUID:
    """Set a day. The worker invites whoever it is for, now and as long as it is to come."""
    event_id = new_id()
    tx.add(
        Event,
        id=event_id,
        site_id=new.site_id,
        place_id=new.place_id,
        kind=new.kind,
        day=new.day,
        at=new.at,
        state=EventState.PLANNED,
        known_at=tx.now,
        actor=str(tx.actor),
    )
    tx.audit("add", "event", event_id)
    _invite(tx, event_id)
    return event_id


def move_event(tx: Transaction, programme: Programme, event_id: UUID, day: date) -> bool:
    """Give an event another day and invite everybody anew; ``False`` if it is over or called off.

    Whoever said that she would come said so of another day, and hears like all who knew of it that it is off.
    Whoever said no said so of another day too.
    """
    moved = update(Event).where(Event.id == event_id, Event.state == EventState.PLANNED)
    if not tx.connection.execute(moved.values(day=day, known_at=tx.now)).rowcount:
        return False
    _tell_it_is_off(tx, programme, event_id)
    for visit in (*_invited(tx, event_id), *_not_coming(tx, event_id)):
        values = {"day": day, "state": VisitState.INVITED, "confirmed_at": None, "known_at": tx.now}
        if _is_free(tx, visit, day):
            tx.connection.execute(update(Visit).where(Visit.id == visit.id).values(**values))
            visits.note(tx, visit.id, VisitFact.MOVED, day)
        elif visit.state in OPEN:
            _call_off(tx, visit.id)
    tx.audit("move", "event", event_id, day.isoformat())
    _invite(tx, event_id)
    return True


def cancel_event(tx: Transaction, programme: Programme, event_id: UUID) -> bool:
    """Call an event off; nobody is expected, and whoever knew of it is told. ``False`` if it is over."""
    off = update(Event).where(Event.id == event_id, Event.state == EventState.PLANNED)
    if not tx.connection.execute(off.values(state=EventState.CANCELLED)).rowcount:
        return False
    _tell_it_is_off(tx, programme, event_id)
    for visit in _invited(tx, event_id):
        _call_off(tx, visit.id)
    tx.audit("cancel", "event", event_id)
    _invite(tx, event_id)
    return True


def bring(tx: Transaction, programme: Programme, event_id: UUID, visit_id: UUID) -> bool:
    """Move a due visit onto the day of an event, to which she is then coming; ``False`` if that cannot be."""
    day = tx.connection.scalar(
        select(Event.day).where(Event.id == event_id, Event.state == EventState.PLANNED)
    )
    if day is None or not visits.move_visit(tx, programme, visit_id, day):
        return False
    hers = select(Visit.client_id).where(Visit.id == visit_id).scalar_subquery()
    invited = tx.connection.scalar(
        select(Visit.id).where(Visit.event_id == event_id, Visit.client_id == hers)
    )
    if invited:
        visits.confirm_visit(tx, invited)
    return True


def record_event(tx: Transaction, programme: Programme, event_id: UUID, came: Collection[UUID]) -> bool:
    """These clients came; whoever had said so and did not has missed it.

    ``False`` if it was called off or is still to come. Said again, it adds whoever was forgotten. What was
    done there is recorded with each one's own visits.
    """
    event = tx.connection.execute(
        select(Event.id, Event.kind, Event.day, Event.at)
        .where(
            Event.id == event_id,
            Event.state != EventState.CANCELLED,
            Event.day <= programme.today(tx.now),
        )
        .with_for_update()
    ).one_or_none()
    if event is None:
        return False
    tx.connection.execute(update(Event).where(Event.id == event_id).values(state=EventState.HELD))
    there = _hers(tx, event_id)
    for client_id in came:
        visits.mark(tx, there.get(client_id) or _walked_in(tx, event, client_id), VisitState.ATTENDED)
    for visit in _invited(tx, event_id, (*OPEN, VisitState.NOT_KNOWN)):
        if visit.state is VisitState.INVITED:
            _call_off(tx, visit.id)
        else:
            visits.mark(tx, visit.id, VisitState.MISSED)
    tx.audit("attended", "event", event_id, str(len(came)))
    _invite(tx, event_id)
    return True


# --- who is invited -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Invited:
    id: UUID
    client_id: UUID
    kind: VisitKind
    state: VisitState


def _invited(tx: Transaction, event_id: UUID, states: Sequence[VisitState] = OPEN) -> list[_Invited]:
    """Whoever may still come, held until the end of the transaction."""
    query = (
        select(Visit.id, Visit.client_id, Visit.kind, Visit.state)
        .where(Visit.event_id == event_id, Visit.state.in_(states))
        .order_by(Visit.id)
        .with_for_update()
    )
    return [_Invited(*row) for row in tx.connection.execute(query)]


def _not_coming(tx: Transaction, event_id: UUID) -> list[_Invited]:
    """Whoever said no, or had another visit on that day. What ended for another reason stays ended."""
    last = select(VisitEvent.id).where(VisitEvent.visit_id == Visit.id)
    last = last.order_by(VisitEvent.recorded_at.desc(), VisitEvent.id.desc()).limit(1)
    only_that_day = or_(VisitEvent.fact == VisitFact.DECLINED, VisitEvent.reason == _BY_EVENT)
    query = (
        select(Visit.id, Visit.client_id, Visit.kind, Visit.state)
        .join(VisitEvent, VisitEvent.id == last.correlate(Visit).scalar_subquery())
        .join(Client, Client.id == Visit.client_id)
        .join(Event, Event.id == Visit.event_id)
        .where(Event.id == event_id, Visit.state == VisitState.CANCELLED, only_that_day, LINKED)
        .order_by(Visit.id)
        .with_for_update(of=Visit)
    )
    return [_Invited(*row) for row in tx.connection.execute(query)]


def _invite(tx: Transaction, event_id: UUID) -> None:
    """Let the plans of everybody go on whom an event is for, or who was invited to it."""
    for_them = select(Client.id).join(Event, LINKED).where(Event.id == event_id)
    invited = select(Visit.client_id).where(Visit.event_id == event_id)
    look_again(tx, or_(Client.id.in_(for_them), Client.id.in_(invited)))


def _hers(tx: Transaction, event_id: UUID) -> dict[UUID, UUID]:
    rows = tx.connection.execute(select(Visit.client_id, Visit.id).where(Visit.event_id == event_id))
    return {client_id: visit_id for client_id, visit_id in rows}


def _is_free(tx: Transaction, visit: _Invited, day: date) -> bool:
    """Whether she has no other visit of the kind that day."""
    other = select(Visit.id).where(
        Visit.client_id == visit.client_id,
        Visit.subject_id == visit.client_id,
        Visit.kind == visit.kind,
        Visit.day == day,
        Visit.id != visit.id,
    )
    return tx.connection.scalar(other) is None


def _call_off(tx: Transaction, visit_id: UUID) -> None:
    off = {"state": VisitState.CANCELLED, "confirmed_at": None}
    tx.connection.execute(update(Visit).where(Visit.id == visit_id).values(**off))
    visits.note(tx, visit_id, VisitFact.CANCELLED, reason=_BY_EVENT)


def _walked_in(tx: Transaction, event: Row[*tuple[Any, ...]], client_id: UUID) -> UUID:
    """Her visit of that day, where nobody had invited her."""
    visit_id = new_id()
    key = {"client_id": client_id, "subject_id": client_id, "kind": event.kind, "day": event.day}
    values = {"at": event.at, "known_at": tx.now, "event_id": event.id, "actor": str(tx.actor)}
    if tx.add_once(Visit, id=visit_id, **key, **values, state=VisitState.PLANNED, dated_by_person=True):
        return visit_id
    return tx.connection.execute(select(Visit.id).filter_by(**key)).scalar_one()


# --- whoever had been told ----------------------------------------------------------------------------------


def _tell_it_is_off(tx: Transaction, programme: Programme, event_id: UUID) -> None:
    """Text whoever may have read of the day, or said that she would come, that it is off.

    It must reach her before the day; it is judged like every other text before it leaves.
    """
    texted = select(Message.id).join(LedgerEntry, LedgerEntry.message_id == Message.id)
    texted = texted.where(LedgerEntry.subject_id == Visit.id, Message.state.not_in(_LEFT_OUT))
    knows = and_(Visit.event_id == event_id, or_(Visit.state == VisitState.PLANNED, texted.exists()))
    rows = tx.connection.execute(
        select(Visit.id, Visit.client_id, Visit.day).where(knows, Visit.state.in_(OPEN)).order_by(Visit.id)
    ).all()
    for visit_id, client_id, day in rows:
        _tell(tx, programme, client_id, day, f"event_off:{visit_id}:{day}")


def _tell(tx: Transaction, programme: Programme, client_id: UUID, day: date, key: str) -> None:
    until = at_local(day, _OLD_DAY_BEGINS, programme.calendar.zone)
    link = usual_link(tx, client_id)
    if link is None or link.phone is None or until <= tx.now:
        return
    woman = client(tx, client_id)
    new = outbox.NewMessage(
        to=Address(client_id, link.phone_id, link.phone),
        words=compose(tx, programme, "event_off", woman, About(day)),
        message_class=MessageClass.B,
        not_before=tx.now,
        not_after=until,
        site_id=woman.site_id,
        speaks_of=day,
    )
    outbox.put(tx, new, key)
