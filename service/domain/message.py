"""The life of a text message, as values and tables of allowed moves."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from service.domain.people import Wording
from service.domain.phone import Phone


class MessageClass(StrEnum):
    """What kind of harm a lost or doubled copy would do; decides what happens to an ``unknown`` attempt."""

    R1 = "R1"  # recurring nudge
    R2 = "R2"  # dated reminder
    U = "U"  # urgent
    C = "C"  # code or number confirmation
    A = "A"  # reply to her own message
    B = "B"  # broadcast
    S = "S"  # staff alert


class MessageState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"
    HELD = "held"
    UNKNOWN = "unknown"


RECEIPT_ORDER: Final[tuple[MessageState, ...]] = (
    MessageState.SENDING,
    MessageState.UNKNOWN,
    MessageState.ACCEPTED,
    MessageState.SENT,
    MessageState.BUFFERED,
    MessageState.EXPIRED,
    MessageState.UNDELIVERED,
    MessageState.DELIVERED,
)
"""Receipts only ever move a message to the right, so their order and repetition cannot matter."""

FINAL: Final = frozenset(
    {
        MessageState.DELIVERED,
        MessageState.UNDELIVERED,
        MessageState.EXPIRED,
        MessageState.FAILED,
        MessageState.CANCELLED,
    }
)

LANES: Final[dict[MessageClass, int]] = {
    MessageClass.U: 0,
    MessageClass.S: 1,
    MessageClass.C: 2,
    MessageClass.A: 2,
    MessageClass.R2: 3,
    MessageClass.R1: 4,
    MessageClass.B: 5,
}
"""The order in which waiting messages are claimed: an answer never waits behind a broadcast."""


@dataclass(frozen=True)
class UnknownPolicy:
    """What may be done about an attempt of which nobody knows whether it reached the provider.

    ``resends`` copies may follow, none before ``after`` has passed without evidence.
    """

    resends: int
    after: timedelta


UNKNOWN_POLICY: Final[dict[MessageClass, UnknownPolicy]] = {
    MessageClass.R1: UnknownPolicy(0, timedelta(minutes=15)),
    MessageClass.R2: UnknownPolicy(1, timedelta(minutes=15)),
    MessageClass.U: UnknownPolicy(1, timedelta(minutes=5)),
    MessageClass.C: UnknownPolicy(0, timedelta(minutes=15)),
    MessageClass.A: UnknownPolicy(0, timedelta(minutes=15)),
    MessageClass.B: UnknownPolicy(0, timedelta(minutes=15)),
    MessageClass.S: UnknownPolicy(2, timedelta(minutes=5)),
}


@dataclass(frozen=True)
class Words:
    """A text as it would be sent: the version of its words, the parts it takes, and what the gate found."""

    key: str
    version: str
    language: str
    wording: Wording
    text: str = field(repr=False)
    parts: int
    gated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Address:
    """Whom a text is for and on which number. ``person_id`` is empty for somebody whom nobody knows."""

    person_id: UUID | None
    phone_id: UUID
    phone: Phone


def fold(state: MessageState, reported: MessageState) -> MessageState:
    """The state after a receipt: the later of the two in ``RECEIPT_ORDER``; other states never move."""
    if state not in RECEIPT_ORDER or reported not in RECEIPT_ORDER:
        return state
    return max(state, reported, key=RECEIPT_ORDER.index)


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Accepted:
    """The provider has the text and gave it ``provider_id``; ``parts`` and ``cost`` where it said so."""

    provider_id: str
    parts: int | None = None
    cost: Money | None = None


class Refusal(StrEnum):
    """Why a provider will never carry this text as it stands."""

    BAD_NUMBER = "bad_number"
    OPTED_OUT = "opted_out"
    NO_ROUTE = "no_route"
    BAD_TEXT = "bad_text"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Refused:
    why: Refusal
    word: str = ""


class Hurdle(StrEnum):
    """Why a text provably did not leave and may be tried again."""

    NOT_CONNECTED = "not_connected"
    BUSY = "busy"
    PROVIDER_DOWN = "provider_down"
    NO_CREDIT = "no_credit"
    BAD_ACCOUNT = "bad_account"


@dataclass(frozen=True)
class TryLater:
    """Provably not sent. ``after`` is what the provider asked for, if it did."""

    why: Hurdle
    after: timedelta | None = None
    word: str = ""


@dataclass(frozen=True)
class Unknown:
    """Nobody can tell whether the provider took the text; never resent without evidence or policy."""

    why: str


SendResult = Accepted | Refused | TryLater | Unknown
