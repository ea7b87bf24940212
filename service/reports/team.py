"""Who works where, who is there, and how much each has to do."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy import Row as ResultRow

from service.actions.leave import away_until
from service.actions.roster import duty
from service.domain.caseload import Post
from service.domain.duty import Duty
from service.domain.tasks import TaskState
from service.store.models.access import Device
from service.store.models.care import Task
from service.store.models.people import Client, Person, Site, Staff, StaffRole
from service.store.records import first_name, links_of
from service.store.transaction import Reading

Found = ResultRow[*tuple[object, ...]]


@dataclass(frozen=True)
class TeamRow:
    """A member of staff. ``tasks`` are open, ``devices`` known to be hers; of her number only the end.

    ``hours`` are those in which she is on call, if not all.
    """

    id: UUID
    name: str = field(repr=False)
    posts: tuple[Post, ...]
    sites: tuple[str, ...]
    on_call: bool
    hours: str | None
    blocked: bool
    away_until: datetime | None
    backup_id: UUID | None
    backup: str | None = field(repr=False)
    phone: str
    tasks: int
    clients: int
    devices: int


def team(reading: Reading, site_ids: Collection[UUID] | None) -> tuple[TeamRow, ...]:
    """Everybody with a role at one of the sites or at all of them (``None``: everybody), by name."""
    return _team(reading, _at(site_ids))


def teammate(reading: Reading, site_ids: Collection[UUID] | None, staff_id: UUID) -> TeamRow | None:
    return next(iter(_team(reading, _at(site_ids) & (Staff.id == staff_id))), None)


def _at(site_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    posts = select(StaffRole.id).where(StaffRole.staff_id == Staff.id)
    if site_ids is None:
        return posts.exists()
    return posts.where(or_(StaffRole.site_id.in_(site_ids), StaffRole.site_id.is_(None))).exists()


def _team(reading: Reading, which: ColumnElement[bool]) -> tuple[TeamRow, ...]:
    tasks = select(func.count()).where(Task.owner_id == Staff.id, Task.state != TaskState.CLOSED)
    clients = select(func.count()).where(Client.mentor_id == Staff.id)
    devices = select(func.count()).where(Device.staff_id == Staff.id)
    rows = reading.connection.execute(
        select(
            Staff.id,
            Person.name,
            Staff.on_call,
            Staff.on_call_from,
            Staff.on_call_to,
            Staff.on_call_zone,
            Staff.blocked_at,
            Staff.backup_id,
            tasks.correlate(Staff).scalar_subquery().label("tasks"),
            clients.correlate(Staff).scalar_subquery().label("clients"),
            devices.correlate(Staff).scalar_subquery().label("devices"),
        )
        .join(Person, Person.id == Staff.id)
        .where(which, Person.erased_at.is_(None))
    ).all()
    posts = _posts(reading, [row.id for row in rows])
    found = (_row(reading, row, posts[row.id]) for row in rows)
    return tuple(sorted(found, key=lambda row: (row.blocked, row.name.casefold())))


def _row(reading: Reading, row: Found, posts: Sequence[tuple[Post, str | None]]) -> TeamRow:
    return TeamRow(
        id=row.id,
        name=reading.vault.open_if(Person.name, row.id, row.name) or "",
        posts=tuple(post for post, _ in posts),
        sites=tuple(sorted({name for _, name in posts if name})),
        on_call=row.on_call,
        hours=_hours(duty(row.on_call_from, row.on_call_to, row.on_call_zone)),
        blocked=row.blocked_at is not None,
        away_until=away_until(reading, row.id),
        backup_id=row.backup_id,
        backup=first_name(reading, row.backup_id),
        phone=next((link.phone.masked for link in links_of(reading, row.id) if link.phone), ""),
        tasks=row.tasks,
        clients=row.clients,
        devices=row.devices,
    )


def _hours(duty: Duty | None) -> str | None:
    return str(duty) if duty else None


def _posts(reading: Reading, people: Collection[UUID]) -> dict[UUID, list[tuple[Post, str | None]]]:
    """Each one's roles, with the name of the site."""
    held: dict[UUID, list[tuple[Post, str | None]]] = defaultdict(list)
    rows = reading.connection.execute(
        select(StaffRole.staff_id, StaffRole.role, StaffRole.site_id, Site.name)
        .outerjoin(Site, Site.id == StaffRole.site_id)
        .where(StaffRole.staff_id.in_(people))
        .order_by(StaffRole.role, Site.name)
    )
    for staff_id, role, site_id, site in rows:
        held[staff_id].append((Post(role, site_id), site))
    return held
