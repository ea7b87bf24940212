"""Days from which plans count, as a person records or corrects them; her plans follow at once.

Births and weaning are in ``children``, samples and treatment of infants in ``samples``.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import update

from service.actions.children import align_family
from service.actions.remind import align
from service.programme import Programme
from service.store.models.people import Client, Infant, Person
from service.store.transaction import Transaction


def record_delivery(tx: Transaction, programme: Programme, client_id: UUID, day: date) -> None:
    """She gave birth. Her infant is enrolled apart, or a loss recorded."""
    _of_client(tx, programme, client_id, "delivery", delivered_on=day, delivered_known_at=tx.now)


def record_edd(tx: Transaction, programme: Programme, client_id: UUID, day: date | None) -> None:
    """The expected day of birth, or that there is none any more."""
    _of_client(tx, programme, client_id, "edd", edd=day, edd_known_at=tx.now)


def record_art_start(tx: Transaction, programme: Programme, client_id: UUID, day: date) -> None:
    _of_client(tx, programme, client_id, "art_start", art_start=day, art_start_known_at=tx.now)


def correct_birth(tx: Transaction, programme: Programme, infant_id: UUID, day: date) -> None:
    """It was born on another day than was recorded; what counts from it moves unless somebody agreed."""
    tx.connection.execute(update(Person).where(Person.id == infant_id).values(born_on=day))
    tx.connection.execute(update(Infant).where(Infant.id == infant_id).values(born_known_at=tx.now))
    tx.audit("correct_birth", "infant", infant_id)
    align_family(tx, programme, infant_id)


def _of_client(tx: Transaction, programme: Programme, client_id: UUID, what: str, **values: object) -> None:
    tx.connection.execute(update(Client).where(Client.id == client_id).values(values))
    tx.audit("record", "client", client_id, what)
    align(tx, programme, (client_id,))
