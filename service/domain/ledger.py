"""The ends that a planned reminder can come to."""

from enum import StrEnum
from typing import Final


class LedgerKind(StrEnum):
    """What a planned step is to become: a text to a client, or a task for a person."""

    TEXT = "text"
    TASK = "task"


class LedgerState(StrEnum):
    """``planned`` and ``queued`` are still to come; the other states are ends, with a reason beside."""

    PLANNED = "planned"
    QUEUED = "queued"
    DELIVERED = "delivered"
    SENT_NO_RECEIPT = "sent_no_receipt"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    HANDED_TO_PERSON = "handed_to_person"


STILL_TO_COME: Final = frozenset({LedgerState.PLANNED, LedgerState.QUEUED})
