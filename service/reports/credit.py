"""How much money is left at each provider, and for how long."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from service.actions.judge import SPENT
from service.domain.message import Money
from service.store.models.operations import Counter, GatewayState
from service.store.pace import MICROS
from service.store.transaction import Reading

COUNTED: Final = 7
"""Full days whose spending says what a day costs."""

IN_TIME: Final = 3
"""Days for which it should last: a weekend, and a working day to top it up."""


@dataclass(frozen=True)
class Credit:
    """What the provider said at ``told_at``. ``a_day`` is what a day of the last week cost, everywhere."""

    gateway: str
    left: Money
    told_at: datetime
    a_day: Decimal

    @property
    def is_low(self) -> bool:
        return self.left.amount <= self.a_day * IN_TIME


def credit_at(reading: Reading, gateway: str) -> Credit | None:
    """``None`` where the provider has told nothing yet, or never does."""
    row = reading.connection.execute(
        select(GatewayState.credit_micros, GatewayState.credit_currency, GatewayState.credit_told_at).where(
            GatewayState.name == gateway
        )
    ).one_or_none()
    if row is None or row.credit_micros is None:
        return None
    left = Money(Decimal(row.credit_micros) / MICROS, row.credit_currency)
    return Credit(gateway, left, row.credit_told_at, _a_day(reading, reading.now.date()))


def _a_day(reading: Reading, today: date) -> Decimal:
    week = Counter.day >= today - timedelta(days=COUNTED), Counter.day < today
    spent = reading.connection.scalar(select(func.sum(Counter.count)).where(Counter.name == SPENT, *week))
    return Decimal(spent or 0) / MICROS / COUNTED
