"""The stop button: while something is paused, no text that it covers begins to leave."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from service.store.models.operations import Pause
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
    """Release the button again; says whether it was pressed. Other pauses stay as they are."""
    released = tx.connection.scalars(
        update(Pause)
        .where(Pause.scope == covered.scope, Pause.target == covered.target, Pause.resumed_at.is_(None))
        .values(resumed_at=tx.now, resumed_by=str(tx.actor))
        .returning(Pause.id)
    ).all()
    for pause_id in released:
        tx.audit("resume", covered.scope, pause_id)
    return bool(released)


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
