"""The stop button: while something is paused, no text that it covers begins to leave."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true, update

from service.actions import held
from service.actions.ledger import wake
from service.domain.reason import Reason
from service.store.models.messages import LedgerEntry, Message
from service.store.models.operations import Pause
from service.store.models.people import Client
from service.store.transaction import Reading, Transaction


class PauseScope(StrEnum):
    ALL = "all"
    SITE = "site"
    PLAN = "plan"
    GATEWAY = "gateway"


@dataclass(frozen=True)
class Covered:
    """What a pause covers: a site by its id, a plan or gateway by its name, everything by nothing."""

    scope: PauseScope
    target: str = ""


EVERYTHING = Covered(PauseScope.ALL)


@dataclass(frozen=True)
class PauseRow:
    covered: Covered
    why: str
    paused_at: datetime
    actor: str


def pause(tx: Transaction, covered: Covered, why: str) -> bool:
    """Press the stop button; says whether it was not pressed for the same already."""
    if any(row.covered == covered for row in pauses(tx)):
        return False
    pause_id = tx.add(
        Pause, scope=covered.scope, target=covered.target, why=why, paused_at=tx.now, actor=str(tx.actor)
    )
    tx.audit("pause", covered.scope, pause_id)
    return True


def resume(tx: Transaction, covered: Covered) -> bool:
    """Release the button again; says whether it was pressed. Other pauses stay as they are.

    What fell due meanwhile is held until somebody decides about it (``held``); what falls due now goes.
    """
    released = tx.connection.scalars(
        update(Pause)
        .where(Pause.scope == covered.scope, Pause.target == covered.target, Pause.resumed_at.is_(None))
        .values(resumed_at=tx.now, resumed_by=str(tx.actor))
        .returning(Pause.id)
    ).all()
    for pause_id in released:
        tx.audit("resume", covered.scope, pause_id)
    if released:
        held.hold_back(tx, *_covered(covered))
        wake(tx, Reason.PAUSED)
    return bool(released)


def _covered(covered: Covered) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The reminders and the texts that a pause kept back. That of a gateway keeps back texts alone."""
    match covered.scope:
        case PauseScope.ALL:
            return true(), true()
        case PauseScope.SITE:
            site_id = UUID(covered.target)
            there = select(Client.id).where(Client.site_id == site_id)
            return LedgerEntry.client_id.in_(there), Message.site_id == site_id
        case PauseScope.PLAN:
            return LedgerEntry.plan == covered.target, Message.plan == covered.target
        case PauseScope.GATEWAY:
            return false(), true()
        case _:
            assert_never(covered.scope)


def pauses(reading: Reading) -> tuple[PauseRow, ...]:
    """What is paused now, the oldest first."""
    rows = reading.connection.execute(
        select(Pause.scope, Pause.target, Pause.why, Pause.paused_at, Pause.actor)
        .where(Pause.resumed_at.is_(None))
        .order_by(Pause.paused_at, Pause.id)
    )
    return tuple(
        PauseRow(Covered(PauseScope(scope), target), why, paused_at, actor)
        for scope, target, why, paused_at, actor in rows
    )
