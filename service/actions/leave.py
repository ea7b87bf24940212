"""Who is away, for how long, and who acts in her place."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from service.actions.handover import pass_on
from service.actions.roster import present
from service.domain.hours import at_local
from service.store.models.follow_up import Leave
from service.store.models.people import Staff
from service.store.transaction import Reading, Transaction

ONE_DAY = timedelta(days=1)


def record_leave(tx: Transaction, zone: ZoneInfo, staff_id: UUID, first: date, last: date) -> int:
    """Somebody is away on these local days, both included.

    If that is now, her open tasks go to whoever acts in her place (how many there were); else they do when
    her leave begins.
    """
    leave_id = tx.add(
        Leave,
        staff_id=staff_id,
        since=at_local(first, time.min, zone),
        until=at_local(last + ONE_DAY, time.min, zone),
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
    tx.audit("leave", "staff", staff_id, detail=str(leave_id))
    return pass_on(tx, staff_id) if present(tx, staff_id) != staff_id else 0


def call_off(tx: Transaction, staff_id: UUID) -> int:
    """She is there after all, now and in the days to come; how many leaves that ends."""
    called_off = tx.connection.execute(
        update(Leave)
        .where(Leave.staff_id == staff_id, Leave.called_off_at.is_(None), Leave.until > tx.now)
        .values(called_off_at=tx.now)
    ).rowcount
    tx.audit("leave_off", "staff", staff_id)
    return called_off


def set_backup(tx: Transaction, staff_id: UUID, backup_id: UUID | None) -> None:
    """Who acts for somebody when she is away or does not answer."""
    tx.connection.execute(update(Staff).where(Staff.id == staff_id).values(backup_id=backup_id))
    tx.audit("backup", "staff", staff_id, detail=str(backup_id))


def away_until(reading: Reading, staff_id: UUID) -> datetime | None:
    """The moment at which somebody who is on leave now is back."""
    return reading.connection.scalar(
        select(Leave.until)
        .where(
            Leave.staff_id == staff_id,
            Leave.called_off_at.is_(None),
            Leave.since <= reading.now,
            Leave.until > reading.now,
        )
        .order_by(Leave.until.desc())
        .limit(1)
    )
