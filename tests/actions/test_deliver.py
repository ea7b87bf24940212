"""What becomes of a text in each of the four ways in which handing it over can end."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update

from scheduler import housekeeping
from scheduler.clock import DISPATCH_EVERY
from service.actions import consent
from service.actions.deliver import APART
from service.domain.message import (
    Accepted,
    Hurdle,
    MessageClass,
    MessageState,
    Money,
    Refusal,
    Refused,
    SendResult,
    TryLater,
    Unknown,
)
from service.domain.people import SYSTEM
from service.ports import OutgoingText
from service.store import outbox
from service.store.models.messages import Attempt, Message
from service.store.models.operations import Counter
from service.store.transaction import Transaction
from tests.worker.village import MONDAY, Answering, Village, at

TEN = at(MONDAY, "10:00")
BUSY = TryLater(Hurdle.NOT_CONNECTED)


@pytest.fixture(autouse=True)
def at_ten(village: Village) -> None:
    village.clock.moment = TEN


def attempts(village: Village) -> list[tuple[str | None, str | None]]:
    rows = village.store.read(
        lambda reading: reading.connection.execute(
            select(Attempt.outcome, Attempt.provider_id).order_by(Attempt.number)
        ).all()
    )
    return [(row.outcome, row.provider_id) for row in rows]


def counted(village: Village) -> int:
    """Texts that count towards the cap of the day."""
    return sum(row.count for row in village.rows(Counter.count, Counter.name) if row.name == "texts")


def pass_time(village: Village, **time: Any) -> None:
    village.clock.moment += timedelta(**time)


def send_again_and_again(village: Village, rounds: int) -> None:
    for _ in range(rounds):
        village.dispatch()
        pass_time(village, minutes=20)


def test_an_accepted_text_keeps_the_name_that_the_provider_gave_it(village: Village) -> None:
    village.gateway.answers = [Accepted("p-1", 2, Money(Decimal("0.5"), "KES"))]
    message = village.put(person=village.woman())
    village.dispatch()
    assert village.state(message) == "accepted"
    assert attempts(village) == [("accepted", "p-1")]
    assert counted(village) == 1


def test_a_text_is_committed_as_sending_before_the_gateway_sees_it(village: Village) -> None:
    seen: list[tuple[str, str | None]] = []

    class Looking(Answering):
        def send(self, message: OutgoingText) -> SendResult:
            (row,) = village.rows(Message.state)
            (attempt,) = village.rows(Attempt.id, Attempt.outcome)
            seen.append((row.state.value, attempt.outcome))
            assert attempt.id == message.attempt_id
            return super().send(message)

    village.parts.gateways["fake"] = Looking()  # type: ignore[index]
    village.put(person=village.woman())
    village.dispatch()
    assert seen == [("sending", None)]


def test_a_refused_text_has_failed(village: Village) -> None:
    village.gateway.answers = [Refused(Refusal.NO_ROUTE)]
    message = village.put(person=village.woman())
    village.dispatch()
    assert village.state(message) == "failed"
    assert counted(village) == 0


def test_a_refusal_for_an_opt_out_is_an_opt_out(village: Village) -> None:
    woman = village.woman()
    village.gateway.answers = [Refused(Refusal.OPTED_OUT)]
    village.put(person=woman)
    village.dispatch()
    assert village.store.read(lambda reading: consent.has_stopped(reading, woman))


def test_a_number_that_does_not_exist_twice_is_checked_by_a_person(village: Village) -> None:
    village.gateway.answers = [Refused(Refusal.BAD_NUMBER)] * 2
    woman = village.woman()
    for _ in range(2):
        village.put(MessageClass.C, person=woman)
    village.dispatch()
    assert village.tasks() == ["check_number"]


def test_a_text_that_provably_did_not_leave_waits_longer_each_time_and_then_fails(village: Village) -> None:
    village.gateway.answers.extend([BUSY] * 10)
    message = village.put(person=village.woman())
    waits: list[float] = []
    while village.state(message) == "queued" or not waits:
        village.dispatch()
        (row,) = village.rows(Message.next_attempt_at)
        waits.append((row.next_attempt_at - village.clock.moment).total_seconds())
        pass_time(village, minutes=40)
    assert village.state(message) == "failed"
    assert len(village.gateway.sent) == 5
    for wait, least in zip(waits[:4], (30, 60, 120, 240), strict=True):
        assert least <= wait <= least * 1.25
    assert counted(village) == 0


def test_a_provider_that_asks_for_time_gets_it(village: Village) -> None:
    village.gateway.answers = [TryLater(Hurdle.BUSY, timedelta(minutes=7))]
    village.put(person=village.woman())
    village.dispatch()
    (row,) = village.rows(Message.next_attempt_at)
    assert row.next_attempt_at == TEN + timedelta(minutes=7)


def test_a_day_without_credit_uses_up_neither_the_tries_nor_the_cap(village: Village) -> None:
    broke = TryLater(Hurdle.NO_CREDIT, word="InsufficientBalance")
    village.gateway.answers = [*[broke] * 8, BUSY]
    message = village.put(person=village.woman())
    send_again_and_again(village, 10)
    assert village.state(message) == "accepted"
    assert counted(village) == 1


def test_a_gateway_that_raises_may_have_sent(village: Village) -> None:
    class Broken(Answering):
        def send(self, message: OutgoingText) -> SendResult:
            raise ValueError("a mistake in the module")

    village.parts.gateways["fake"] = Broken()  # type: ignore[index]
    message = village.put(person=village.woman())
    village.dispatch()
    assert village.state(message) == "unknown"


# --- of which nobody knows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message_class", "copies", "minutes"),
    [("R1", 1, 0), ("A", 1, 0), ("B", 1, 0), ("C", 1, 0), ("R2", 2, 15), ("U", 2, 5), ("S", 3, 5)],
)
def test_an_unknown_text_is_sent_again_as_its_class_allows(
    village: Village, message_class: str, copies: int, minutes: int
) -> None:
    village.gateway.answers = [Unknown("no answer")] * 9
    message = village.put(MessageClass(message_class), person=village.woman())
    village.dispatch()
    first = village.clock.moment
    for _ in range(80):
        housekeeping.resolve_unknown(village.parts)
        sent = len(village.gateway.sent)
        village.dispatch()
        if len(village.gateway.sent) == 2 > sent:
            assert village.clock.moment - first == timedelta(minutes=minutes)
        pass_time(village, minutes=1)
    assert len(village.gateway.sent) == copies
    assert village.state(message) == "unknown"


def test_an_urgent_text_of_which_nothing_is_heard_becomes_a_task_within_a_quarter_of_an_hour(
    village: Village,
) -> None:
    village.gateway.answers = [Unknown("no answer")] * 2
    village.put(MessageClass.U, person=village.woman())
    for _ in range(15):
        housekeeping.resolve_unknown(village.parts)
        village.dispatch()
        pass_time(village, minutes=1)
    assert village.tasks() == ["not_delivered"]


def test_a_second_copy_goes_only_while_it_is_of_use(village: Village) -> None:
    village.gateway.answers = [Unknown("no answer")]
    village.put(person=village.woman(), not_after=TEN + timedelta(minutes=10))
    send_again_and_again(village, 1)
    housekeeping.resolve_unknown(village.parts)
    send_again_and_again(village, 2)
    assert len(village.gateway.sent) == 1


def test_a_text_whose_worker_was_lost_is_unknown(village: Village) -> None:
    message = village.put(MessageClass.R1, person=village.woman())
    village.dispatch()
    village.store.write(
        lambda tx: tx.connection.execute(update(Message).values(state=MessageState.SENDING, lease_until=1.0)),
        SYSTEM,
    )
    assert housekeeping.recover(village.parts) == 1
    assert village.state(message) == "unknown"


def lose_a_worker(village: Village) -> None:
    """With whatever waits in its hands, before it begins to send."""

    def claim_and_lapse(tx: Transaction) -> None:
        outbox.claim(tx, 8)
        tx.connection.execute(update(Message).where(Message.lease_until.is_not(None)).values(lease_until=1.0))

    village.store.write(claim_and_lapse, SYSTEM)
    housekeeping.recover(village.parts)


def test_what_a_lost_worker_had_in_hand_leaves_within_seconds(village: Village) -> None:
    messages = [village.put(MessageClass.C, phone=f"+2665810010{number}") for number in range(4)]
    lose_a_worker(village)
    again = sorted(row.next_attempt_at for row in village.rows(Message.next_attempt_at))
    assert all(later - sooner > timedelta(seconds=DISPATCH_EVERY) for sooner, later in pairwise(again))
    pass_time(village, seconds=4 * APART.seconds)
    village.dispatch()
    assert [village.state(message) for message in messages] == ["accepted"] * 4


def test_a_text_with_which_three_workers_were_lost_is_left_to_a_person(village: Village) -> None:
    message = village.put(MessageClass.C)
    for _ in range(3):
        lose_a_worker(village)
        pass_time(village, seconds=5)
    village.dispatch()
    assert (village.state(message), village.tasks(), village.gateway.sent) == ("failed", ["incident"], [])
