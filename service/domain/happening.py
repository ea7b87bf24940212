"""What the service tells people of itself: the notes of tasks that no person asked for, and that pages word.

A note is one word of ours and, behind a colon, what an engineer wants to know or the words are filled with.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never


@dataclass(frozen=True)
class LedgerGap:
    """The nightly proof did not hold; ``detail`` says where, for an engineer."""

    detail: str


@dataclass(frozen=True)
class Restored:
    """The database was put back to a backup (UTC). So many reminders and other texts are held since."""

    backed_up_at: datetime
    reminders: int
    texts: int


Happening = LedgerGap | Restored


def as_note(happened: Happening) -> str:
    match happened:
        case LedgerGap(detail):
            return f"ledger: {detail}"
        case Restored(at, reminders, texts):
            return f"restored: {at.isoformat()} {reminders} {texts}"
        case _:
            assert_never(happened)


def read_note(note: str) -> Happening | None:
    """What happened, by a note of ours; ``None`` for one in words."""
    what, _, rest = note.partition(": ")
    match what, rest.split():
        case "ledger", _:
            return LedgerGap(rest)
        case "restored", [at, reminders, texts]:
            return Restored(datetime.fromisoformat(at), int(reminders), int(texts))
        case _:
            return None
