"""What leaves through Kannel, exactly as an operator gets it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from service.domain.message import Accepted, Hurdle, Refusal, Refused, TryLater
from service.domain.phone import Phone
from service.gsm import measure
from service.ports import OutgoingText
from tests.kannel.boxes import FakeSmsc, Kannel
from tests.kannel.front import gateway
from tests.kannel.message_centre import GSM, UCS2, Submitted

TO_A = Phone("+26658123456")
TO_B = Phone("+26662123456")
ELSEWHERE = Phone("+27821234567")

IN_GSM = "Lumela 'm'e, 1 + 1 = 2 %41 è ò à €5 [~]\nU phela joang?"
IN_UCS2 = "Lumela ’m’e, tšela metsi 😀\nU phela joang?"


def text(words: str, to: Phone = TO_A) -> OutgoingText:
    return OutgoingText(uuid4(), to, words)


@pytest.mark.parametrize("words", [IN_GSM.replace("\n", " "), IN_UCS2])
def test_the_fake_operator_gets_the_text_as_it_was(kannel: Kannel, fake: FakeSmsc, words: str) -> None:
    message, before = text(words), len(fake.got())
    assert gateway(kannel, smsc="fake").send(message) == Accepted(str(message.attempt_id))
    assert fake.next_after(before) == ("32100", "+26658123456", words)


@pytest.mark.parametrize(("words", "coding"), [(IN_GSM, GSM), (IN_UCS2, UCS2)])
def test_an_operator_gets_the_text_in_its_own_alphabet(kannel: Kannel, words: str, coding: int) -> None:
    gateway(kannel).send(text(words))
    [got] = took(kannel, "A", 1)
    assert (got.sender, got.to, got.text, got.coding) == ("32100", "26658123456", words, coding)
    assert got.to_type == 1  # international


@pytest.mark.parametrize("words", [IN_GSM * 7, IN_UCS2 * 4])
def test_a_long_text_comes_whole_in_as_many_parts_as_were_counted(kannel: Kannel, words: str) -> None:
    gateway(kannel).send(text(words))
    parts = took(kannel, "A", measure(words).segments)
    assert "".join(part.text for part in parts) == words
    assert len(parts) > 2
    assert all(part.joined for part in parts)


def test_each_number_goes_to_its_own_operator(kannel: Kannel) -> None:
    gateway(kannel).send(text("one", TO_A))
    gateway(kannel).send(text("two", TO_B))
    assert [got.text for got in took(kannel, "A", 1) + took(kannel, "B", 1)] == ["one", "two"]


def test_a_text_is_not_kept_for_longer_than_it_is_good_for(kannel: Kannel) -> None:
    gateway(kannel, validity_minutes="60").send(text("Lumela"))
    [got] = took(kannel, "A", 1)
    until = datetime.strptime(got.validity[:12], "%y%m%d%H%M%S").replace(tzinfo=UTC)
    assert abs(until - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)  # noqa: TID251


def test_a_number_that_no_operator_serves_is_refused(kannel: Kannel) -> None:
    result = gateway(kannel).send(text("Lumela", ELSEWHERE))
    assert result == Refused(Refusal.NO_ROUTE, "Not routable")


def test_a_wrong_password_is_said_to_be_one(kannel: Kannel) -> None:
    result = gateway(kannel, password="wrong").send(text("Lumela"))
    assert result == TryLater(Hurdle.BAD_ACCOUNT, word="Authorization failed")


def test_texts_are_in_no_log_of_kannel_s(kannel: Kannel) -> None:
    secret = f"Lumela {uuid4()}"
    gateway(kannel).send(text(secret))
    took(kannel, "A", 1)
    logs = "".join(file.read_text(errors="replace") for file in kannel.folder.glob("*box.*"))
    assert logs
    assert secret not in logs
    assert "58123456" not in logs


def took(kannel: Kannel, operator: str, count: int) -> list[Submitted]:
    """The next texts, or parts of one, at an operator."""
    return [kannel.operators[operator].submitted.get(timeout=10) for _ in range(count)]
