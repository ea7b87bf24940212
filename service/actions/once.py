"""What is asked twice, by a double tap, a retry or a phone that was offline, is done once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from service.store.models.access import IdempotencyKey
from service.store.transaction import Transaction

KEPT_FOR: Final = timedelta(days=14)
"""Longer than a phone keeps a form that it could not send."""

_NO_ANSWER_YET: Final = ""


@dataclass(frozen=True)
class Asked:
    """``key`` was drawn by whoever asks (``owner``); ``request`` is a hash of all that is asked."""

    owner: str
    key: str
    request: str


@dataclass(frozen=True)
class OtherRequest:
    """The key was used for something else before; nothing is done."""


def once(tx: Transaction, asked: Asked, action: Callable[[Transaction], str]) -> str | OtherRequest:
    """Do it, or say what was answered when it was done. ``action`` says where its answer is.

    Whoever asks meanwhile waits for the first to commit. What raises is undone, and may be asked again.
    """
    new = tx.add_once(
        IdempotencyKey,
        owner=asked.owner,
        key=asked.key,
        request=asked.request,
        answer=_NO_ANSWER_YET,
        created_at=tx.now,
    )
    mine = (IdempotencyKey.owner == asked.owner) & (IdempotencyKey.key == asked.key)
    if not new:
        known = tx.connection.execute(select(IdempotencyKey.request, IdempotencyKey.answer).where(mine)).one()
        return known.answer if known.request == asked.request else OtherRequest()
    answer = action(tx)
    tx.connection.execute(update(IdempotencyKey).where(mine).values(answer=answer))
    return answer


def forget_old(tx: Transaction) -> int:
    """Drop keys that nobody will show again; how many."""
    return tx.connection.execute(
        delete(IdempotencyKey).where(IdempotencyKey.created_at <= tx.now - KEPT_FOR)
    ).rowcount
