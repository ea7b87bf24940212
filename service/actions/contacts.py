"""Completed two-way contacts: the facts behind every eServices figure."""

from datetime import datetime
from uuid import UUID

from service.domain.care import ContactMode
from service.store.models.care import Contact
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
    """Write a contact once for its source (a text, a dialogue, a logged call); says whether it is new."""
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
