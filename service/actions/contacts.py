"""Completed two-way contacts: the facts behind every eServices figure."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from service.actions.next_look import look_again
from service.domain.care import ContactMode
from service.store.models.care import Contact
from service.store.models.people import Client
from service.store.models.plans import ClientChoice
from service.store.records import ClientRecord
from service.store.transaction import Transaction


def note_contact(
    tx: Transaction,
    client: ClientRecord,
    mode: ContactMode,
    source: str,
    source_id: UUID,
    *,
    staff_id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> bool:
    """Write a contact once for its source (a text, a dialogue, a logged call); says whether it is new.

    Of whoever is asked how she is, the plans go on from it: what was to follow her silence does not come.
    """
    is_asked = select(ClientChoice.id).where(
        ClientChoice.client_id == client.id, ClientChoice.ended_at.is_(None)
    )
    look_again(tx, (Client.id == client.id) & is_asked.exists())
    return tx.add_once(
        Contact,
        client_id=client.id,
        mode=mode,
        site_id=client.site_id,
        staff_id=staff_id,
        source=source,
        source_id=source_id,
        occurred_at=occurred_at or tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
