"""What people agree to. Every yes and no is a row of its own."""

from datetime import datetime
from uuid import UUID

from service.domain.people import ConsentChannel
from service.domain.reason import Reason
from service.store.models.messages import Message
from service.store.models.people import Consent
from service.store.outbox import cancel_waiting
from service.store.records import clients_at
from service.store.transaction import Transaction

STOPPED = "stop"
"""How a no that was her own act is recorded; any other no is merely the absence of a yes."""

WORDING_VERSION = "2026-11"
"""The version of the consent script that is read aloud before she says yes."""


def record(
    tx: Transaction,
    person_id: UUID,
    channel: ConsentChannel,
    *,
    given: bool,
    through: str,
    occurred_at: datetime | None = None,
) -> None:
    """Record a yes or a no, as of now or of the moment at which it was said."""
    tx.add(
        Consent,
        person_id=person_id,
        channel=channel,
        given=given,
        wording_version=WORDING_VERSION,
        through=through,
        occurred_at=occurred_at or tx.now,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )


def stop_texts(tx: Transaction, phone_id: UUID) -> None:
    """No more texts to anybody at this number, whatever is waiting included."""
    for person in clients_at(tx, phone_id):
        record(tx, person.id, ConsentChannel.SMS, given=False, through=STOPPED)
    cancel_waiting(tx, Message.phone_id == phone_id, Reason.OPTED_OUT)
    tx.audit("stop", "phone", phone_id)


def start_texts(tx: Transaction, phone_id: UUID, through: str) -> None:
    """Texts again for everybody at this number, by an act from that very phone."""
    for person in clients_at(tx, phone_id):
        record(tx, person.id, ConsentChannel.SMS, given=True, through=through)
    tx.audit("start", "phone", phone_id)
