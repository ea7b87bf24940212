"""Who must act for a client: her Mentor Mother, the backup, the coordinator, whoever is on call."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select

from service.domain.duty import Duty
from service.domain.people import Role
from service.store.models.follow_up import Leave
from service.store.models.people import Client, Staff, StaffRole
from service.store.transaction import Reading

_Moment = datetime | BindParameter[datetime]

WATCHED: Final = timedelta(days=1)
"""How far ahead the roster is searched for an hour at which nobody is on call."""


def who_acts(
    reading: Reading, client_id: UUID | None, at: datetime | None = None
) -> tuple[UUID | None, UUID | None]:
    """The client's site and the person who must act, now or at another moment, as far as there are any."""
    row = (
        client_id
        and reading.connection.execute(
            select(Client.site_id, Client.mentor_id).where(Client.id == client_id)
        ).one_or_none()
    )
    if not row:
        return None, on_call(reading, at)
    return row.site_id, present(reading, row.mentor_id, at) or who_acts_at(reading, row.site_id, at=at)


def who_acts_at(
    reading: Reading, site_id: UUID | None, role: Role = Role.COORDINATOR, at: datetime | None = None
) -> UUID | None:
    """Who must act for a site as a whole: whoever has the role there, or is on call."""
    return holder(reading, site_id, role, at) or on_call(reading, at)


def holder(
    reading: Reading, site_id: UUID | None, role: Role = Role.COORDINATOR, at: datetime | None = None
) -> UUID | None:
    """Whoever has a role at a site and is there, else the first backup of somebody who has it."""
    at = at or reading.now
    held = (
        select(Staff.id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(StaffRole.role == role, or_(StaffRole.site_id == site_id, StaffRole.site_id.is_(None)))
        .order_by(_is_there(at).desc(), StaffRole.site_id.is_(None), Staff.id)
    )
    return _first_present(reading, reading.connection.scalars(held), at)


def on_call(reading: Reading, at: datetime | None = None) -> UUID | None:
    """Whoever is on call; at an hour without anybody, whoever is at another: no task is nobody's."""
    everybody = [staff_id for staff_id, _ in _on_call(reading, at)]
    return on_duty(reading, at) or _first_present(reading, everybody, at) or next(iter(everybody), None)


def on_duty(reading: Reading, at: datetime | None = None) -> UUID | None:
    """Whoever is on call at that hour and is there, or acts for her."""
    at = at or reading.now
    covering = (staff_id for staff_id, duty in _on_call(reading, at) if _covered([duty], at))
    return _first_present(reading, covering, at)


def first_hole(reading: Reading) -> datetime | None:
    """The next moment within a day that is in nobody's hours of being on call, be she there or on leave."""
    duties = [duty for _, duty in _on_call(reading)]
    ends = {one.next_end(reading.now) for one in duties if one}
    return next((moment for moment in sorted({reading.now, *ends}) if not _covered(duties, moment)), None)


def first_gap(reading: Reading) -> datetime | None:
    """The next moment within a day at which nobody who is there is on call, nor anybody for her."""
    ends = {one.next_end(reading.now) for _, one in _on_call(reading) if one}
    leaves = reading.connection.scalars(
        select(Leave.since).where(
            Leave.called_off_at.is_(None), Leave.since > reading.now, Leave.since < reading.now + WATCHED
        )
    )
    moments = sorted({reading.now, *ends, *leaves})
    return next((moment for moment in moments if on_duty(reading, moment) is None), None)


def _covered(duties: Iterable[Duty | None], moment: datetime) -> bool:
    return any(duty is None or duty.covers(moment) for duty in duties)


def _on_call(reading: Reading, at: datetime | None = None) -> list[tuple[UUID, Duty | None]]:
    """Everybody on call with her hours (``None`` for all), those in front who are there."""
    rows = reading.connection.execute(_ON_CALL, {"at": at or reading.now})
    return [(row.id, duty(row.on_call_from, row.on_call_to, row.on_call_zone)) for row in rows]


def duty(starts: time | None, ends: time | None, zone: str | None) -> Duty | None:
    """The hours in which somebody is on call, from her columns; ``None`` for all."""
    return Duty(starts, ends, ZoneInfo(zone)) if starts and ends and zone else None


def present(reading: Reading, staff_id: UUID | None, at: datetime | None = None) -> UUID | None:
    """The person, or along the chain of backups the first who is neither blocked nor on leave."""
    seen: set[UUID] = set()
    while staff_id and staff_id not in seen:
        seen.add(staff_id)
        asked = {"this": staff_id, "at": at or reading.now}
        there, backup_id = reading.connection.execute(_PRESENCE, asked).one()
        if there:
            return staff_id
        staff_id = backup_id
    return None


def backup_of(reading: Reading, staff_id: UUID | None, at: datetime | None = None) -> UUID | None:
    """Who acts for a person when she does not answer, though she may be there."""
    backup_id = reading.connection.scalar(select(Staff.backup_id).where(Staff.id == staff_id))
    return present(reading, backup_id, at)


def _first_present(reading: Reading, people: Iterable[UUID], at: datetime | None) -> UUID | None:
    return next((found for one in people if (found := present(reading, one, at))), None)


def _is_there(at: _Moment) -> ColumnElement[bool]:
    return and_(Staff.blocked_at.is_(None), ~is_on_leave(at))


def is_on_leave(at: _Moment) -> ColumnElement[bool]:
    """For a statement over ``Staff``."""
    return (
        select(Leave.id)
        .where(Leave.staff_id == Staff.id, Leave.called_off_at.is_(None), Leave.since <= at, Leave.until > at)
        .exists()
    )


_AT: Final = bindparam("at", type_=Leave.since.type)
_PRESENCE: Final = select(_is_there(_AT), Staff.backup_id).where(Staff.id == bindparam("this"))
_ON_CALL: Final = (
    select(Staff.id, Staff.on_call_from, Staff.on_call_to, Staff.on_call_zone)
    .where(Staff.on_call.is_(True), Staff.blocked_at.is_(None))
    .order_by(_is_there(_AT).desc(), Staff.id)
)
