"""Receipts in any order, repeated, early, late or strange, say in the end one thing."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import sms
from scheduler import housekeeping
from service.actions import deliver
from service.domain.message import RECEIPT_ORDER, Accepted, MessageClass, MessageState, SendResult, Unknown
from service.domain.people import SYSTEM
from service.domain.phone import Phone
from service.ports import OutgoingText, ReceiptReceived
from service.store import outbox
from service.store.models.messages import Message, Receipt
from service.store.models.operations import Counter
from tests.actions.reporting import HER_PHONE, REPORTED, TEN, names, reported, sent
from tests.worker.village import Answering, Village


@pytest.fixture(autouse=True)
def at_ten(village: Village) -> None:
    village.clock.moment = TEN


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.sampled_from(REPORTED), max_size=4),
    after=st.lists(st.sampled_from(REPORTED), max_size=4),
)
def test_whatever_the_order_the_last_word_is_the_furthest(
    village: Village, before: list[MessageState], after: list[MessageState]
) -> None:
    """``before`` come while the provider's own answer is still on its way."""
    name = f"p-{next(names)}"

    class Overtaken(Answering):
        def send(self, message: OutgoingText) -> SendResult:
            for state in before:
                reported(village, name, state)
            return Accepted(name)

    village.parts.gateways["fake"] = Overtaken()  # type: ignore[index]
    message = village.put(MessageClass.C)
    village.dispatch()
    for state in after:
        reported(village, name, state)
    expected = max([MessageState.ACCEPTED, *before, *after], key=RECEIPT_ORDER.index)
    assert village.state(message) == expected


def test_every_order_of_three_receipts_ends_the_same(village: Village) -> None:
    words = (MessageState.SENT, MessageState.UNDELIVERED, MessageState.DELIVERED)
    for order in permutations(words):
        name = f"p-{next(names)}"
        message = sent(village, Accepted(name))
        for state in order:
            reported(village, name, state)
            reported(village, name, state)
        assert village.state(message) == "delivered"


def test_a_repeated_receipt_is_one_row(village: Village) -> None:
    sent(village, Accepted("p"))
    for _ in range(3):
        reported(village, "p", MessageState.DELIVERED)
    assert len(village.rows(Receipt.id)) == 1


def test_a_receipt_thatnames_another_number_changes_nothing(village: Village) -> None:
    message = sent(village, Accepted("p"))
    reported(village, "p", MessageState.DELIVERED, phone="+26658100009")
    assert village.state(message) == "accepted"
    assert len(village.rows(Receipt.id)) == 1


def test_nor_does_it_when_it_comes_before_the_answer(village: Village) -> None:
    reported(village, "p", MessageState.DELIVERED, phone="+26658100009")
    message = sent(village, Accepted("p"))
    housekeeping.resolve_unknown(village.parts)
    assert village.state(message) == "accepted"


def test_nor_does_it_keep_the_true_one_out(village: Village) -> None:
    message = sent(village, Accepted("p"))
    reported(village, "p", MessageState.DELIVERED, phone="+26658100009")
    reported(village, "p", MessageState.DELIVERED)
    assert village.state(message) == "delivered"


def test_a_receipt_without_a_number_is_believed_by_its_name(village: Village) -> None:
    message = sent(village, Accepted("p"))
    reported(village, "p", MessageState.DELIVERED, phone=None)
    assert village.state(message) == "delivered"


def test_a_receipt_for_nothing_we_sent_is_kept_for_a_while_and_changes_nothing(village: Village) -> None:
    message = sent(village, Accepted("p"))
    reported(village, "someone-elses", MessageState.DELIVERED)
    assert village.state(message) == "accepted"
    village.clock.moment += timedelta(hours=73)
    housekeeping.forget(village.parts)
    assert village.rows(Receipt.id) == []


def test_a_word_that_nobody_knows_is_stored_counted_and_moves_nothing(village: Village) -> None:
    message = sent(village, Accepted("p"))
    reported(village, "p", None, word="Teleported")
    assert village.state(message) == "accepted"
    assert [row.word for row in village.rows(Receipt.word)] == ["Teleported"]
    assert "unknown_receipt:fake" in [row.name for row in village.rows(Counter.name)]


def test_a_receipt_of_another_gateway_is_not_ours(village: Village) -> None:
    message = sent(village, Accepted("p"))
    receipt = ReceiptReceived("p", "w", MessageState.DELIVERED, Phone(HER_PHONE))
    sms.take(village.parts, "other", receipt)
    assert village.state(message) == "accepted"


def test_a_receipt_thatnames_our_own_attempt_is_applied(village: Village) -> None:
    message = sent(village, Unknown("no answer"))
    attempt = village.gateway.sent[0].attempt_id
    reported(village, "never-heard", MessageState.DELIVERED, attempt_id=attempt)
    assert village.state(message) == "delivered"


# --- a text of which nobody knew whether it left --------------------------------------------------------


def test_a_late_receipt_tells_what_became_of_an_unknown_text(village: Village) -> None:
    message = sent(village, Unknown("no answer"))
    reported(village, "p", MessageState.SENT)
    reported(village, "p", MessageState.DELIVERED)
    assert village.state(message) == "delivered"


def test_a_receipt_that_overtook_a_lost_answer_counts_as_evidence(village: Village) -> None:
    class Overtaken(Answering):
        def send(self, message: OutgoingText) -> SendResult:
            reported(village, "p", MessageState.DELIVERED)
            return Unknown("no answer")

    village.parts.gateways["fake"] = Overtaken()  # type: ignore[index]
    message = village.put(MessageClass.U, person=village.woman())
    village.dispatch()
    assert village.state(message) == "unknown"
    village.clock.moment += timedelta(minutes=6)
    housekeeping.resolve_unknown(village.parts)
    assert village.state(message) == "delivered"


def test_evidence_for_the_first_copy_takes_back_the_second(village: Village) -> None:
    village.woman()
    message = sent(village, Unknown("no answer"), MessageClass.S)
    village.clock.moment += timedelta(minutes=6)
    assert housekeeping.resolve_unknown(village.parts) == 1
    reported(village, "p", MessageState.SENT)
    village.dispatch()
    assert village.state(message) == "sent"
    assert len(village.gateway.sent) == 1


def test_a_receipt_is_not_guessed_to_be_for_one_of_two_unknown_texts(village: Village) -> None:
    first, second = sent(village, Unknown("no answer")), sent(village, Unknown("no answer"))
    reported(village, "p", MessageState.DELIVERED)
    assert (village.state(first), village.state(second)) == ("unknown", "unknown")


def test_a_receipt_is_not_taken_from_a_text_that_is_under_way(village: Village) -> None:
    lost = sent(village, Unknown("no answer"))

    class Overtaken(Answering):
        def send(self, message: OutgoingText) -> SendResult:
            reported(village, "p-2", MessageState.DELIVERED)
            return Accepted("p-2")

    village.parts.gateways["fake"] = Overtaken()  # type: ignore[index]
    second = village.put(MessageClass.C)
    village.dispatch()
    assert (village.state(lost), village.state(second)) == ("unknown", "delivered")


def test_a_receipt_that_was_stored_while_its_text_was_settled_is_found_later(village: Village) -> None:
    """Each of the two transactions looked before the other one committed."""
    message = sent(village, Accepted("p"))

    def store_unseen(tx: Any) -> None:
        tx.add(
            Receipt,
            gateway="fake",
            provider_id="p",
            word="w",
            reason="",
            state=MessageState.DELIVERED,
            phone_index=tx.vault.index("phone", HER_PHONE),
            recorded_at=tx.now,
        )

    village.store.write(store_unseen, SYSTEM)
    housekeeping.resolve_unknown(village.parts)
    assert village.state(message) == "delivered"


def test_an_answer_that_comes_after_the_receipt_still_tells_parts(village: Village) -> None:
    village.put(MessageClass.C)
    (claimed,) = village.store.write(lambda tx: outbox.claim(tx, 8), SYSTEM)
    programme = village.parts.programme
    sending = village.store.write(lambda tx: deliver.begin(tx, programme, claimed, "fake"), SYSTEM)
    assert sending
    reported(village, "p", MessageState.DELIVERED, attempt_id=sending.attempt_id)
    village.store.write(lambda tx: deliver.settle(tx, sending, Accepted("p", 3)), SYSTEM)
    (row,) = village.rows(Message.state, Message.parts)
    assert (row.state, row.parts) == (MessageState.DELIVERED, 3)
