"""What a pause or a restore held back, until a person lets it go or throws it away.

Nothing of it leaves by itself, nothing leaves in a burst, and nothing after its last useful moment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, update

from service.actions.ledger import take_back
from service.domain.hours import Calendar, next_allowed
from service.domain.ledger import LedgerKind, LedgerState
from service.domain.message import MessageClass, MessageState
from service.domain.reason import Reason
from service.programme import Programme
from service.store import outbox
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client, Site
from service.store.transaction import Reading, Transaction

PER_MINUTE: Final = 30
"""How many texts a release lets go in a minute, so that people keep up with the answers. To be approved."""

WAITED_FOR: Final = (MessageClass.U, MessageClass.A, MessageClass.S)
"""Urgent texts, answers and alerts: somebody waits for them, and soon they are useless. They are not held."""


@dataclass(frozen=True)
class Which:
    """Whose of what is held; everything, where nothing is said. ``why`` is ``paused`` or ``restored``."""

    site_id: UUID | None = None
    plan: str | None = None
    client_id: UUID | None = None
    why: Reason | None = None


EVERYTHING: Final = Which()


@dataclass(frozen=True)
class HeldGroup:
    """Held things that are alike: ``what`` is the step, or the text of one that no reminder caused.

    ``useful_until`` is the last moment of whichever goes first.
    """

    why: str
    site: str
    plan: str
    what: str
    count: int
    useful_until: datetime


@dataclass(frozen=True)
class Released:
    """``too_late``: those whose turn would come after their last moment; they end with that as the reason."""

    let_go: int
    too_late: int
    last_at: datetime | None


def hold_back(tx: Transaction, reminders: ColumnElement[bool], texts: ColumnElement[bool]) -> int:
    """Hold what fell due in a pause that ends now; how much. The text of a reminder becomes one again."""
    waiting = and_(
        texts,
        Message.state == MessageState.QUEUED,
        Message.message_class.not_in(WAITED_FOR),
        or_(Message.next_attempt_at <= tx.now, Message.reason == Reason.PAUSED),
    )
    due = and_(
        reminders,
        LedgerEntry.kind == LedgerKind.TEXT,
        LedgerEntry.state == LedgerState.PLANNED,
        LedgerEntry.held_at.is_(None),
        or_(LedgerEntry.due_at <= tx.now, LedgerEntry.reason == Reason.PAUSED),
    )
    carried = LedgerEntry.message_id.in_(select(Message.id).where(waiting))
    held = update(LedgerEntry).where(or_(due, carried)).values(reason=Reason.PAUSED, held_at=tx.now)
    kept = tx.connection.execute(held).rowcount
    take_back(tx, waiting, Reason.PAUSED)
    others = update(Message).where(waiting).values(state=MessageState.HELD, reason=Reason.PAUSED)
    return kept + tx.connection.execute(others).rowcount


def held(reading: Reading, which: Which = EVERYTHING) -> tuple[HeldGroup, ...]:
    """What is held, in groups, that which is useful for the shortest time in front."""
    reminders = (
        select(
            LedgerEntry.reason,
            Site.name,
            LedgerEntry.plan,
            LedgerEntry.step,
            func.count(),
            func.min(LedgerEntry.latest, type_=LedgerEntry.latest.type),
        )
        .join(Client, Client.id == LedgerEntry.client_id)
        .join(Site, Site.id == Client.site_id)
        .where(_reminders(which))
        .group_by(LedgerEntry.reason, Site.name, LedgerEntry.plan, LedgerEntry.step)
    )
    texts = (
        select(
            Message.reason,
            Site.name,
            Message.plan,
            Message.text_id,
            func.count(),
            func.min(Message.not_after, type_=Message.not_after.type),
        )
        .outerjoin(Site, Site.id == Message.site_id)
        .where(_texts(which))
        .group_by(Message.reason, Site.name, Message.plan, Message.text_id)
    )
    rows = [*reading.connection.execute(reminders), *reading.connection.execute(texts)]
    groups = (
        HeldGroup(why or "", site or "", plan or "", what, count, until)
        for why, site, plan, what, count, until in rows
    )
    return tuple(sorted(groups, key=lambda group: group.useful_until))


def _reminders(which: Which) -> ColumnElement[bool]:
    return and_(
        LedgerEntry.held_at.is_not(None),
        LedgerEntry.state.in_((LedgerState.PLANNED, LedgerState.UNKNOWN)),
        _of_site(which),
        LedgerEntry.plan == which.plan if which.plan else true(),
        LedgerEntry.client_id == which.client_id if which.client_id else true(),
        LedgerEntry.reason == which.why if which.why else true(),
    )


def _of_site(which: Which) -> ColumnElement[bool]:
    if which.site_id is None:
        return true()
    return LedgerEntry.client_id.in_(select(Client.id).where(Client.site_id == which.site_id))


def _texts(which: Which) -> ColumnElement[bool]:
    """Those that no reminder caused; what a restore held of a reminder goes with it."""
    return and_(
        Message.state == MessageState.HELD,
        Message.ledger_id.is_(None),
        Message.site_id == which.site_id if which.site_id else true(),
        false() if which.plan else true(),
        Message.person_id == which.client_id if which.client_id else true(),
        Message.reason == which.why if which.why else true(),
    )


def release(
    tx: Transaction, programme: Programme, which: Which = EVERYTHING, per_minute: int = PER_MINUTE
) -> Released:
    """Let go what is held, a few a minute in safe hours, the first to become useless in front.

    Each is judged like any other before it leaves.
    """
    waiting = _in_order(tx, which)
    slots = _slots(tx.now, timedelta(minutes=1) / per_minute, programme.calendar)
    let_go, last = 0, None
    for one in waiting:
        if one.useful_until <= tx.now:
            continue
        slot = next(slots)
        if slot <= one.useful_until:
            one.let_go(tx, slot)
            let_go, last = let_go + 1, slot
    tx.audit("release", "held", detail=f"{let_go} of {len(waiting)}")
    close_expired(tx)
    return Released(let_go, len(waiting) - let_go, last)


@dataclass(frozen=True)
class _Reminder:
    id: UUID
    message_id: UUID | None
    useful_until: datetime

    def let_go(self, tx: Transaction, at: datetime) -> None:
        """It is put anew, for what it says may have changed; the text that a restore held goes for good."""
        if self.message_id:
            outbox.cancel_waiting(tx, Message.id == self.message_id, Reason.RESTORED)
            outbox.free_keys(tx, [self.message_id])
        tx.connection.execute(
            update(LedgerEntry)
            .where(LedgerEntry.id == self.id)
            .values(
                state=LedgerState.PLANNED,
                due_at=at,
                reason=None,
                ended_at=None,
                held_at=None,
                message_id=None,
            )
        )


@dataclass(frozen=True)
class _Text:
    id: UUID
    useful_until: datetime

    def let_go(self, tx: Transaction, at: datetime) -> None:
        again = {"state": MessageState.QUEUED, "reason": None, "next_attempt_at": at}
        tx.connection.execute(update(Message).where(Message.id == self.id).values(again))


def _in_order(reading: Reading, which: Which) -> Sequence[_Reminder | _Text]:
    reminders = reading.connection.execute(
        select(LedgerEntry.id, LedgerEntry.message_id, LedgerEntry.latest).where(_reminders(which))
    )
    texts = reading.connection.execute(select(Message.id, Message.not_after).where(_texts(which)))
    waiting: list[_Reminder | _Text] = [_Reminder(*row) for row in reminders]
    waiting += (_Text(*row) for row in texts)
    return sorted(waiting, key=lambda one: (one.useful_until, one.id))


def _slots(now: datetime, gap: timedelta, calendar: Calendar) -> Iterator[datetime]:
    moment: datetime | None = now
    while moment := next_allowed(moment, calendar) if moment else None:
        yield moment
        moment += gap


def discard(tx: Transaction, which: Which = EVERYTHING) -> int:
    """Throw away what is held; how much. What may have gone before a restore stays unknown."""
    planned = and_(_reminders(which), LedgerEntry.state == LedgerState.PLANNED)
    ended = {"state": LedgerState.SUPPRESSED, "reason": Reason.DISCARDED, "ended_at": tx.now, "held_at": None}
    thrown = tx.connection.execute(update(LedgerEntry).where(planned).values(ended)).rowcount
    thrown += tx.connection.execute(
        update(LedgerEntry).where(_reminders(which)).values(held_at=None)
    ).rowcount
    thrown += len(outbox.cancel_waiting(tx, _texts(which), Reason.DISCARDED))
    tx.audit("discard", "held", detail=str(thrown))
    return thrown


def close_expired(tx: Transaction) -> int:
    """End what was held beyond its last useful moment; how much."""
    late = and_(LedgerEntry.held_at.is_not(None), LedgerEntry.latest < tx.now)
    # What is planned is decided about once more, which ends it as its step says: too late, or for a person.
    closed = tx.connection.execute(update(LedgerEntry).where(late).values(held_at=None)).rowcount
    stale = and_(Message.state == MessageState.HELD, Message.not_after < tx.now)
    return closed + len(outbox.cancel_waiting(tx, stale, Reason.TOO_LATE))
