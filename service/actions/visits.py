"""Visits: planning, moving, confirming them, and recording who came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from service.actions import cascade, climb, tasks
from service.actions.announce import Fact, announce
from service.actions.invitations import TO_TAKE_PLACE
from service.actions.next_look import look_again
from service.actions.remind import align
from service.domain.care import Done, VisitFact, VisitKind, VisitState
from service.domain.ids import new_id
from service.domain.news import Event
from service.domain.tasks import TaskKind, Trouble
from service.programme import Programme
from service.store.models.care import SiteDay, Visit, VisitEvent
from service.store.models.people import Client
from service.store.models.plans import DoneAtVisit
from service.store.transaction import Transaction


@dataclass(frozen=True)
class NewVisit:
    """A dated visit; ``subject_id`` is the client or her infant, ``day`` and ``at`` are local.

    ``interval_days`` is how long she was supplied for when it was dated, ``days_supplied`` what was handed
    out at it.
    """

    client_id: UUID
    subject_id: UUID
    kind: VisitKind
    day: date
    at: time | None = None
    interval_days: int | None = None
    days_supplied: int | None = None


def plan_visit(
    tx: Transaction, programme: Programme, new: NewVisit, import_id: UUID | None = None
) -> UUID | None:
    """Record a visit to come and plan its reminders; ``None`` if exactly this visit is known already."""
    visit_id = add_visit(tx, new, import_id)
    if visit_id:
        go_on(tx, programme, (new.client_id,))
    return visit_id


def add_visit(tx: Transaction, new: NewVisit, import_id: UUID | None = None) -> UUID | None:
    """Record a visit to come, and leave it to the caller to align her plans.

    A visit of that day which only a plan had asked for, or which was cancelled, becomes this one.
    """
    visit_id = new_id()
    values = {
        "at": new.at,
        "interval_days": new.interval_days,
        "days_supplied": new.days_supplied,
        "state": VisitState.PLANNED,
        "known_at": tx.now,
        "dated_by_person": True,
        "actor": str(tx.actor),
        "import_id": import_id,
    }
    key = {"client_id": new.client_id, "subject_id": new.subject_id, "kind": new.kind, "day": new.day}
    if tx.add_once(Visit, id=visit_id, **key, **values):
        note(tx, visit_id, VisitFact.PLANNED, new.day, import_id=import_id)
        return visit_id
    taken_over = tx.connection.scalar(
        update(Visit).filter_by(**key).where(_GIVES_WAY).values(**values).returning(Visit.id)
    )
    if taken_over:
        note(tx, taken_over, VisitFact.PLANNED, new.day, import_id=import_id)
    return taken_over


_GIVES_WAY: Final[ColumnElement[bool]] = or_(
    Visit.state == VisitState.CANCELLED,
    and_(Visit.state == VisitState.PLANNED, Visit.dated_by_person.is_(False)),
)
"""A visit whose day a person may give to another one."""


def move_visit(tx: Transaction, programme: Programme, visit_id: UUID, day: date) -> bool:
    """Give a visit another date; its reminders follow. ``False`` if she has such a visit that day already.

    Where only a plan had asked for that day, or a visit of it was cancelled, that one takes its place.
    """
    visit = tx.connection.execute(select(Visit.__table__).where(Visit.id == visit_id).with_for_update()).one()
    key = {"client_id": visit.client_id, "subject_id": visit.subject_id, "kind": visit.kind, "day": day}
    if tx.connection.scalar(select(Visit.id).filter_by(**key).where(Visit.id != visit_id)):
        there = NewVisit(**key, at=visit.at, interval_days=visit.interval_days)
        return bool(add_visit(tx, there)) and cancel_visit(tx, programme, visit_id, "moved")
    tx.connection.execute(
        update(Visit)
        .where(Visit.id == visit_id)
        .values(day=day, state=VisitState.PLANNED, confirmed_at=None, known_at=tx.now, dated_by_person=True)
    )
    note(tx, visit_id, VisitFact.MOVED, day)
    tasks.close_tasks(tx, TaskKind.NEW_DATE, visit_id=visit_id, reason="moved")
    go_on(tx, programme, (visit.client_id,))
    return True


def cancel_visit(tx: Transaction, programme: Programme, visit_id: UUID, reason: str) -> bool:
    """She is not expected after all, and no plan asks for this visit again. ``False`` if it is over."""
    client_id = tx.connection.scalar(
        update(Visit)
        .where(Visit.id == visit_id, Visit.state.in_((VisitState.PLANNED, VisitState.NOT_KNOWN)))
        .values(state=VisitState.CANCELLED, confirmed_at=None, dated_by_person=True)
        .returning(Visit.client_id)
    )
    if client_id is None:
        return False
    note(tx, visit_id, VisitFact.CANCELLED, reason=reason)
    for kind in (TaskKind.NEW_DATE, TaskKind.DID_SHE_COME):
        tasks.close_tasks(tx, kind, visit_id=visit_id, reason=reason)
    go_on(tx, programme, (client_id,))
    return True


def confirm_visit(tx: Transaction, visit_id: UUID) -> None:
    """Note that she says she will come. Whoever was invited is expected from now on."""
    client_id = tx.connection.scalar(
        update(Visit).where(Visit.id == visit_id).values(confirmed_at=tx.now).returning(Visit.client_id)
    )
    accepted = tx.connection.execute(
        update(Visit)
        .where(Visit.id == visit_id, Visit.state.in_(_MAY_ACCEPT), Visit.event_id.in_(TO_TAKE_PLACE))
        .values(state=VisitState.PLANNED)
    )
    if accepted.rowcount:
        look_again(tx, Client.id == client_id)
    event_id = note(tx, visit_id, VisitFact.CONFIRMED)
    announce(tx, Fact(Event.VISIT_CONFIRMED, event_id, client_id, subject_id=visit_id))


_MAY_ACCEPT: Final = (VisitState.INVITED, VisitState.CANCELLED)


@dataclass(frozen=True)
class Came:
    """What a person recorded of a visit that took place, beside that it did.

    ``on`` is the local day, if it was not the visit's own. What was ``done`` and the days of what was handed
    out decide what comes next.
    """

    on: date | None = None
    done: frozenset[Done] = frozenset()
    days_supplied: int | None = None


_NOTHING_MORE: Final = Came()


def record_attendance(
    tx: Transaction,
    programme: Programme,
    visit_id: UUID,
    outcome: VisitState,
    occurred_at: datetime | None = None,
    came: Came = _NOTHING_MORE,
    why: Trouble | None = None,
) -> None:
    """Record what happened. A missed visit earns its reminders from now; an attended one ends them.

    ``why`` is what she said kept her from coming.
    """
    go_on(tx, programme, (mark(tx, visit_id, outcome, occurred_at, came, why),))


def mark(
    tx: Transaction,
    visit_id: UUID,
    outcome: VisitState,
    occurred_at: datetime | None = None,
    came: Came = _NOTHING_MORE,
    why: Trouble | None = None,
    import_id: UUID | None = None,
) -> UUID:
    """Record what happened; the id of the client, whose plans the caller lets ``go_on``."""
    handed_out = {"days_supplied": came.days_supplied} if came.days_supplied else {}
    client_id = tx.connection.execute(
        update(Visit)
        .where(Visit.id == visit_id)
        .values(state=outcome, **handed_out)
        .returning(Visit.client_id)
    ).scalar_one()
    note(tx, visit_id, VisitFact(outcome), came.on, occurred_at, why, import_id)
    for done in sorted(came.done):
        tx.add_once(DoneAtVisit, visit_id=visit_id, done=done, recorded_at=tx.now, actor=str(tx.actor))
    tasks.close_tasks(tx, TaskKind.DID_SHE_COME, visit_id=visit_id, reason=outcome)
    return client_id


def go_on(tx: Transaction, programme: Programme, client_ids: Collection[UUID]) -> None:
    """Let the plans and ladders of clients go on from what was recorded about visits."""
    align(tx, programme, client_ids)
    climb.follow(tx, programme, client_ids)
    cascade.follow(tx, programme, client_ids)


def visits_on(tx: Transaction, client_id: UUID, day: date) -> tuple[UUID, ...]:
    """A client's visits of a local day, her infants' included."""
    return tuple(
        tx.connection.scalars(
            select(Visit.id)
            .where(Visit.client_id == client_id, Visit.day == day, Visit.state != VisitState.CANCELLED)
            .order_by(Visit.id)
        )
    )


def close_day(tx: Transaction, programme: Programme, site_id: UUID, day: date) -> int:
    """Close a site's day: whoever was due and is not marked was missed; how many. Again changes nothing."""
    if not tx.add_once(SiteDay, site_id=site_id, day=day, closed_at=tx.now, actor=str(tx.actor)):
        return 0
    missed = tx.connection.scalars(
        select(Visit.id)
        .join(Client, Client.id == Visit.client_id)
        .where(
            Client.site_id == site_id,
            Visit.day == day,
            Visit.state.in_((VisitState.PLANNED, VisitState.NOT_KNOWN)),
        )
        .with_for_update(of=Visit)
    ).all()
    go_on(tx, programme, {mark(tx, visit_id, VisitState.MISSED) for visit_id in missed})
    tx.audit("close_day", "site", site_id, day.isoformat())
    return len(missed)


def note_unrecorded(tx: Transaction, before: date, most: int = 50) -> int:
    """Visits before a local day of which nobody recorded anything become *not known*, each with a task."""
    silent = tx.connection.execute(
        select(Visit.id, Visit.client_id)
        .where(Visit.day < before, Visit.state == VisitState.PLANNED)
        .order_by(Visit.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for visit_id, client_id in silent:
        tx.connection.execute(update(Visit).where(Visit.id == visit_id).values(state=VisitState.NOT_KNOWN))
        note(tx, visit_id, VisitFact.NOT_KNOWN)
        tasks.open_task(
            tx,
            tasks.NewTask(TaskKind.DID_SHE_COME, client_id, visit_id=visit_id, about=str(visit_id)),
        )
    return len(silent)


def note(
    tx: Transaction,
    visit_id: UUID,
    fact: VisitFact,
    day: date | None = None,
    occurred_at: datetime | None = None,
    reason: str | None = None,
    import_id: UUID | None = None,
) -> UUID:
    """Add a fact to a visit's history; its id."""
    return tx.add(
        VisitEvent,
        visit_id=visit_id,
        fact=fact,
        day=day,
        reason=reason,
        occurred_at=occurred_at or tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
        import_id=import_id,
    )
