"""What is done before a restored service may work: nothing that may have gone out already goes again.

What happened between the backup and the loss is gone. Each text that was still to leave by now may have left;
it is held, and people are told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from service.actions.tasks import NewTask, open_task
from service.domain.happening import Restored, as_note
from service.domain.ledger import LedgerState
from service.domain.message import MessageState
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.store.models.messages import LedgerEntry, Message, UssdSession
from service.store.models.operations import GatewayState, Mark
from service.store.models.people import Client, Site
from service.store.transaction import Reading, Transaction

RESTORED_AT: Final = "restored_at"
"""The mark of a restored database: its value is the moment of the backup, it was recorded when restored."""

_STILL_TO_LEAVE: Final = (MessageState.QUEUED, MessageState.CLAIMED, MessageState.SENDING)


@dataclass(frozen=True)
class Held:
    """What is held of a site, or of none (""): planned reminders, and texts that carry no reminder."""

    site: str
    reminders: int
    other_texts: int


def restored_at(reading: Reading) -> datetime | None:
    """When this database was last restored, if ever: what came in before may have been answered already."""
    return reading.connection.scalar(select(Mark.recorded_at).where(Mark.name == RESTORED_AT))


def after_restore(tx: Transaction, backed_up_at: datetime) -> tuple[Held, ...]:
    """Hold all that may have been sent since the backup; by site, how much that is.

    1. Count it, while it can still be told from the rest.
    2. End the reminders as *unknown*, so that no change of a date opens them again; hold the texts.
    3. End the dialogues, and forget how fast and how well the gateways were.
    4. Mark the database and give every site that works a task.
    """
    by_now = max(tx.now, backed_up_at)  # the clock of a demonstration may begin again
    reminders, texts = _reminders_by_site(tx, by_now), _texts_by_site(tx)
    _end_reminders(tx, by_now)
    _hold_texts(tx)
    _hold_reminders(tx)
    _end_dialogues(tx)
    tx.connection.execute(delete(GatewayState))
    _mark(tx, backed_up_at)
    nobodys = Held("", 0, texts.get(None, 0))
    if nobodys.other_texts:
        _tell(tx, backed_up_at, None, nobodys)
    return (*_tell_sites(tx, backed_up_at, reminders, texts), *([nobodys] if nobodys.other_texts else []))


def _may_have_left(by_now: datetime) -> ColumnElement[bool]:
    """The reminders that were due by now, and those whose text was on its way."""
    leaving = select(Message.id).where(Message.state.in_(_STILL_TO_LEAVE))
    return or_(
        (LedgerEntry.state == LedgerState.PLANNED) & (LedgerEntry.due_at <= by_now),
        (LedgerEntry.state == LedgerState.QUEUED) & LedgerEntry.message_id.in_(leaving),
    )


def _reminders_by_site(tx: Transaction, by_now: datetime) -> dict[UUID, int]:
    counted = (
        select(Client.site_id, func.count())
        .join(LedgerEntry, LedgerEntry.client_id == Client.id)
        .where(_may_have_left(by_now))
        .group_by(Client.site_id)
    )
    return {site_id: count for site_id, count in tx.connection.execute(counted)}


def _texts_by_site(tx: Transaction) -> dict[UUID | None, int]:
    counted = (
        select(Message.site_id, func.count())
        .where(Message.state.in_(_STILL_TO_LEAVE), Message.ledger_id.is_(None))
        .group_by(Message.site_id)
    )
    return {site_id: count for site_id, count in tx.connection.execute(counted)}


def _end_reminders(tx: Transaction, by_now: datetime) -> None:
    tx.connection.execute(
        update(LedgerEntry)
        .where(_may_have_left(by_now))
        .values(state=LedgerState.UNKNOWN, reason=Reason.RESTORED, ended_at=tx.now)
    )


def _hold_texts(tx: Transaction) -> None:
    """What waited is held. What was leaving stays unknown unless a receipt tells; nothing sends it again."""
    tx.connection.execute(
        update(Message)
        .where(Message.state.in_((MessageState.QUEUED, MessageState.CLAIMED)))
        .values(state=MessageState.HELD, reason=Reason.RESTORED, lease_until=None)
    )
    tx.connection.execute(
        update(Message)
        .where(Message.state == MessageState.SENDING)
        .values(state=MessageState.UNKNOWN, reason=Reason.RESTORED, lease_until=None)
    )
    tx.connection.execute(
        update(Message)
        .where(Message.state == MessageState.UNKNOWN, Message.final_at.is_(None))
        .values(final_at=tx.now)
    )


def _hold_reminders(tx: Transaction) -> None:
    """Those that nobody can have got while the backup was made may still be let go, by choice."""
    left_nothing = or_(
        LedgerEntry.message_id.is_(None),
        LedgerEntry.message_id.in_(select(Message.id).where(Message.state == MessageState.HELD)),
    )
    tx.connection.execute(
        update(LedgerEntry)
        .where(LedgerEntry.state == LedgerState.UNKNOWN, LedgerEntry.reason == Reason.RESTORED, left_nothing)
        .values(held_at=tx.now)
    )


def _end_dialogues(tx: Transaction) -> None:
    tx.connection.execute(
        update(UssdSession)
        .where(UssdSession.ended_at.is_(None))
        .values(ended_at=tx.now, completed=False, goes_on=False)
    )
    tx.connection.execute(update(UssdSession).where(UssdSession.draft.is_not(None)).values(draft=None))


def _mark(tx: Transaction, backed_up_at: datetime) -> None:
    tx.connection.execute(delete(Mark).where(Mark.name == RESTORED_AT))
    value = backed_up_at.isoformat()
    tx.connection.execute(insert(Mark).values(name=RESTORED_AT, value=value, recorded_at=tx.now))
    tx.audit("restored", "database", detail=f"backup of {value}")


def _tell_sites(
    tx: Transaction, backed_up_at: datetime, reminders: dict[UUID, int], texts: dict[UUID | None, int]
) -> Iterator[Held]:
    """A task for every site that works, because each has lost what it recorded; what is held of which."""
    sites = tx.connection.execute(select(Site.id, Site.name, Site.activated_at).order_by(Site.name)).all()
    for site_id, name, activated_at in sites:
        held = Held(name, reminders.get(site_id, 0), texts.get(site_id, 0))
        if activated_at or held.reminders or held.other_texts:
            _tell(tx, backed_up_at, site_id, held)
        if held.reminders or held.other_texts:
            yield held


def _tell(tx: Transaction, backed_up_at: datetime, site_id: UUID | None, held: Held) -> None:
    note = as_note(Restored(backed_up_at, held.reminders, held.other_texts))
    task = NewTask(TaskKind.INCIDENT, site_id=site_id, note=note, about=f"{RESTORED_AT}:{tx.now.isoformat()}")
    open_task(tx, task)
