"""Who must act for a client: her Mentor Mother, the backup, the coordinator, whoever is on call."""

from uuid import UUID

from sqlalchemy import select

from service.domain.people import Role
from service.store.models.people import Client, Staff, StaffRole
from service.store.transaction import Reading


def who_acts(reading: Reading, client_id: UUID | None) -> tuple[UUID | None, UUID | None]:
    """The client's site and the person who must act, as far as there are any."""
    row = (
        client_id
        and reading.connection.execute(
            select(Client.site_id, Client.mentor_id).where(Client.id == client_id)
        ).one_or_none()
    )
    if not row:
        return None, on_call(reading)
    owner = present(reading, row.mentor_id) or _coordinator(reading, row.site_id)
    return row.site_id, owner or on_call(reading)


def who_acts_at(reading: Reading, site_id: UUID) -> UUID | None:
    """Who must act for a site as a whole."""
    return _coordinator(reading, site_id) or on_call(reading)


def on_call(reading: Reading) -> UUID | None:
    return reading.connection.scalar(
        select(Staff.id)
        .where(Staff.on_call.is_(True), Staff.blocked_at.is_(None))
        .order_by(Staff.id)
        .limit(1)
    )


def present(reading: Reading, staff_id: UUID | None) -> UUID | None:
    """The person, or along the chain of backups the first who is not blocked."""
    seen: set[UUID] = set()
    while staff_id and staff_id not in seen:
        seen.add(staff_id)
        row = reading.connection.execute(
            select(Staff.blocked_at, Staff.backup_id).where(Staff.id == staff_id)
        ).one()
        if row.blocked_at is None:
            return staff_id
        staff_id = row.backup_id
    return None


def _coordinator(reading: Reading, site_id: UUID) -> UUID | None:
    return reading.connection.scalar(
        select(Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(StaffRole.role == Role.COORDINATOR, StaffRole.site_id == site_id, Staff.blocked_at.is_(None))
        .order_by(Staff.id)
        .limit(1)
    )
