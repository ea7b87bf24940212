"""The texts that did not arrive, or of which nobody knows: whose they are, and of how many others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, true

from service.domain.caseload import Caseload
from service.domain.message import MessageState
from service.store.caseloads import clients_in
from service.store.models.messages import Message
from service.store.models.people import Client, PhoneNumber
from service.store.records import open_number
from service.store.transaction import Reading


@dataclass(frozen=True)
class Which:
    """The texts that stand so, of any time, reason or gateway where none is named."""

    states: Collection[MessageState]
    since: datetime | None = None
    why: str | None = None
    gateway: str | None = None


@dataclass(frozen=True)
class LostText:
    """``at`` is when it left, or was to leave. ``number`` shows the last digits alone."""

    code: str
    number: str
    at: datetime
    state: MessageState
    why: str | None
    gateway: str | None
    step: str | None


def lost(
    reading: Reading, caseload: Caseload, which: Which, most: int, skip: int = 0
) -> tuple[LostText, ...]:
    """Those to the clients of a caseload, the newest first."""
    rows = reading.connection.execute(
        select(
            Client.code,
            Message.phone_id,
            PhoneNumber.number,
            func.coalesce(Message.sent_at, Message.not_before, type_=Message.not_before.type).label("at"),
            Message.state,
            Message.reason,
            Message.gateway,
            Message.step,
        )
        .join(Client, Client.id == Message.person_id)
        .join(PhoneNumber, PhoneNumber.id == Message.phone_id)
        .where(_which(which), clients_in(caseload))
        .order_by(Message.id.desc())
        .limit(most)
        .offset(skip)
    )
    return tuple(
        LostText(
            code=row.code,
            number=number.masked if (number := open_number(reading, row.phone_id, row.number)) else "",
            at=row.at,
            state=row.state,
            why=row.reason,
            gateway=row.gateway,
            step=row.step,
        )
        for row in rows
    )


def lost_to_others(reading: Reading, caseload: Caseload, which: Which) -> int:
    """How many more there are, to whoever is not in the caseload."""
    every = select(func.count()).select_from(Message).where(_which(which))
    hers = every.join(Client, Client.id == Message.person_id).where(clients_in(caseload))
    return (reading.connection.scalar(every) or 0) - (reading.connection.scalar(hers) or 0)


def _which(which: Which) -> ColumnElement[bool]:
    return and_(
        Message.state.in_(which.states),
        Message.created_at >= which.since if which.since else true(),
        Message.reason == which.why if which.why else true(),
        Message.gateway == which.gateway if which.gateway else true(),
    )
