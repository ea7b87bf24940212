"""The life of a text, its lanes and what may be done about a lost one."""

from datetime import timedelta
from itertools import permutations
from random import Random

import pytest

from service.domain.message import (
    FINAL,
    LANES,
    RECEIPT_ORDER,
    UNKNOWN_POLICY,
    MessageClass,
    MessageState,
    fold,
)

S = MessageState


@pytest.mark.parametrize(
    ("state", "reported", "after"),
    [
        (S.SENDING, S.ACCEPTED, S.ACCEPTED),
        (S.UNKNOWN, S.ACCEPTED, S.ACCEPTED),
        (S.ACCEPTED, S.SENT, S.SENT),
        (S.SENT, S.BUFFERED, S.BUFFERED),
        (S.BUFFERED, S.SENT, S.BUFFERED),
        (S.EXPIRED, S.DELIVERED, S.DELIVERED),
        (S.DELIVERED, S.UNDELIVERED, S.DELIVERED),
        (S.DELIVERED, S.DELIVERED, S.DELIVERED),
        (S.ACCEPTED, S.UNKNOWN, S.ACCEPTED),
    ],
)
def test_a_receipt_moves_a_message_only_forward(state: S, reported: S, after: S) -> None:
    assert fold(state, reported) is after


@pytest.mark.parametrize("state", sorted(set(S) - set(RECEIPT_ORDER)))
def test_a_message_that_never_left_is_moved_by_no_receipt(state: S) -> None:
    assert fold(state, S.DELIVERED) is state


@pytest.mark.parametrize("word", sorted(set(S) - set(RECEIPT_ORDER)))
def test_a_receipt_cannot_bring_a_message_back_to_us(word: S) -> None:
    assert fold(S.SENT, word) is S.SENT


def _folded(state: S, *reported: S) -> S:
    for word in reported:
        state = fold(state, word)
    return state


def test_receipts_mean_the_same_in_any_order_and_however_often_they_come() -> None:
    words = (S.ACCEPTED, S.SENT, S.BUFFERED, S.UNDELIVERED)
    assert {_folded(S.SENDING, *order) for order in permutations(words)} == {S.UNDELIVERED}
    repeated = list(words * 3)
    Random(7).shuffle(repeated)
    assert _folded(S.SENDING, *repeated) is S.UNDELIVERED


def test_every_class_has_a_lane_and_a_policy() -> None:
    assert set(LANES) == set(UNKNOWN_POLICY) == set(MessageClass)


def test_danger_goes_first_and_broadcasts_go_last() -> None:
    assert sorted(LANES, key=LANES.__getitem__)[0] is MessageClass.U
    assert sorted(LANES, key=LANES.__getitem__)[-1] is MessageClass.B


@pytest.mark.parametrize("never", ["R1", "A", "B", "C"])
def test_a_text_that_may_have_gone_is_not_sent_twice(never: str) -> None:
    assert UNKNOWN_POLICY[MessageClass(never)].resends == 0


@pytest.mark.parametrize(("once", "minutes"), [("R2", 15), ("U", 5)])
def test_what_matters_is_sent_once_more_after_a_while_without_evidence(once: str, minutes: int) -> None:
    policy = UNKNOWN_POLICY[MessageClass(once)]
    assert (policy.resends, policy.after) == (1, timedelta(minutes=minutes))


def test_a_final_state_is_none_that_may_still_change_by_our_own_doing() -> None:
    assert not FINAL & {S.QUEUED, S.CLAIMED, S.SENDING, S.HELD, S.UNKNOWN}
