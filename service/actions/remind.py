"""Bringing everything that the plans say in line with what is known: visits, and the rows of the ledger."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from service.actions.earned import Due, plans_for
from service.actions.expect import keep_visits
from service.actions.family import Family
from service.actions.gather import families
from service.actions.gather_visits import THESE
from service.actions.invitations import invite
from service.actions.ledger import take_back
from service.actions.rows import keep_rows
from service.domain.ledger import LedgerState
from service.domain.reason import Reason
from service.programme import Programme
from service.store.models.messages import Message
from service.store.models.people import Client
from service.store.transaction import Transaction

AT_ONCE: Final = 100
"""Clients whose rows are read together."""


def align(tx: Transaction, programme: Programme, client_ids: Collection[UUID]) -> None:
    """Bring all that the plans say of some clients in line with what is known now. Again changes nothing.

    It is called in the transaction of every change on which a plan may depend, and from time to time.

    1. Hold the clients, so that nobody plans for one of them by what was known before.
    2. Invite them to the events that are for them.
    3. Make, move or take back the visits that plans ask for and no person has touched.
    4. Add, re-date, end or reopen the rows of the ledger.
    5. Note on which day the plans will say more though nothing is recorded.
    """
    everybody, today = sorted(client_ids), programme.today(tx.now)
    for start in range(0, len(everybody), AT_ONCE):
        some = everybody[start : start + AT_ONCE]
        _hold(tx, some)
        invite(tx, some, today)
        for family in families(tx, programme, some):
            kept, due = _with_visits(tx, programme, family, today)
            keep_rows(tx, programme, kept, due.rows)
            _note_next_look(tx, kept, due.look_again_on)


_HELD: Final = (
    select(Client.id).where(Client.id.in_(THESE)).order_by(Client.id).with_for_update(key_share=True)
)


def _hold(tx: Transaction, client_ids: Collection[UUID]) -> None:
    tx.connection.execute(_HELD, {"these": client_ids})


def _with_visits(tx: Transaction, programme: Programme, family: Family, today: date) -> tuple[Family, Due]:
    """The family with the visits that its plans ask for, and with no text under way about another day."""
    due = plans_for(programme, family, today)
    moved = keep_visits(tx, family, due.visits, today)
    if moved:
        family = _anew(tx, programme, family)
    if _take_back_moved(tx, family):
        family = _anew(tx, programme, family)
    elif not moved:
        return family, due
    return family, plans_for(programme, family, today)


def _anew(tx: Transaction, programme: Programme, family: Family) -> Family:
    (found,) = families(tx, programme, (family.client.id,))
    return found


def _take_back_moved(tx: Transaction, family: Family) -> bool:
    """Take back what waits in the outbox for another day of a visit, so that its rows are planned anew."""
    days = {visit.id: visit.day for visit in family.visits}
    moved = [
        row.message_id
        for row in family.rows
        if row.state is LedgerState.QUEUED and days.get(row.subject_id, row.speaks_of) != row.speaks_of
    ]
    return bool(moved) and take_back(tx, Message.id.in_(moved), Reason.MOVED)


def _note_next_look(tx: Transaction, family: Family, day: date | None) -> None:
    if family.client.look_again_on != day:
        tx.connection.execute(update(Client).where(Client.id == family.client.id).values(look_again_on=day))
