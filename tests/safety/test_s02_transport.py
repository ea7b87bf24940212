"""S2: the advice names the free transport that was set, and no number that nobody verified."""

import re
from uuid import UUID

import pytest

from tests.safety.place import Place
from tests.worker.village import shipped_programme

NUMBERS = re.compile(r"\+?\d{3,}")
NONE_SET = re.compile(r"(danger|weekly_help|go_now).*_no_number$")


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def test_s02_the_advice_names_the_transport_that_was_set_and_no_other(place: Place, woman: UUID) -> None:
    (answer,) = place.say("I am bleeding")
    assert NUMBERS.findall(answer) == [place.village.parts.programme.transport_number]


@pytest.mark.parametrize("language", ["en", "st"])
def test_s02_where_none_was_set_none_is_named(language: str) -> None:
    texts = shipped_programme().texts
    advice = [text.text for key, text in texts.by_language[language].texts.items() if NONE_SET.search(key)]
    assert advice
    assert not [text for text in advice if NUMBERS.search(text) or "{p}" in text]
