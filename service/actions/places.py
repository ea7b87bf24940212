"""The places that a site serves, and who is linked with which."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, update

from service.actions.next_look import look_again
from service.domain.ids import new_id
from service.store.models.people import Client, Place
from service.store.transaction import Reading, Transaction


def add_place(tx: Transaction, site_id: UUID, name: str) -> UUID:
    """The place of that name at a site, made if there is none."""
    tx.add_once(Place, id=new_id(), site_id=site_id, name=name)
    return tx.connection.execute(
        select(Place.id).where(Place.site_id == site_id, Place.name == name)
    ).scalar_one()


def link(tx: Transaction, place_id: UUID, client_ids: Collection[UUID]) -> int:
    """Link clients of the place's site with it, in place of any other; how many are its own clients."""
    site_id = select(Place.site_id).where(Place.id == place_id).scalar_subquery()
    there = (Client.id.in_(client_ids)) & (Client.site_id == site_id)
    linked = tx.connection.execute(update(Client).where(there).values(place_id=place_id)).rowcount
    look_again(tx, there)
    for client_id in sorted(client_ids):
        tx.audit("link", "client", client_id, str(place_id))
    return linked


def place_named(reading: Reading, site_id: UUID, name: str) -> UUID | None:
    return reading.connection.scalar(select(Place.id).where(Place.site_id == site_id, Place.name == name))


def places_of(reading: Reading, site_id: UUID) -> Sequence[str]:
    return reading.connection.scalars(
        select(Place.name).where(Place.site_id == site_id).order_by(Place.name)
    ).all()
