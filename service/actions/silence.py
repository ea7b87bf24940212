"""Silence towards a client for as long as something holds her: a loss, her death, a disclosure."""

from uuid import UUID

from sqlalchemy import and_, not_, or_, select, update

from service.actions import consent
from service.actions.ledger import withdraw
from service.actions.next_look import look_again
from service.domain.people import ClientState
from service.domain.safety import LossKind
from service.store.models.messages import Message
from service.store.models.people import Client
from service.store.models.safety import Incident, Loss, Supporter
from service.store.transaction import Reading, Transaction

DISCLOSURE = "disclosure"
"""The reason of the state of a client whose texts wait because something about her became known."""

_HELD = (ClientState.PENDING, ClientState.ACTIVE, ClientState.MUTED, ClientState.DIED)


def silence(tx: Transaction, client_id: UUID, reason: str) -> None:
    """Take back what waits to go to her and her supporters; only advice in danger still leaves."""
    consent.hold_person(tx, client_id)
    supporters = select(Supporter.id).where(Supporter.client_id == client_id)
    about_her = or_(Message.person_id == client_id, Message.person_id.in_(supporters))
    withdraw(tx, and_(about_her, not_(consent.IN_SPITE_OF_A_STOP)), reason)


def settle_state(tx: Transaction, client_id: UUID) -> ClientState:
    """Bring her state in line with what holds her now, and return it. Who has left the programme is left."""
    state, verified_at = tx.connection.execute(
        select(Client.state, Client.verified_at).where(Client.id == client_id).with_for_update()
    ).one()
    look_again(tx, Client.id == client_id)
    holds = _holds(tx, client_id)
    if LossKind.MATERNAL_DEATH in holds:
        found = ClientState.DIED
    elif state not in _HELD:
        return ClientState(state)
    elif holds:
        found = ClientState.MUTED
    else:
        found = ClientState.ACTIVE if verified_at else ClientState.PENDING
    reason = next(iter(holds), None)
    tx.connection.execute(
        update(Client).where(Client.id == client_id).values(state=found, state_reason=reason)
    )
    return found


def _holds(reading: Reading, client_id: UUID) -> list[str]:
    """Why she gets nothing now, what weighs most in front."""
    losses = reading.connection.scalars(
        select(Loss.kind)
        .where(Loss.client_id == client_id, Loss.undone_at.is_(None), Loss.care_goes_on_at.is_(None))
        .order_by((Loss.kind == LossKind.MATERNAL_DEATH).desc(), Loss.recorded_at)
    ).all()
    paused = select(Incident.id).where(Incident.client_id == client_id, Incident.resumed_at.is_(None))
    return [*losses, *([DISCLOSURE] if reading.connection.scalar(paused.limit(1)) else [])]
