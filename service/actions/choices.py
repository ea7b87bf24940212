"""What a client wishes for, each with a yes of its own: check-ins, and a sign at her hour."""

from datetime import time
from uuid import UUID

from sqlalchemy import update

from service.actions.remind import align
from service.domain.people import Choice
from service.programme import Programme
from service.store.models.plans import ClientChoice
from service.store.transaction import Transaction


def choose(
    tx: Transaction, programme: Programme, client_id: UUID, choice: Choice, at: time | None = None
) -> None:
    """Note a wish, at a local hour of hers if she named one. A wish for the same thing before it ends."""
    _end(tx, client_id, choice)
    tx.add(
        ClientChoice,
        client_id=client_id,
        choice=choice,
        at=at,
        chosen_at=tx.now,
        actor=str(tx.actor),
    )
    tx.audit("choose", "client", client_id, choice)
    align(tx, programme, (client_id,))


def end_choice(tx: Transaction, programme: Programme, client_id: UUID, choice: Choice) -> bool:
    """She does not wish for it any more; says whether she had."""
    ended = _end(tx, client_id, choice)
    if ended:
        tx.audit("end_choice", "client", client_id, choice)
        align(tx, programme, (client_id,))
    return ended


def _end(tx: Transaction, client_id: UUID, choice: Choice) -> bool:
    current = update(ClientChoice).where(
        ClientChoice.client_id == client_id,
        ClientChoice.choice == choice,
        ClientChoice.ended_at.is_(None),
    )
    return tx.connection.execute(current.values(ended_at=tx.now)).rowcount == 1
