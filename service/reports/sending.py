"""How sending goes: what left, what failed and why, which numbers are shut, which gateways are tired."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from service.actions.judge import SPENT, TEXTS
from service.domain.caseload import Caseload
from service.domain.message import MessageState
from service.store.caseloads import clients_in
from service.store.models.messages import Message
from service.store.models.operations import Counter, GatewayState
from service.store.models.people import Client, PersonPhone, PhoneNumber
from service.store.transaction import Reading

FAILED: Final = (MessageState.FAILED, MessageState.UNDELIVERED, MessageState.EXPIRED)
_MICROS = Decimal(1_000_000)


@dataclass(frozen=True)
class StateCount:
    state: MessageState
    count: int


def by_state(reading: Reading, since: datetime) -> tuple[StateCount, ...]:
    """How many of the texts that were put since then stand where."""
    rows = reading.connection.execute(
        select(Message.state, func.count())
        .where(Message.created_at >= since)
        .group_by(Message.state)
        .order_by(func.count().desc(), Message.state)
    )
    return tuple(StateCount(*row) for row in rows)


@dataclass(frozen=True)
class FailureCount:
    gateway: str | None
    reason: str | None
    count: int


def failures(reading: Reading, since: datetime) -> tuple[FailureCount, ...]:
    """Why texts that were put since then did not arrive."""
    rows = reading.connection.execute(
        select(Message.gateway, Message.reason, func.count())
        .where(Message.created_at >= since, Message.state.in_(FAILED))
        .group_by(Message.gateway, Message.reason)
        .order_by(func.count().desc(), Message.gateway, Message.reason)
    )
    return tuple(FailureCount(*row) for row in rows)


@dataclass(frozen=True)
class ShutNumber:
    """A number that gets nothing, and whose it is. ``why`` is a word of ours."""

    code: str
    since: datetime | None
    why: str | None


def shut_numbers(reading: Reading, caseload: Caseload, most: int) -> tuple[ShutNumber, ...]:
    """The numbers of these clients that are suspended, the newest first."""
    rows = reading.connection.execute(
        select(Client.code, PhoneNumber.suspended_at, PhoneNumber.suspended_why)
        .join(PersonPhone, PersonPhone.phone_id == PhoneNumber.id)
        .join(Client, Client.id == PersonPhone.person_id)
        .where(PhoneNumber.suspended_at.is_not(None), PersonPhone.until.is_(None), clients_in(caseload))
        .order_by(PhoneNumber.suspended_at.desc(), Client.code)
        .limit(most)
    )
    return tuple(ShutNumber(*row) for row in rows)


@dataclass(frozen=True)
class Gateway:
    """``open_until``: nothing is tried before, because of ``why``."""

    name: str
    open_until: datetime | None
    why: str | None


def gateways(reading: Reading, names: Collection[str]) -> tuple[Gateway, ...]:
    """The gateways of these names, in this order; one that nobody has used yet is fine."""
    rows = reading.connection.execute(
        select(GatewayState.name, GatewayState.open_until, GatewayState.why).where(
            GatewayState.name.in_(names)
        )
    )
    known = {row.name: Gateway(row.name, row.open_until, row.why) for row in rows}
    return tuple(known.get(name, Gateway(name, None, None)) for name in names)


@dataclass(frozen=True)
class Used:
    """What went of the day's limits. ``spent`` is in the currency of the gateways."""

    texts: int
    spent: Decimal


def used(reading: Reading, day: date) -> Used:
    rows = reading.connection.execute(
        select(Counter.name, Counter.count.label("total")).where(
            Counter.name.in_((TEXTS, SPENT)), Counter.day == day
        )
    )
    counted = {row.name: row.total for row in rows}
    return Used(counted.get(TEXTS, 0), Decimal(counted.get(SPENT, 0)) / _MICROS)
