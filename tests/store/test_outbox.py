"""The queue of texts: each is put once, held by one worker, begun under its fence, and ends once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from service.domain.message import Address, MessageClass, MessageState, Money, Words
from service.domain.people import SYSTEM, Wording
from service.domain.phone import Phone
from service.store import outbox
from service.store.models.messages import Attempt, Message
from service.store.models.people import PhoneNumber
from service.store.store import Store
from service.store.transaction import Transaction
from tests.worker.village import MONDAY, HandClock, at

TEN = at(MONDAY, "10:00")
WORDS = Words("weekly", "1", "en", Wording.T0, "Hello Thato, how are you?", 1)
PHONE = Phone("+26658100001")


@pytest.fixture
def queue(store: Store) -> Iterator["Queue"]:
    yield Queue(store)


class Queue:
    """The outbox with one phone to which everything goes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._keys = count(1)
        self._phone = uuid4()
        store.write(self._add_phone, SYSTEM)

    def _add_phone(self, tx: Transaction) -> None:
        tx.add(
            PhoneNumber,
            id=self._phone,
            number=tx.vault.seal(PhoneNumber.number, self._phone, PHONE.e164),
            number_index=tx.vault.index("phone", PHONE.e164),
            index_key=tx.vault.ring.newest.id,
            failures=0,
            created_at=tx.now,
        )

    def put(
        self, message_class: MessageClass = MessageClass.R2, key: str | None = None, **given: Any
    ) -> UUID | None:
        new = outbox.NewMessage(
            Address(None, self._phone, PHONE), WORDS, message_class, TEN, TEN + timedelta(hours=6)
        )
        return self.store.write(
            lambda tx: outbox.put(tx, replace(new, **given), key or f"key-{next(self._keys)}"), SYSTEM
        )

    def claim(self, most: int = 8) -> tuple[outbox.Claimed, ...]:
        return self.store.write(lambda tx: outbox.claim(tx, most), SYSTEM)

    def claim_one(self) -> outbox.Claimed:
        (claimed,) = self.claim()
        return claimed

    def begin(self, claimed: outbox.Claimed) -> UUID | None:
        return self.store.write(lambda tx: outbox.begin(tx, claimed, "fake"), SYSTEM)

    def lapse(self) -> None:
        """Let every lease be over."""
        self.store.write(lambda tx: tx.connection.execute(update(Message).values(lease_until=1.0)), SYSTEM)

    def recover(self) -> tuple[UUID, ...]:
        """Free what lost workers held; what is unknown by it."""

        def free(tx: Transaction) -> tuple[UUID, ...]:
            for claimed in outbox.lapsed(tx):
                outbox.requeue(tx, claimed, tx.now, "worker_lost")
            return outbox.expire_sending(tx)

        return self.store.write(free, SYSTEM)

    def one(self, message: UUID | None = None) -> Any:
        query = select(Message.__table__)
        if message:
            query = query.where(Message.id == message)
        return self.store.read(lambda reading: reading.connection.execute(query).one())

    def states(self) -> list[MessageState]:
        return sorted(
            self.store.read(lambda reading: reading.connection.scalars(select(Message.state)).all())
        )


def test_a_text_is_put_once_for_its_key(queue: Queue) -> None:
    assert queue.put(key="visit 1")
    assert queue.put(key="visit 1") is None
    assert queue.states() == [MessageState.QUEUED]


def test_two_who_put_the_same_at_once_put_it_once(queue: Queue) -> None:
    with ThreadPoolExecutor(4) as threads:
        put = list(threads.map(lambda _: queue.put(key="visit 1"), range(12)))
    assert len([message for message in put if message]) == 1
    assert queue.states() == [MessageState.QUEUED]


def test_the_urgent_lane_goes_first_and_within_it_the_oldest(queue: Queue) -> None:
    later, tips = queue.put(not_before=TEN), queue.put(MessageClass.B)
    older = queue.put(not_before=TEN - timedelta(minutes=1))
    answer, danger = queue.put(MessageClass.A), queue.put(MessageClass.U)
    assert [claimed.id for claimed in queue.claim()] == [danger, answer, older, later, tips]


def test_no_more_are_claimed_than_asked_for(queue: Queue) -> None:
    for _ in range(5):
        queue.put()
    assert len(queue.claim(3)) == 3
    assert len(queue.claim(3)) == 2
    assert queue.claim(3) == ()


def test_nothing_is_claimed_before_its_time(queue: Queue, clock: HandClock) -> None:
    queue.put(not_before=TEN + timedelta(minutes=1))
    assert queue.claim() == ()
    clock.moment = TEN + timedelta(minutes=1)
    assert len(queue.claim()) == 1


def test_two_workers_never_claim_the_same(queue: Queue) -> None:
    put = {queue.put() for _ in range(60)}

    def work(_: int) -> list[UUID]:
        mine: list[UUID] = []
        while claimed := queue.claim(3):
            mine += [each.id for each in claimed]
        return mine

    with ThreadPoolExecutor(4) as threads:
        taken = [message for mine in threads.map(work, range(4)) for message in mine]
    assert len(taken) == 60
    assert set(taken) == put


def test_one_message_can_be_claimed_out_of_turn(queue: Queue) -> None:
    queue.put()
    wanted = queue.put(MessageClass.B)
    assert wanted
    claimed = queue.store.write(lambda tx: outbox.claim_this(tx, wanted), SYSTEM)
    assert claimed
    assert claimed.id == wanted
    assert queue.store.write(lambda tx: outbox.claim_this(tx, wanted), SYSTEM) is None


# --- the fence ------------------------------------------------------------------------------------------


def test_beginning_writes_the_attempt_and_moves_the_message_together(queue: Queue) -> None:
    queue.put()
    attempt = queue.begin(queue.claim_one())
    message = queue.one()
    assert (message.state, message.attempts, message.sent_at) == (MessageState.SENDING, 1, TEN)
    written = queue.store.read(
        lambda reading: reading.connection.execute(
            select(Attempt.id, Attempt.number, Attempt.gateway, Attempt.outcome)
        ).one()
    )
    assert tuple(written) == (attempt, 1, "fake", None)


def test_a_message_is_begun_once(queue: Queue) -> None:
    queue.put()
    claimed = queue.claim_one()
    assert queue.begin(claimed)
    assert queue.begin(claimed) is None


def test_a_worker_whose_lease_lapsed_cannot_begin(queue: Queue) -> None:
    queue.put()
    claimed = queue.claim_one()
    queue.lapse()
    assert queue.begin(claimed) is None
    assert queue.states() == [MessageState.CLAIMED]


def test_a_worker_that_slept_cannot_begin_what_another_has_claimed_since(queue: Queue) -> None:
    queue.put()
    asleep = queue.claim_one()
    queue.lapse()
    queue.recover()
    awake = queue.claim_one()
    assert queue.begin(asleep) is None
    assert queue.begin(awake)


@pytest.mark.parametrize("begun", [False, True])
def test_a_worker_that_slept_changes_nothing_about_what_another_holds(queue: Queue, begun: bool) -> None:
    queue.put()
    asleep = queue.claim_one()
    queue.lapse()
    queue.recover()
    awake = queue.claim_one()
    if begun:
        queue.begin(awake)
    before = queue.states()

    def meddle(tx: Transaction) -> list[bool]:
        return [
            outbox.requeue(tx, asleep, tx.now, "again"),
            outbox.end(tx, asleep, MessageState.CANCELLED, "done"),
            outbox.count_stumble(tx, asleep) is not None,
        ]

    assert queue.store.write(meddle, SYSTEM) == [False, False, False]
    assert queue.states() == before


def test_a_lost_worker_frees_what_it_held_and_nobody_knows_what_it_sent(queue: Queue) -> None:
    held, sent = queue.put(), queue.put()
    for claimed in queue.claim():
        if claimed.id == sent:
            queue.begin(claimed)
    assert queue.recover() == ()
    queue.lapse()
    assert queue.recover() == (sent,)
    assert queue.one(held).state is MessageState.QUEUED
    assert (queue.one(sent).state, queue.one(sent).reason) == (MessageState.UNKNOWN, "worker_lost")


# --- the ends -------------------------------------------------------------------------------------------


def test_a_message_that_is_given_back_waits_until_it_is_told(queue: Queue, clock: HandClock) -> None:
    queue.put()
    claimed, later = queue.claim_one(), TEN + timedelta(minutes=5)
    assert queue.store.write(lambda tx: outbox.requeue(tx, claimed, later, "outside_hours"), SYSTEM)
    assert queue.claim() == ()
    clock.moment = later
    assert queue.claim_one().fence == claimed.fence + 1


def test_acceptance_keeps_what_the_provider_said_of_parts_and_cost(queue: Queue) -> None:
    message = queue.put()
    assert message
    queue.begin(queue.claim_one())
    cost = Money(Decimal("0.8"), "KES")
    assert queue.store.write(lambda tx: outbox.accept(tx, message, 2, cost), SYSTEM)
    kept = queue.one()
    assert (kept.state, kept.parts, kept.cost_micros, kept.cost_currency) == (
        MessageState.ACCEPTED,
        2,
        800_000,
        "KES",
    )


def test_acceptance_takes_back_a_second_copy_that_still_waits(queue: Queue) -> None:
    message = queue.put()
    assert message
    queue.begin(queue.claim_one())
    queue.lapse()
    queue.recover()
    assert queue.store.write(lambda tx: outbox.resend(tx, message), SYSTEM)
    second = queue.claim_one()
    assert queue.store.write(lambda tx: outbox.accept(tx, message, None, None), SYSTEM)
    assert queue.begin(second) is None


def test_only_an_unknown_message_is_sent_again(queue: Queue) -> None:
    message = queue.put()
    assert message
    assert not queue.store.write(lambda tx: outbox.resend(tx, message), SYSTEM)
    queue.begin(queue.claim_one())
    assert not queue.store.write(lambda tx: outbox.resend(tx, message), SYSTEM)
    assert queue.states() == [MessageState.SENDING]


def test_what_has_begun_to_leave_cannot_be_cancelled(queue: Queue) -> None:
    waiting, sending = queue.put(), queue.put()
    for claimed in queue.claim():
        if claimed.id == sending:
            queue.begin(claimed)
    every = Message.id.is_not(None)
    cancelled = queue.store.write(lambda tx: outbox.cancel_waiting(tx, every, "stopped"), SYSTEM)
    assert cancelled == (waiting,)
    assert (queue.one(waiting).state, queue.one(waiting).final_at) == (MessageState.CANCELLED, TEN)
    assert queue.one(sending).state is MessageState.SENDING


def test_a_message_does_not_show_its_text(queue: Queue) -> None:
    shown = repr(outbox.NewMessage(Address(None, uuid4(), PHONE), WORDS, MessageClass.A, TEN, TEN))
    assert "Thato" not in shown
    assert PHONE.e164 not in shown
