"""Places, as far as somebody may know of them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, true

from service.store.models.people import Site
from service.store.transaction import Reading


@dataclass(frozen=True)
class SiteName:
    id: UUID
    name: str


def site_names(reading: Reading, site_ids: Collection[UUID] | None) -> tuple[SiteName, ...]:
    """These sites (``None``: all), by name."""
    which = true() if site_ids is None else Site.id.in_(site_ids)
    rows = reading.connection.execute(select(Site.id, Site.name).where(which).order_by(Site.name))
    return tuple(SiteName(*row) for row in rows)
