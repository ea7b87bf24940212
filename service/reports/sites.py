"""Places, as far as somebody may know of them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, true

from service.store.models.people import Place, Site
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


@dataclass(frozen=True)
class PlaceName:
    """A place that a site serves."""

    id: UUID
    name: str
    site_id: UUID
    site: str


def places_served(reading: Reading, site_ids: Collection[UUID] | None) -> tuple[PlaceName, ...]:
    """The places of these sites (``None``: of all), by site and name."""
    which = true() if site_ids is None else Place.site_id.in_(site_ids)
    rows = reading.connection.execute(
        select(Place.id, Place.name, Site.id, Site.name)
        .join(Site, Site.id == Place.site_id)
        .where(which)
        .order_by(Site.name, Place.name)
    )
    return tuple(PlaceName(*row) for row in rows)
