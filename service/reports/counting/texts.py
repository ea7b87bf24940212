"""Texts of every kind to clients: where they went, what became of them, what they cost."""

from collections.abc import Iterator

from service.domain.message import MessageState
from service.domain.period import Period
from service.reports.counting.definitions import UNKNOWN, Dimension
from service.reports.counting.fact import Fact
from service.reports.counting.ground import Ground, women
from service.reports.counting.reminders import HANDED_OVER
from service.store.models.messages import Message
from service.store.models.people import Client


def messages(ground: Ground, period: Period) -> Iterator[Fact]:
    """A fact for each text that a provider took, and one more for its price where that is known."""
    begins, ends = period.moments(ground.counting.zone)
    rows = ground.reading.connection.execute(
        women()
        .join(Message, Message.person_id == Client.id)
        .where(Message.state.in_(HANDED_OVER), Message.sent_at >= begins, Message.sent_at < ends)
        .add_columns(
            Message.state,
            Message.gateway,
            Message.sent_at,
            Message.parts,
            Message.cost_micros,
            Message.cost_currency,
        )
    )
    for row in rows:
        woman, day = ground.woman(row), ground.day(row.sent_at)
        site_id, values = ground.site(woman, day), {Dimension.GATEWAY: row.gateway or UNKNOWN}
        arrived = ["delivered"] if row.state is MessageState.DELIVERED else []
        yield Fact(woman.who, site_id, day, frozenset({"sent", "parts", *arrived}), values, row.parts)
        if row.cost_micros is not None:
            priced = values | {Dimension.CURRENCY: row.cost_currency or UNKNOWN}
            yield Fact(woman.who, site_id, day, frozenset({"priced"}), priced, row.cost_micros)
