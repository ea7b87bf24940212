"""Ends that only the passing of time can bring."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from service.actions import announce, once, sign_in_session, sign_in_tries
from service.actions.ledger import end_entry
from service.actions.receipts import PARKED_FOR
from service.domain.ledger import LedgerState
from service.domain.message import MessageState
from service.store.models.dialogues import ScreenShown
from service.store.models.messages import LedgerEntry, Message, Receipt, UssdSession
from service.store.transaction import Transaction

NO_RECEIPT_AFTER: Final = timedelta(hours=48)
"""After that, a text that the gateway took counts as not delivered."""

DRAFTS_FOR: Final = timedelta(hours=24)

SCREENS_FOR: Final = timedelta(days=400)
"""So that a month can be compared with the same one a year before; they tell nothing about anybody."""


def end_without_receipt(tx: Transaction, most: int = 500) -> int:
    """End reminders whose text was accepted long ago and of which nothing was heard since; how many."""
    silent = tx.connection.execute(
        select(LedgerEntry.id)
        .join(Message, Message.id == LedgerEntry.message_id)
        .where(
            LedgerEntry.state == LedgerState.QUEUED,
            Message.state.in_((MessageState.ACCEPTED, MessageState.SENT, MessageState.BUFFERED)),
            Message.sent_at <= tx.now - NO_RECEIPT_AFTER,
        )
        .limit(most)
    ).scalars()
    ended = 0
    for ledger_id in silent:
        end_entry(tx, ledger_id, LedgerState.SENT_NO_RECEIPT, None)
        ended += 1
    return ended


def forget(tx: Transaction) -> int:
    """Erase what nobody can use any more: drafts, parked receipts, sessions, tries, old keys and
    counts; how many."""
    drafts = tx.connection.execute(
        update(UssdSession)
        .where(UssdSession.updated_at <= tx.now - DRAFTS_FOR, UssdSession.draft.is_not(None))
        .values(draft=None, reply=None, goes_on=False)
    ).rowcount
    parked = tx.connection.execute(
        delete(Receipt).where(Receipt.attempt_id.is_(None), Receipt.recorded_at <= tx.now - PARKED_FOR)
    ).rowcount
    accesses = sign_in_session.forget_old(tx) + sign_in_tries.forget_old(tx) + once.forget_old(tx)
    accesses += announce.forget_old(tx)
    screens = tx.connection.execute(
        delete(ScreenShown).where(ScreenShown.shown_at <= tx.now - SCREENS_FOR)
    ).rowcount
    return drafts + parked + accesses + screens
