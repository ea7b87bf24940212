"""Districts and sites."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from service.actions.ledger import wake
from service.domain.reason import Reason
from service.store.models.people import District, Site
from service.store.records import site_named
from service.store.transaction import Reading, Transaction


@dataclass(frozen=True)
class SiteRow:
    id: UUID
    name: str
    district: str
    active: bool


def add_site(tx: Transaction, name: str, district: str) -> UUID | None:
    """A new site, not yet activated, and its district if that is new; ``None`` if the site is known."""
    tidy = " ".join(name.split())
    if site_named(tx, tidy):
        return None
    site_id = tx.add(
        Site, district_id=_district(tx, district), name=tidy, created_at=tx.now, actor=str(tx.actor)
    )
    tx.audit("add", "site", site_id)
    return site_id


def _district(tx: Transaction, name: str) -> UUID:
    tidy = " ".join(name.split())
    known = tx.connection.execute(select(District.id, District.name))
    found = next((row_id for row_id, known_name in known if known_name.casefold() == tidy.casefold()), None)
    return found or tx.add(District, name=tidy)


def activate(tx: Transaction, site_id: UUID) -> None:
    """Let a site send. Doing it again changes nothing."""
    changed = tx.connection.execute(
        update(Site).where(Site.id == site_id, Site.activated_at.is_(None)).values(activated_at=tx.now)
    ).rowcount
    if changed:
        wake(tx, Reason.SITE_NOT_ACTIVATED)
        tx.audit("activate", "site", site_id)


def all_sites(reading: Reading) -> tuple[SiteRow, ...]:
    query = (
        select(Site.id, Site.name, District.name, Site.activated_at)
        .join(District, District.id == Site.district_id)
        .order_by(District.name, Site.name)
    )
    return tuple(
        SiteRow(site_id, name, district, activated_at is not None)
        for site_id, name, district, activated_at in reading.connection.execute(query)
    )
