"""What a careful person would have written down, and would hold against the service after every step."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from config.wiring import closed_days
from service.domain.ledger import LedgerState
from service.domain.message import FINAL, RECEIPT_ORDER, MessageClass, MessageState
from service.store.models.messages import Attempt, LedgerEntry, Message
from service.store.store import Store
from tests.worker.village import MASERU

COPIES: Final = {
    MessageClass.R1: 1,
    MessageClass.R2: 2,
    MessageClass.U: 2,
    MessageClass.C: 1,
    MessageClass.A: 1,
    MessageClass.B: 1,
    MessageClass.S: 3,
}
"""The most copies of one text that a provider may ever get, however much goes wrong."""

UNASKED: Final = frozenset({MessageClass.R1, MessageClass.R2, MessageClass.B})
FIRST_HOUR, LAST_HOUR = time(9), time(17)
SUNDAY: Final = 7
HOLIDAYS: Final = closed_days("LS")
ANSWERED: Final = frozenset(RECEIPT_ORDER[RECEIPT_ORDER.index(MessageState.ACCEPTED) :])
Found = Row[*tuple[Any, ...]]


@dataclass
class Woman:
    """What she said last, and how she can be reached."""

    id: UUID
    phone: str
    consents: bool
    confirmed: bool
    stopped: bool = False


@dataclass
class Handed:
    """A text that was handed to the provider, and whether it may have taken it."""

    message: UUID
    attempt: UUID
    phone: str
    taken: bool


@dataclass
class Notebook:
    """``wrong`` is what the gateway saw that must never be; the rest is what was seen so far."""

    women: list[Woman] = field(default_factory=list)
    wrong_numbers: set[str] = field(default_factory=set)
    paused: bool = False
    handed: list[Handed] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    states: dict[UUID, MessageState] = field(default_factory=dict)
    ledger: dict[UUID, LedgerState] = field(default_factory=dict)

    def at(self, phone: str) -> list[Woman]:
        return [woman for woman in self.women if woman.phone == phone]

    def may_go(self, message: Found, phone: str, now: datetime) -> None:
        """I4: note down what leaves for somebody who must not get it."""
        text, kind = str(message.text_id), message.message_class
        answers_danger = kind is MessageClass.U and message.reply_to is not None
        woman = next((woman for woman in self.women if woman.id == message.person_id), None)
        if self.paused:
            self.wrong.append(f"{text} left while all was paused")
        if answers_danger or kind is MessageClass.S:
            return
        if phone in self.wrong_numbers and not text.startswith("wrong_no"):
            self.wrong.append(f"{text} to a wrong number")
        if woman and woman.stopped and not text.startswith("stop_ok"):
            self.wrong.append(f"{text} after a stop")
        if kind in UNASKED:
            self._unasked(text, woman, now)

    def _unasked(self, text: str, woman: Woman | None, now: datetime) -> None:
        local = now.astimezone(MASERU)
        if woman is None or not woman.consents:
            self.wrong.append(f"{text} without consent")
        if woman is not None and not woman.confirmed:
            self.wrong.append(f"{text} to a number that nobody confirmed")
        if not FIRST_HOUR <= local.time() < LAST_HOUR or local.isoweekday() == SUNDAY:
            self.wrong.append(f"{text} at {local:%A %H:%M}")
        if local.date() in HOLIDAYS:
            self.wrong.append(f"{text} on a holiday")

    def check(self, store: Store) -> None:
        """I1, I2, I3 and I8 of the database and of what the provider got; I4 as the provider saw it."""
        messages, entries, unsure = store.read(
            lambda tx: (
                tx.connection.execute(
                    select(
                        Message.id,
                        Message.state,
                        Message.message_class,
                        Message.ledger_id,
                        Message.speaks_of,
                    )
                ).all(),
                tx.connection.execute(
                    select(
                        LedgerEntry.id,
                        LedgerEntry.state,
                        LedgerEntry.message_id,
                        LedgerEntry.step,
                        LedgerEntry.subject_id,
                        LedgerEntry.occurrence,
                        LedgerEntry.reason,
                    )
                ).all(),
                set(
                    tx.connection.scalars(
                        select(Attempt.message_id).where(
                            Attempt.outcome.is_(None) | (Attempt.outcome == "unknown")
                        )
                    )
                ),
            )
        )
        assert not self.wrong, f"I4: {self.wrong}"
        self._nothing_vanishes({row.id: row.state for row in messages}, entries)
        self._copies({row.id: row.message_class for row in messages}, unsure)
        self._states_go_forward({row.id: row.state for row in messages})
        self._occurs_once(messages, entries)

    def _nothing_vanishes(self, messages: dict[UUID, MessageState], entries: Sequence[Found]) -> None:
        ledger = {row.id: row.state for row in entries}
        assert self.states.keys() <= messages.keys(), "I1: a message vanished"
        assert self.ledger.keys() <= ledger.keys(), "I1: a reminder vanished"
        for row in entries:
            if row.state is LedgerState.QUEUED:
                carried = messages.get(row.message_id)
                assert carried and carried not in FINAL, f"I1: a queued reminder rests on a text {carried}"
            if row.state is LedgerState.SUPPRESSED:
                assert row.reason, "I1: a reminder was closed without a reason"
        self.ledger = ledger

    def _copies(self, classes: dict[UUID, MessageClass], unsure: set[UUID]) -> None:
        taken = Counter(handed.message for handed in self.handed if handed.taken)
        for message, copies in taken.items():
            assert copies == 1 or message in unsure, f"I2: {copies} copies, and all of them known"
            assert copies <= COPIES[classes[message]], f"I2: {copies} copies of class {classes[message]}"

    def _states_go_forward(self, states: dict[UUID, MessageState]) -> None:
        for message, before in self.states.items():
            after = states[message]
            if before in ANSWERED:
                forward = after in ANSWERED and RECEIPT_ORDER.index(after) >= RECEIPT_ORDER.index(before)
                assert forward, f"I3: {before} became {after}"
            elif before in FINAL:
                assert after is before, f"I3: {before} became {after}"
        self.states = states

    def _occurs_once(self, messages: Sequence[Found], entries: Sequence[Found]) -> None:
        keys = Counter((row.step, row.subject_id, row.occurrence) for row in entries)
        assert not [key for key, count in keys.items() if count > 1], "I8: a reminder was planned twice"
        texts = Counter((row.ledger_id, row.speaks_of) for row in messages if row.ledger_id)
        assert not [key for key, count in texts.items() if count > 1], "I8: two texts for one reminder"
