"""What becomes of infants on the stage: they are born on the expected day, tested, and well."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from service.actions import children, samples
from service.actions.enrol import NewInfant
from service.domain.cascade import Result
from service.domain.people import ClientKind, ClientState
from service.programme import Programme
from service.store.models.care import Visit
from service.store.models.people import Client
from service.store.records import client
from service.store.transaction import Reading, Transaction

RESULT_AFTER: Final = timedelta(days=21)
"""After so long a result is back and told: before anybody would have to be asked where it is."""

_EXPECTING: Final[ColumnElement[bool]] = and_(
    Client.kind == ClientKind.PREGNANT, Client.state == ClientState.ACTIVE, Client.delivered_on.is_(None)
)


def next_birth(reading: Reading, first: date) -> date | None:
    """The next local day, from ``first`` on, on which somebody expects a birth."""
    return reading.connection.scalar(select(func.min(Client.edd)).where(_EXPECTING, Client.edd >= first))


def record_births(tx: Transaction, programme: Programme, name: str) -> None:
    """Those who expected a birth today have given birth."""
    today = programme.today(tx.now)
    due = tx.connection.scalars(select(Client.id).where(_EXPECTING, Client.edd == today).order_by(Client.id))
    for client_id in due.all():
        children.bear(tx, programme, client(tx, client_id), NewInfant(client_id, name, today))


_Later = Callable[[Transaction], None]


def take_sample(tx: Transaction, programme: Programme, visit_id: UUID) -> _Later | None:
    """A sample is taken at this visit; what is to be done when its result is back."""
    infant_id = tx.connection.execute(select(Visit.subject_id).where(Visit.id == visit_id)).scalar_one()
    sample_id = samples.record_sample(tx, programme, infant_id, programme.today(tx.now), visit_id)
    if not isinstance(sample_id, UUID):
        return None
    return lambda later: _tell_result(later, programme, sample_id)


def _tell_result(tx: Transaction, programme: Programme, sample_id: UUID) -> None:
    today = programme.today(tx.now)
    samples.record_result(tx, programme, sample_id, Result.NEGATIVE, today)
    samples.record_given(tx, programme, sample_id, today)
