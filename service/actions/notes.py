"""What staff write down about a client, and when they look up her number."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.domain.ids import new_id
from service.domain.phone import Phone
from service.store.models.access import Note
from service.store.models.people import PhoneNumber
from service.store.records import ClientRecord, links_of, open_number
from service.store.transaction import Transaction

LONGEST: Final = 1000
"""Letters of a note."""


def write_note(tx: Transaction, woman: ClientRecord, text: str) -> None:
    """Keep a note; whoever cares for her reads it."""
    note_id = new_id()
    tx.add(
        Note,
        id=note_id,
        client_id=woman.id,
        body=tx.vault.seal(Note.body, note_id, text[:LONGEST]),
        written_at=tx.now,
        actor=str(tx.actor),
    )


def reveal_number(tx: Transaction, woman: ClientRecord) -> Phone | None:
    """The number at which she is called. That somebody looked is noted for ever."""
    tx.audit("reveal_number", "client", woman.id)
    return next((link.phone for link in links_of(tx, woman.id) if link.phone), None)


def reveal_phone(tx: Transaction, phone_id: UUID) -> Phone | None:
    """The same for a number of which nobody knows whose it is."""
    tx.audit("reveal_number", "phone", phone_id)
    sealed = tx.connection.scalar(select(PhoneNumber.number).where(PhoneNumber.id == phone_id))
    return open_number(tx, phone_id, sealed)
