"""Visits: planning, moving, confirming them, and recording who came."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select, update

from service.actions import climb, tasks
from service.actions.remind import plan_reminders
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.ids import new_id
from service.domain.tasks import TaskKind, Trouble
from service.programme import Programme
from service.store.models.care import SiteDay, Visit, VisitEvent
from service.store.models.people import Client
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
    visit_id = new_id()
    added = tx.add_once(
        Visit,
        id=visit_id,
        client_id=new.client_id,
        subject_id=new.subject_id,
        kind=new.kind,
        day=new.day,
        at=new.at,
        interval_days=new.interval_days,
        days_supplied=new.days_supplied,
        state=VisitState.PLANNED,
        known_at=tx.now,
        actor=str(tx.actor),
        import_id=import_id,
    )
    if not added:
        return None
    note(tx, visit_id, VisitFact.PLANNED, new.day)
    plan_reminders(tx, programme, visit_id)
    climb.follow(tx, programme, (new.client_id,))
    return visit_id


def move_visit(tx: Transaction, programme: Programme, visit_id: UUID, day: date) -> bool:
    """Give a visit another date; its reminders follow. ``False`` if she has such a visit that day already."""
    visit = tx.connection.execute(select(Visit.__table__).where(Visit.id == visit_id).with_for_update()).one()
    taken = tx.connection.scalar(
        select(Visit.id).where(
            Visit.client_id == visit.client_id,
            Visit.subject_id == visit.subject_id,
            Visit.kind == visit.kind,
            Visit.day == day,
            Visit.id != visit_id,
        )
    )
    if taken:
        return False
    tx.connection.execute(
        update(Visit)
        .where(Visit.id == visit_id)
        .values(day=day, state=VisitState.PLANNED, confirmed_at=None, known_at=tx.now)
    )
    note(tx, visit_id, VisitFact.MOVED, day)
    tasks.close_tasks(tx, TaskKind.NEW_DATE, visit_id=visit_id, reason="moved")
    plan_reminders(tx, programme, visit_id)
    climb.follow(tx, programme, (visit.client_id,))
    return True


def confirm_visit(tx: Transaction, visit_id: UUID) -> None:
    """Note that she says she will come."""
    tx.connection.execute(update(Visit).where(Visit.id == visit_id).values(confirmed_at=tx.now))
    note(tx, visit_id, VisitFact.CONFIRMED)


def record_attendance(
    tx: Transaction,
    programme: Programme,
    visit_id: UUID,
    outcome: VisitState,
    occurred_at: datetime | None = None,
    why: Trouble | None = None,
) -> None:
    """Record what happened. A missed visit earns its reminders from now; an attended one ends them."""
    client_id = tx.connection.execute(
        update(Visit).where(Visit.id == visit_id).values(state=outcome).returning(Visit.client_id)
    ).scalar_one()
    note(tx, visit_id, VisitFact(outcome), occurred_at=occurred_at, reason=why)
    tasks.close_tasks(tx, TaskKind.DID_SHE_COME, visit_id=visit_id, reason=outcome)
    plan_reminders(tx, programme, visit_id)
    climb.follow(tx, programme, (client_id,))


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
    for visit_id in missed:
        record_attendance(tx, programme, visit_id, VisitState.MISSED)
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
) -> None:
    """Add a fact to a visit's history."""
    tx.add(
        VisitEvent,
        visit_id=visit_id,
        fact=fact,
        day=day,
        reason=reason,
        occurred_at=occurred_at or tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
