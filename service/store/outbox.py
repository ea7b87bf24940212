"""The queue of texts: put, claimed under a lease, begun under a fence, settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, true, update

from service.domain.ids import new_id
from service.domain.message import FINAL, LANES, Address, MessageClass, MessageState, Money, Words
from service.store.database import database_seconds
from service.store.models.messages import Attempt, DedupeKey, Message
from service.store.transaction import Reading, Transaction
from service.store.waiting import WAITS

EVERY: Final = true()
LEASE_SECONDS: Final = 30.0
"""How long a worker may hold a claimed message before another may take it: longer than any send."""


@dataclass(frozen=True)
class NewMessage:
    """A rendered text and everything that decides whether it may still leave when its turn comes.

    ``not_before`` and ``not_after`` are business time. ``speaks_of`` is the local day that the text is about,
    ``true_on`` the only local day on which its words are true (one that says "tomorrow").
    """

    to: Address
    words: Words
    message_class: MessageClass
    not_before: datetime
    not_after: datetime
    plan: str | None = None
    step: str | None = None
    site_id: UUID | None = None
    ledger_id: UUID | None = None
    reply_to: UUID | None = None
    speaks_of: date | None = None
    true_on: date | None = None


class AttemptEnd(StrEnum):
    """What came of one attempt. Tries that fail for want of an account are not held against the message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TRY_LATER = "try_later"
    NO_ACCOUNT = "no_account"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Claimed:
    """A message in a worker's hands. The fence is what lets it, and nobody after it, begin to send."""

    id: UUID
    fence: int
    attempts: int


def put(tx: Transaction, new: NewMessage, key: str) -> UUID | None:
    """Queue a text in the transaction of the change that causes it; ``None`` if the key was used before."""
    message_id = new_id()
    if not tx.add_once(DedupeKey, key=key, message_id=message_id, created_at=tx.now):
        return None
    tx.add(
        Message,
        id=message_id,
        person_id=new.to.person_id,
        phone_id=new.to.phone_id,
        phone_index=tx.vault.index("phone", new.to.phone.e164),
        message_class=new.message_class,
        lane=LANES[new.message_class],
        text_id=new.words.key,
        text_version=new.words.version,
        language=new.words.language,
        wording=new.words.wording,
        body=tx.vault.seal(Message.body, message_id, new.words.text),
        parts=new.words.parts,
        plan=new.plan,
        step=new.step,
        site_id=new.site_id,
        ledger_id=new.ledger_id,
        reply_to=new.reply_to,
        speaks_of=new.speaks_of,
        true_on=new.true_on,
        state=MessageState.QUEUED,
        not_before=new.not_before,
        not_after=new.not_after,
        next_attempt_at=new.not_before,
        fence=0,
        attempts=0,
        created_at=tx.now,
        actor=str(tx.actor),
    )
    return message_id


def claim(tx: Transaction, most: int, which: ColumnElement[bool] = EVERY) -> tuple[Claimed, ...]:
    """Take up to ``most`` messages whose time has come, the urgent lanes first.

    1. Lock the rows that are waiting, passing over those that another worker is locking.
    2. Give each a new fence and a lease on the database's clock.
    """
    waiting = (
        select(Message.id)
        .where(Message.state == MessageState.QUEUED, Message.next_attempt_at <= tx.now, which)
        .order_by(Message.lane, Message.next_attempt_at, Message.id)
    )
    first = waiting.limit(most).with_for_update(skip_locked=True)
    return _take(tx, tx.connection.scalars(first).all())


def claim_this(tx: Transaction, message_id: UUID) -> Claimed | None:
    """Take one message out of turn; ``None`` if it is not waiting."""
    return next(iter(_take(tx, (message_id,))), None)


def _take(tx: Transaction, ids: Sequence[UUID]) -> tuple[Claimed, ...]:
    if not ids:
        return ()
    taken = tx.connection.execute(
        update(Message)
        .where(Message.id.in_(ids), Message.state == MessageState.QUEUED)
        .values(
            state=MessageState.CLAIMED,
            fence=Message.fence + 1,
            lease_until=database_seconds() + LEASE_SECONDS,
        )
        .returning(Message.id, Message.fence, Message.attempts, Message.lane)
    ).all()
    in_order = sorted(taken, key=lambda row: (row.lane, ids.index(row.id)))
    return tuple(Claimed(row.id, row.fence, row.attempts) for row in in_order)


_BEGIN: Final = (
    update(Message)
    .where(
        Message.id == bindparam("this"),
        Message.state == MessageState.CLAIMED,
        Message.fence == bindparam("held_fence"),
        Message.lease_until > database_seconds(),
    )
    .values(
        state=MessageState.SENDING,
        attempts=Message.attempts + 1,
        gateway=bindparam("to"),
        sent_at=bindparam("now"),
        lease_until=database_seconds() + LEASE_SECONDS,
    )
)


def begin(tx: Transaction, claimed: Claimed, gateway: str) -> UUID | None:
    """Move ``claimed → sending`` if the fence and the lease still hold; the id of the attempt, else ``None``.

    The caller must see this committed before the first byte leaves.
    """
    held = {"this": claimed.id, "held_fence": claimed.fence, "to": gateway, "now": tx.now}
    if tx.connection.execute(_BEGIN, held).rowcount != 1:
        return None
    return tx.add(
        Attempt,
        message_id=claimed.id,
        number=claimed.attempts + 1,
        fence=claimed.fence,
        gateway=gateway,
        started_at=tx.now,
    )


def is_open(tx: Transaction, attempt_id: UUID) -> bool:
    """Whether nobody has recorded yet what came of an attempt."""
    ended = select(Attempt.outcome).where(Attempt.id == attempt_id).with_for_update()
    return tx.connection.execute(ended).scalar_one() is None


def close_attempt(
    tx: Transaction, attempt_id: UUID, outcome: AttemptEnd, reason: str | None, provider_id: str | None
) -> None:
    tx.connection.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(outcome=outcome, reason=reason, provider_id=provider_id, ended_at=tx.now)
    )


def count_attempts(reading: Reading, message_id: UUID, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(Attempt).where(Attempt.message_id == message_id, which)
    return reading.connection.execute(counted).scalar_one()


def count_stumble(tx: Transaction, held: Claimed) -> int | None:
    """Note that a claimed message could not be judged; how often by now, ``None`` if it is not ours."""
    return tx.connection.scalar(
        update(Message)
        .where(Message.id == held.id, Message.fence == held.fence, Message.state == MessageState.CLAIMED)
        .values(stumbles=Message.stumbles + 1)
        .returning(Message.stumbles)
    )


def requeue(tx: Transaction, held: Claimed, at: datetime, reason: str) -> bool:
    """Give back a message that is provably unsent, not to be tried before ``at``; if it is still ours."""
    return _move(tx, _held_as(held), MessageState.QUEUED, reason, at=at)


def end(tx: Transaction, held: Claimed, state: MessageState, reason: str | None) -> bool:
    """Bring a message in our hands to an end, or to *unknown*; says whether it was still ours."""
    return _move(tx, _held_as(held), state, reason)


def _held_as(held: Claimed) -> ColumnElement[bool]:
    """The message as long as nobody has claimed it since; a lapsed lease alone takes it from nobody."""
    return and_(
        Message.id == held.id,
        Message.fence == held.fence,
        Message.state.in_((MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN)),
    )


def _move(
    tx: Transaction,
    which: ColumnElement[bool],
    state: MessageState,
    reason: str | None,
    at: datetime | None = None,
) -> bool:
    values: dict[str, object] = {"state": state, "reason": reason, "lease_until": None}
    if at is not None:
        values["next_attempt_at"] = at
    if state in FINAL:
        values["final_at"] = tx.now
    return tx.connection.execute(update(Message).where(which).values(values)).rowcount == 1


def accept(tx: Transaction, message_id: UUID, parts: int | None, cost: Money | None) -> bool:
    """Record that the provider has the text; says whether that was news.

    It is the best of evidence, so it also takes back a second copy that still waits to be sent.
    """
    said: dict[str, object] = {}
    if parts is not None:
        said["parts"] = parts
    if cost is not None:
        said |= {"cost_micros": int(cost.amount * 1_000_000), "cost_currency": cost.currency}
    if said:
        tx.connection.execute(update(Message).where(Message.id == message_id).values(said))
    open_states = (MessageState.QUEUED, MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN)
    accepted = update(Message).where(Message.id == message_id, Message.state.in_(open_states))
    values: dict[str, object] = {"state": MessageState.ACCEPTED, "reason": None, "lease_until": None}
    return tx.connection.execute(accepted.values(values)).rowcount == 1


def resend(tx: Transaction, message_id: UUID) -> bool:
    """Queue an unknown message once more; only the policy of its class may decide that."""
    unknown = and_(Message.id == message_id, Message.state == MessageState.UNKNOWN)
    return _move(tx, unknown, MessageState.QUEUED, "resent_after_unknown", at=tx.now)


def give_up(tx: Transaction, message_id: UUID) -> None:
    """Let an unknown message stay unknown; a late receipt may still tell what became of it."""
    tx.connection.execute(update(Message).where(Message.id == message_id).values(final_at=tx.now))


def cancel_waiting(tx: Transaction, condition: ColumnElement[bool], reason: str) -> tuple[UUID, ...]:
    """Cancel the messages that have not begun to leave and meet a condition; their ids."""
    waiting = update(Message).where(Message.state.in_(WAITS), condition)
    cancelled = waiting.values(state=MessageState.CANCELLED, reason=reason, final_at=tx.now, lease_until=None)
    return tuple(tx.connection.scalars(cancelled.returning(Message.id)))


def free_keys(tx: Transaction, message_ids: Sequence[UUID]) -> None:
    """Let the same be put again in place of messages that were cancelled before they left."""
    tx.connection.execute(delete(DedupeKey).where(DedupeKey.message_id.in_(message_ids)))


def lapsed(tx: Transaction) -> tuple[Claimed, ...]:
    """What lost workers had in hand and had not begun to send, the urgent lanes first."""
    claimed = select(Message.id, Message.fence, Message.attempts).where(Message.state == MessageState.CLAIMED)
    in_order = claimed.where(_LAPSED).order_by(Message.lane, Message.next_attempt_at, Message.id)
    rows = tx.connection.execute(in_order.with_for_update(skip_locked=True))
    return tuple(Claimed(*row) for row in rows)


def expire_sending(tx: Transaction) -> tuple[UUID, ...]:
    """Let what lost workers were sending become unknown; the ids."""
    lost = update(Message).where(Message.state == MessageState.SENDING, _LAPSED)
    values = {"state": MessageState.UNKNOWN, "reason": "worker_lost", "lease_until": None}
    return tuple(tx.connection.scalars(lost.values(values).returning(Message.id)))


_LAPSED: Final = Message.lease_until <= database_seconds()
