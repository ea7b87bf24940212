"""Whoever texts us is answered, known or not, and in words that show nothing."""

from collections.abc import Iterator

import pytest

from tests.worker.village import Village, open_village

STRANGER = "+26658100099"


@pytest.fixture
def village(database_url: str) -> Iterator[Village]:
    with open_village(database_url) as opened:
        yield opened


@pytest.mark.parametrize(
    "text", ["1", "2", "3", "9", "STOP", "CANCEL", "HELP", "START", "bleeding", "lumela"]
)
def test_a_number_that_nobody_knows_gets_one_answer_without_a_name(village: Village, text: str) -> None:
    village.texts(text, STRANGER)
    village.tick()
    assert len(village.gateway.sent) == 1
    assert "{" not in village.gateway.sent[0].text


@pytest.mark.parametrize("text", ["1", "2", "3", "9", "STOP", "HELP", "START", "bleeding", "lumela"])
def test_a_shared_phone_without_an_open_question_is_answered_without_a_name(
    village: Village, text: str
) -> None:
    village.woman(STRANGER, "Thato")
    village.woman(STRANGER, "Lineo")
    village.texts(text, STRANGER)
    village.tick()
    assert len(village.gateway.sent) == 1
    assert "Thato" not in village.gateway.sent[0].text
    assert "Lineo" not in village.gateway.sent[0].text
