"""The past of the demonstration: lived through the same actions as in production, only faster."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from service.actions import deliver, fire, receipts
from service.domain.ids import new_id
from service.domain.ledger import LedgerState
from service.domain.message import Accepted, MessageState
from service.ports import ReceiptReceived
from service.programme import Programme
from service.store import outbox
from service.store.models.messages import LedgerEntry, Message
from service.store.transaction import Transaction

DELIVERED_AFTER: Final = timedelta(seconds=4)
MOST_AT_ONCE: Final = 100


@dataclass(frozen=True)
class Event:
    """Something that somebody did at a moment (UTC) that has passed."""

    at: datetime
    happens: Callable[[Transaction], object]


def live(
    tx: Transaction, programme: Programme, gateway: str, events: Iterable[Event], until: datetime
) -> None:
    """Let the events happen in their order, and between them whatever falls due. All in one transaction."""
    for event in sorted(events, key=lambda event: event.at):
        _pass_time(tx, programme, gateway, event.at)
        event.happens(replace(tx, now=event.at))
    _pass_time(tx, programme, gateway, until)


def _pass_time(tx: Transaction, programme: Programme, gateway: str, until: datetime) -> None:
    while (moment := _next_moment(tx)) is not None and moment < until:
        now = replace(tx, now=moment)
        for ledger_id in fire.due_entries(now, MOST_AT_ONCE):
            fire.fire(now, programme, ledger_id)
        _send(now, programme, gateway)


def _next_moment(tx: Transaction) -> datetime | None:
    """When the next reminder falls due or the next waiting text may leave."""
    due = tx.connection.scalar(
        select(LedgerEntry.due_at)
        .where(LedgerEntry.state == LedgerState.PLANNED)
        .order_by(LedgerEntry.due_at)
        .limit(1)
    )
    leaves = tx.connection.scalar(
        select(Message.next_attempt_at)
        .where(Message.state == MessageState.QUEUED)
        .order_by(Message.next_attempt_at)
        .limit(1)
    )
    return min((moment for moment in (due, leaves) if moment), default=None)


def _send(now: Transaction, programme: Programme, gateway: str) -> None:
    """Hand over what waits to a network that delivers everything."""
    for claimed in outbox.claim(now, MOST_AT_ONCE):
        sending = deliver.begin(now, programme, claimed, gateway)
        if sending is None:
            continue
        provider_id = f"seeded-{new_id()}"
        deliver.settle(now, sending, Accepted(provider_id))
        receipt = ReceiptReceived(provider_id, "delivered", MessageState.DELIVERED, sending.text.to)
        receipts.take_receipt(replace(now, now=now.now + DELIVERED_AFTER), gateway, receipt)
