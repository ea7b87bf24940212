"""Both sides of the cumulative USSD dialect agree."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.gateways.cumulative import (
    COMPLETED,
    DROPPED,
    Call,
    read_end,
    read_reply,
    read_turn,
    write_reply,
)
from service.domain.phone import Phone
from service.gsm import BASIC, EXTENSION
from service.ports import Cumulative, UssdEnded, UssdReply, UssdTurn

CALL = Call("s-1", "*123#", Phone("+26658123456"))


def turn(form: Mapping[str, str]) -> UssdTurn:
    read = read_turn(form)
    assert isinstance(read, UssdTurn)
    return read


def test_a_call_begins_with_nothing_typed() -> None:
    assert turn(CALL.form()) == UssdTurn("s-1", CALL.phone, "*123#", Cumulative(""))


def test_each_request_repeats_all_inputs() -> None:
    call = CALL.typing("1").typing("a*b").typing("")
    assert turn(call.form()).typed == Cumulative("1*a*b*")


def test_a_deep_dial_has_inputs_before_the_first_request() -> None:
    call = Call("s-1", "*123#", CALL.phone, ("3", "1"))
    assert turn(call.form()).typed == Cumulative("3*1")


def test_what_was_typed_is_not_shown_by_a_call() -> None:
    assert "4711" not in repr(CALL.typing("4711"))


@pytest.mark.parametrize(("status", "completed"), [(COMPLETED, True), (DROPPED, False), ("Failed", False)])
def test_the_end_of_a_call_says_whether_it_was_complete(status: str, completed: bool) -> None:
    assert read_end(CALL.typing("1").end_form(status)) == UssdEnded("s-1", CALL.phone, completed, hops=2)


@given(text=st.text(alphabet=(BASIC + EXTENSION).replace("\x1b", "")), goes_on=st.booleans())
def test_the_phone_reads_what_the_service_writes(text: str, goes_on: bool) -> None:
    reply = UssdReply(text, goes_on)
    assert read_reply(write_reply(reply).body) == reply


@given(text=st.text())
def test_an_answer_always_begins_as_the_network_wants_it(text: str) -> None:
    assert write_reply(UssdReply(text, goes_on=True)).body.startswith("CON ")
    assert write_reply(UssdReply(text, goes_on=False)).body.startswith("END ")


@pytest.mark.parametrize("body", ["", " CON hello", "\ufeffCON hello", "CONhello", "<html>", "con hello"])
def test_the_phone_gives_up_on_any_other_answer(body: str) -> None:
    assert read_reply(body) is None
