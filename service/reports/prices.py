"""What texts cost."""

from decimal import Decimal

from sqlalchemy import select

from service.domain.message import Money
from service.store.models.messages import Message
from service.store.transaction import Reading

MICROS = Decimal(1_000_000)


def usual_price(reading: Reading, parts: int) -> Money | None:
    """What a text of so many parts is likely to cost, going by the last one whose price a provider told."""
    last = reading.connection.execute(
        select(Message.cost_micros, Message.cost_currency, Message.parts)
        .where(Message.cost_micros.is_not(None), Message.cost_currency.is_not(None), Message.parts > 0)
        .order_by(Message.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return None
    return Money(Decimal(last.cost_micros) / MICROS / last.parts * parts, last.cost_currency)
