"""Delivery reports in every order, repeated, and before the provider's own answer: one state in the end."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import select

from scheduler import planner
from service.actions import deliver
from service.actions.ledger import ENDS
from service.actions.receipts import match_parked, take_receipt
from service.domain.ledger import LedgerState
from service.domain.message import RECEIPT_ORDER, Accepted, MessageState, SendResult, Unknown
from service.domain.people import SYSTEM
from service.domain.phone import Phone
from service.ports import OutgoingText, ReceiptReceived
from service.store import outbox
from service.store.models.messages import LedgerEntry, Message
from service.store.transaction import Transaction
from tests.resilience.memory import new_database
from tests.resilience.outcome import Outcome, judged
from tests.worker.village import MONDAY, Village, at, open_village

PHONE: Final = "+26658100001"
PROVIDER_ID: Final = "p-1"
WORDS: Final = (
    ("submitted", MessageState.SENT),
    ("buffered", MessageState.BUFFERED),
    ("delivered", MessageState.DELIVERED),
    ("rejected", MessageState.UNDELIVERED),
    ("expired", MessageState.EXPIRED),
    ("teleported", None),
)
RESULTS: Final[tuple[SendResult, ...]] = (Accepted(PROVIDER_ID), Accepted(PROVIDER_ID), Unknown("reset"))


@dataclass(frozen=True)
class _Story:
    """What comes in for one text, and when, among it, the provider's own answer does."""

    reported: tuple[tuple[str, MessageState | None], ...]
    result: SendResult
    answered_after: int
    names_our_id: bool

    @property
    def end(self) -> MessageState:
        """The furthest of all that was heard, though the answer and the text's name with it may be lost."""
        start = MessageState.ACCEPTED if isinstance(self.result, Accepted) else MessageState.UNKNOWN
        return max((start, *(state for _, state in self.reported if state)), key=RECEIPT_ORDER.index)


def every_order(every: int, longer: int, seed: int) -> Outcome:
    """All orders of up to ``every`` receipts with repetitions, and ``longer`` ones, drawn at random."""
    random, wrong = Random(seed), list[str]()
    with ExitStack() as beside:
        village = beside.enter_context(open_village(new_database(beside), at(MONDAY, "10:00")))
        message = _waiting(village)

        def tell(tx: Transaction) -> int:
            told = 0
            for story in _stories(random, every, longer):
                told += 1
                found = _end_of(tx, message, story)
                if found != (story.end, ENDS.get(story.end, LedgerState.QUEUED)):
                    wrong.append(f"{found} instead of {story.end} after {story}")
            return told

        told = village.store.write(tell, SYSTEM)
    return judged(
        {"orders": told, "wrong ends": len(wrong)}, {f"{len(wrong)} wrong ends: {wrong[:1]}": not wrong}
    )


def _stories(random: Random, every: int, longer: int) -> Iterator[_Story]:
    for length in range(1, every + 1):
        for reported in product(WORDS, repeat=length):
            for names_our_id in (False, True):
                yield _story(random, reported, names_our_id)
    for _ in range(longer):
        reported = tuple(random.choices(WORDS, k=random.randint(every + 1, 12)))
        yield _story(random, reported, random.random() < 0.5)


def _story(
    random: Random, reported: tuple[tuple[str, MessageState | None], ...], names_our_id: bool
) -> _Story:
    return _Story(reported, random.choice(RESULTS), random.randint(0, len(reported)), names_our_id)


def _waiting(village: Village) -> UUID:
    """A reminder of tomorrow's visit that waits in the outbox."""
    village.visit(village.woman(PHONE), MONDAY + timedelta(days=1))
    planner.put_due(village.parts)
    (message,) = village.rows(Message.id)
    return UUID(str(message.id))


def _end_of(tx: Transaction, message: UUID, story: _Story) -> tuple[MessageState, LedgerState]:
    """Play the story through, look where it ends, and take everything back."""
    savepoint = tx.connection.begin_nested()
    claimed = outbox.claim_this(tx, message)
    assert claimed
    attempt = outbox.begin(tx, claimed, "fake")
    assert attempt
    text = OutgoingText(attempt, Phone(PHONE), "")
    sending = deliver.Sending(claimed, attempt, "fake", text, MONDAY)
    for place in range(len(story.reported) + 1):
        if place == story.answered_after:
            deliver.settle(tx, sending, story.result)
        for word, state in story.reported[place : place + 1]:
            ours = attempt if story.names_our_id else None
            take_receipt(tx, "fake", ReceiptReceived(PROVIDER_ID, word, state, Phone(PHONE), attempt_id=ours))
    match_parked(tx)
    found = tx.connection.execute(
        select(Message.state, LedgerEntry.state)
        .join(LedgerEntry, LedgerEntry.message_id == Message.id)
        .where(Message.id == message)
    ).one()
    savepoint.rollback()
    return found[0], found[1]
