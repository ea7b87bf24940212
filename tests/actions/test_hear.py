"""What people can say by text in words, and what becomes of everything else."""

from datetime import timedelta
from itertools import pairwise

import pytest

from handlers import sms
from service.actions import hear
from service.domain.message import MessageState
from service.domain.people import OPERATOR
from service.domain.phone import Phone
from service.ports import OptOutReceived, TextReceived
from service.store.models.care import Contact
from service.store.models.messages import Inbound, Message
from tests.actions.talk import HERS, STRANGERS, later, notes, say, suspended, texts_stop
from tests.worker.village import Village

STOPS = ["STOP", "StopAll", "unsubscribe", "REVOKE", "optout", "EMISA", "emisa.", "Stop. Thank you", "«stop»"]


@pytest.mark.parametrize("word", STOPS)
def test_the_words_of_the_stop_family_stop_at_once(village: Village, word: str) -> None:
    woman = village.woman(HERS)
    (answer,) = say(village, word)
    assert answer.startswith("You will get no more messages from us.")
    assert texts_stop(village, woman)
    assert village.tasks() == []


@pytest.mark.parametrize("word", ["CANCEL", "End", "quit"])
def test_a_word_that_may_mean_the_date_stops_and_asks_a_person(village: Village, word: str) -> None:
    woman = village.woman(HERS)
    say(village, word)
    assert texts_stop(village, woman)
    assert village.tasks() == ["meant_date"]


@pytest.mark.parametrize("text", ["Stop. I lost the baby", "Emisa! ke lahlehetsoe ke ngoana"])
def test_what_is_said_beside_a_stop_is_read_by_a_person(village: Village, text: str) -> None:
    woman = village.woman(HERS)
    (answer,) = say(village, text)
    assert answer.startswith("You will get no more messages from us.")
    assert texts_stop(village, woman)
    assert (village.tasks(), notes(village)) == (["read_message"], [text])


def test_a_stop_beside_a_word_of_danger_is_heeded_and_danger_answered(village: Village) -> None:
    woman = village.woman(HERS)
    (answer,) = say(village, "STOP. I am bleeding")
    assert "nearest health centre NOW" in answer
    assert texts_stop(village, woman)
    assert village.tasks() == ["danger"]


def test_whoever_calls_reads_what_was_said_beside_the_digit(village: Village) -> None:
    village.woman(HERS)
    say(village, "3, it is about Friday")
    say(village, "3")
    assert (village.tasks(), notes(village)) == (["call_me"], ["3, it is about Friday"])


def test_whoever_has_stopped_is_not_texted_again_to_be_told_so(village: Village) -> None:
    village.woman(HERS)
    say(village, "STOP")
    later(village)
    assert say(village, "STOP") == []


def test_a_stop_is_for_everybody_at_the_number(village: Village) -> None:
    women = [village.woman(HERS, name) for name in ("Thato", "Lerato")]
    assert len(say(village, "STOP")) == 1
    assert all(texts_stop(village, woman) for woman in women)


@pytest.mark.parametrize("word", ["START", "Qala"])
def test_start_begins_again(village: Village, word: str) -> None:
    woman = village.woman(HERS)
    say(village, "STOP")
    later(village)
    (answer,) = say(village, word)
    assert answer.startswith("Welcome back Thato.")
    assert not texts_stop(village, woman)


@pytest.mark.parametrize("word", ["HELP", "Thuso"])
def test_help_is_answered_and_opens_a_task(village: Village, word: str) -> None:
    village.woman(HERS)
    (answer,) = say(village, word)
    assert "3: call me" in answer
    assert village.tasks() == ["help_asked"]


def test_wrong_in_words_is_a_wrong_number(village: Village) -> None:
    village.woman(HERS)
    say(village, "Who is this?")
    assert suspended(village)


def test_a_yes_confirms_a_number_that_was_typed_by_somebody_else(village: Village) -> None:
    village.woman(HERS, phone_confirmed=False)
    say(village, "Yes")
    assert village.links()[0].confirmed_at == village.clock.moment


# --- everything else --------------------------------------------------------------------------------------


def test_what_nobody_can_read_by_rule_goes_to_a_person_with_one_polite_answer_a_day(village: Village) -> None:
    village.woman(HERS)
    first = say(village, "My sister went to Maseru")
    assert first == [
        "Thank you. Your team will read your message. Reply 1: I am well, 2: I need help, 3: call me."
    ]
    later(village, hours=3)
    assert say(village, "And she took the bus") == []
    later(village, days=1)
    assert len(say(village, "She is back")) == 1
    assert sorted(notes(village)) == ["And she took the bus", "My sister went to Maseru", "She is back"]
    assert village.tasks() == ["read_message"] * 3


ODD = ("", "   ", "?", "\u200b", "😀", "x" * 20_000, "1" * 20_000, "DROP TABLE;--")


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_from_a_readable_sender_is_stored_and_shown_to_a_person(village: Village, text: str) -> None:
    village.woman(HERS)
    say(village, text)
    assert village.tasks() == ["read_message"]
    assert len(village.rows(Inbound.id)) == 1


def test_a_text_that_the_network_repeats_is_one_text(village: Village) -> None:
    village.woman(HERS)
    received = TextReceived("same-id", HERS, Phone(HERS), "3", None)
    for _ in range(3):
        sms.take(village.parts, "fake", received)
    village.dispatch()
    assert len(village.gateway.sent) == 1
    assert (len(village.rows(Inbound.id)), village.tasks()) == (1, ["call_me"])


def test_the_same_words_twice_are_two_texts(village: Village) -> None:
    village.woman(HERS)
    say(village, "Hello there")
    say(village, "Hello there")
    assert len(village.rows(Inbound.id)) == 2


def test_a_sender_whose_number_cannot_be_is_shown_to_a_person(village: Village) -> None:
    sms.take(village.parts, "fake", TextReceived("a", "26612", None, "I am lost", None))
    sms.take(village.parts, "fake", TextReceived("b", "26612", None, "I am bleeding", None))
    assert notes(village) == ["26612: I am lost", "26612: I am bleeding"]
    assert village.tasks() == ["danger", "read_message"]


def test_a_text_over_which_the_service_stumbles_is_left_to_a_person(village: Village) -> None:
    received = TextReceived("odd", STRANGERS, Phone(STRANGERS), "ATT 042117 1234", None)
    for _ in range(2):
        village.store.write(lambda tx: hear.leave_to_a_person(tx, "fake", received), OPERATOR)
    assert notes(village) == [f"{STRANGERS}: attended 042117"]


def test_a_text_of_hers_is_a_contact_and_a_wrong_number_is_none(village: Village) -> None:
    village.woman(HERS)
    say(village, "1")
    say(village, "hello there")
    say(village, "9")
    assert len(village.rows(Contact.id)) == 2


# --- a flood ----------------------------------------------------------------------------------------------


def test_a_flood_is_stored_and_answered_at_most_once_a_minute(village: Village) -> None:
    village.woman(HERS)
    for number in range(60):
        village.texts(("1", "3", "HELP", "hello", "2", "START")[number % 6])
        village.clock.moment += timedelta(seconds=2)
        village.dispatch()
    later(village, minutes=5)
    village.dispatch()
    answered = sorted(row.not_before for row in village.rows(Message.not_before))
    assert len(village.rows(Inbound.id)) == 60
    assert len(village.gateway.sent) == len(answered) == 3
    assert all(after - before >= timedelta(minutes=1) for before, after in pairwise(answered))


def test_a_second_answer_within_the_minute_comes_when_it_is_over(village: Village) -> None:
    village.woman(HERS)
    assert len(say(village, "1")) == 1
    assert say(village, "3") == []
    later(village, minutes=1)
    village.dispatch()
    assert village.gateway.sent[-1].text.endswith("will call you between 09:00 and 17:00.")


def test_a_stop_within_the_minute_is_acknowledged_and_nothing_else_comes(village: Village) -> None:
    village.woman(HERS)
    say(village, "1")
    say(village, "3")
    say(village, "STOP")
    later(village, minutes=3)
    village.dispatch()
    assert [message.text[:28] for message in village.gateway.sent[1:]] == ["You will get no more message"]


# --- what the provider takes over -------------------------------------------------------------------------


def test_an_opt_out_at_the_provider_is_a_stop_every_time(village: Village) -> None:
    woman = village.woman(HERS)
    for _ in range(2):
        sms.take(village.parts, "fake", OptOutReceived(Phone(HERS)))
        assert texts_stop(village, woman)
        later(village)
        say(village, "START")
        assert not texts_stop(village, woman)
        later(village)


def test_an_opt_out_is_not_answered(village: Village) -> None:
    village.woman(HERS)
    sms.take(village.parts, "fake", OptOutReceived(Phone(HERS)))
    village.dispatch()
    assert village.gateway.sent == []


def test_an_answer_that_comes_too_late_to_be_of_use_is_not_sent(village: Village) -> None:
    village.woman(HERS)
    village.texts("3")
    later(village, hours=2)
    village.dispatch()
    assert village.gateway.sent == []
    assert village.message_states() == [MessageState.CANCELLED]
