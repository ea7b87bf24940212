"""What is new in a request, whatever the network does with it."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from service.menu.history import (
    Accepted,
    Diverged,
    Fresh,
    Mac,
    NewInput,
    Reading,
    Repeat,
    read_cumulative,
    read_last,
)

TYPED = st.text(alphabet="0129*a ", max_size=6)


def mac(text: str) -> bytes:
    return hmac.digest(b"a key of the tests", text.encode("utf-8", "surrogatepass"), "sha256")


def heard(text: str) -> Accepted:
    return Accepted(len(text), mac(text))


def news(before: str, text: str) -> object:
    return read_cumulative(heard(before), text, mac).news


def test_an_empty_text_begins_a_session() -> None:
    assert read_cumulative(None, "", mac) == Reading(Fresh(), heard(""))


def test_a_dial_string_may_hold_answers() -> None:
    assert read_cumulative(None, "3*1", mac) == Reading(Fresh(("3", "1")), heard("3*1"))


def test_the_first_answer_has_no_star_before_it() -> None:
    assert news("", "1") == NewInput("1")


def test_a_later_answer_follows_a_star() -> None:
    assert read_cumulative(heard("1"), "1*2", mac) == Reading(NewInput("2"), heard("1*2"))


def test_the_same_text_is_a_repeat() -> None:
    assert read_cumulative(heard("1*2"), "1*2", mac) == Reading(Repeat(), heard("1*2"))


def test_the_same_answer_given_again_is_no_repeat() -> None:
    assert news("1", "1*1") == NewInput("1")


def test_a_star_inside_an_answer_belongs_to_the_answer() -> None:
    assert news("1", "1*a*b") == NewInput("a*b")
    assert news("1", "1**") == NewInput("*")


def test_an_answer_may_be_empty() -> None:
    assert news("1", "1*") == NewInput("")


def test_an_empty_first_answer_leaves_a_star_behind() -> None:
    assert news("", "*1") == NewInput("1")
    assert news("", "*") == NewInput("")


def test_an_old_request_that_comes_late_changes_nothing() -> None:
    assert read_cumulative(heard("1*2"), "1", mac) == Reading(Diverged(), heard("1*2"))
    assert read_cumulative(heard("1*2"), "", mac) == Reading(Diverged(), heard("1*2"))


def test_another_history_of_the_same_length_is_taken_as_the_new_one() -> None:
    assert read_cumulative(heard("1*2"), "1*3", mac) == Reading(Diverged(), heard("1*3"))


def test_a_longer_text_without_a_star_between_has_diverged() -> None:
    assert read_cumulative(heard("1"), "12", mac) == Reading(Diverged(), heard("12"))


def test_after_a_divergence_the_next_answer_is_understood() -> None:
    diverged = read_cumulative(heard("1*2"), "2*2", mac)
    assert read_cumulative(diverged.accepted, "2*2*1", mac).news == NewInput("1")


def test_nothing_that_was_typed_is_remembered() -> None:
    reading = read_cumulative(heard("1"), "1*4711", mac)
    assert "4711" not in repr(reading.accepted)


@given(st.lists(TYPED, min_size=1))
def test_every_answer_arrives_as_it_was_typed_whatever_stars_it_holds(answers: list[str]) -> None:
    """After a first answer, which alone is ambiguous when it begins with a star or is empty."""
    text, accepted = "1", read_cumulative(heard(""), "1", mac).accepted
    for answer in answers:
        text = f"{text}*{answer}"
        reading = read_cumulative(accepted, text, mac)
        assert reading.news == NewInput(answer)
        accepted = reading.accepted
        assert read_cumulative(accepted, text, mac) == Reading(Repeat(), accepted)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_can_be_compared(before: str, text: str) -> None:
    assert read_cumulative(heard(before), text, mac).accepted in (heard(before), heard(text))


# --- the dialect with the last input only ----------------------------------------------------------------


def last(accepted: Accepted | None, text: str | None, turn: str | None, mac: Mac = mac) -> Reading:
    return read_last(accepted, text, turn, mac)


def test_a_session_begins_without_an_input() -> None:
    assert last(None, None, None).news == Fresh()


def test_a_dial_string_may_hold_answers_in_this_dialect_too() -> None:
    assert last(None, "3*1", "0").news == Fresh(("3", "1"))


def test_an_input_counts_as_it_stands() -> None:
    begun = last(None, None, "0").accepted
    assert last(begun, "1*2", "1").news == NewInput("1*2")


def test_the_number_of_a_turn_tells_a_repeat() -> None:
    begun = last(None, None, "0").accepted
    answered = last(begun, "1", "1")
    assert last(answered.accepted, "1", "1") == Reading(Repeat(), answered.accepted)
    assert last(answered.accepted, "1", "2").news == NewInput("1")


def test_without_numbers_the_same_answer_counts_again() -> None:
    begun = last(None, None, None).accepted
    answered = last(begun, "1", None).accepted
    assert last(answered, "1", None).news == NewInput("1")


def test_a_start_that_is_sent_twice_is_a_repeat() -> None:
    begun = last(None, None, None).accepted
    assert last(begun, None, None) == Reading(Repeat(), begun)


def test_a_start_in_the_middle_changes_nothing() -> None:
    begun = last(None, None, None).accepted
    answered = last(begun, "1", None).accepted
    assert last(answered, None, None) == Reading(Diverged(), answered)
