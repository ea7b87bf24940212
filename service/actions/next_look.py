"""When the plans of each client are gone through again, though nobody records anything about her."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update

from service.programme import Programme
from service.store.models.operations import Mark
from service.store.models.people import Client
from service.store.transaction import Reading, Transaction

TIMING: Final = "timing:"
"""The mark of a plan, with the version of its timing by which everybody was planned last."""

REPLANNED: Final = "replanned:"
"""The mark of a plan whose timing was changed, at the moment at which that was noticed."""

_ONE_DAY: Final = timedelta(days=1)


def look_again(tx: Transaction, which: ColumnElement[bool]) -> None:
    """Let the plans of the clients of whom that holds be gone through at the worker's next tick."""
    past_everywhere = tx.now.date() - _ONE_DAY
    tx.connection.execute(update(Client).where(which).values(look_again_on=past_everywhere))


def to_be_aligned(reading: Reading, programme: Programme, most: int) -> tuple[UUID, ...]:
    """Clients whose plans must be gone through by today, those first who have waited longest."""
    waiting = select(Client.id).where(Client.look_again_on <= programme.today(reading.now))
    return tuple(reading.connection.scalars(waiting.order_by(Client.look_again_on, Client.id).limit(most)))


def set_aside(tx: Transaction, programme: Programme, client_id: UUID) -> None:
    """Leave a client until tomorrow whose plans a mistake of the program keeps from being gone through."""
    tomorrow = programme.today(tx.now) + _ONE_DAY
    tx.connection.execute(update(Client).where(Client.id == client_id).values(look_again_on=tomorrow))


def is_retimed(reading: Reading, programme: Programme) -> bool:
    """Whether the timing of a plan is another than that by which everybody was planned last."""
    return _timing(reading) != programme.timing


def note_timing(tx: Transaction, programme: Programme) -> None:
    """Let everybody be planned anew by the plans as they are now.

    What a changed plan asks for holds from now on, so that nothing is late that it never asked for before.
    """
    known = _timing(tx)
    in_use = bool(known) or _is_older_than_plans(tx)
    for plan, version in programme.timing.items():
        if in_use and known.get(plan) != version:
            _mark(tx, REPLANNED + plan, version)
        _mark(tx, TIMING + plan, version)
    for plan in known.keys() - programme.timing.keys():
        tx.connection.execute(delete(Mark).where(Mark.name == TIMING + plan))
    look_again(tx, Client.look_again_on.is_not(None))


def _is_older_than_plans(reading: Reading) -> bool:
    """Whether clients were looked after here before anything noted by which plans: by an older version."""
    older = select(Client.id).where(Client.created_at < reading.now - _ONE_DAY)
    return reading.connection.scalar(older.limit(1)) is not None


def _timing(reading: Reading) -> dict[str, str]:
    marks = select(Mark.name, Mark.value).where(Mark.name.startswith(TIMING))
    return {name.removeprefix(TIMING): version for name, version in reading.connection.execute(marks)}


def _mark(tx: Transaction, name: str, value: str) -> None:
    tx.connection.execute(delete(Mark).where(Mark.name == name))
    tx.connection.execute(insert(Mark).values(name=name, value=value, recorded_at=tx.now))
