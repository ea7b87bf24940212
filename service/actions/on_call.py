"""Who acts where nobody else is there to act, by day and at night."""

from datetime import time
from uuid import UUID

from sqlalchemy import update

from service.domain.duty import Duty
from service.store.models.people import Staff
from service.store.transaction import Transaction


def put_on_call(tx: Transaction, staff_id: UUID, duty: Duty | None) -> None:
    """Somebody is on call each day in those hours, or at all hours (``None``)."""
    _set(
        tx,
        staff_id,
        on_call=True,
        on_call_from=duty.starts if duty else None,
        on_call_to=duty.ends if duty else None,
        on_call_zone=duty.zone.key if duty else None,
    )
    tx.audit("on_call", "staff", staff_id, detail=str(duty) if duty else "all hours")


def take_off_call(tx: Transaction, staff_id: UUID) -> None:
    _set(tx, staff_id, on_call=False, on_call_from=None, on_call_to=None, on_call_zone=None)
    tx.audit("off_call", "staff", staff_id)


def _set(tx: Transaction, staff_id: UUID, **columns: bool | time | str | None) -> None:
    tx.connection.execute(update(Staff).where(Staff.id == staff_id).values(**columns))
