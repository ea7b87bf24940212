"""S4: a silence of two days is asked about once more, kindly; a second one asks a person to call."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.actions import choices
from service.domain.people import Choice, ConsentChannel
from tests.safety.place import DAY, HERS, MENTORS, Place, one_database

HOW_ARE_YOU = "how are you"


@pytest.fixture
def woman(place: Place) -> UUID:
    """She wished to be asked every week, and nobody may visit her."""
    agreed = frozenset({ConsentChannel.SMS, ConsentChannel.CALL})
    woman = place.woman(consents=agreed)
    programme = place.village.parts.programme
    place.act(lambda tx: choices.choose(tx, programme, woman, Choice.WEEKLY_CHECK_IN))
    return woman


def asked(place: Place) -> int:
    return len([text for text in place.got() if HOW_ARE_YOU in text])


def passes(place: Place, days: float) -> None:
    place.village.work_through(place.now, place.now + days * DAY, timedelta(hours=12))
    place.work()


@one_database
def test_s04_she_is_asked_again_once_and_then_somebody_calls(place: Place, woman: UUID) -> None:
    passes(place, 8)
    assert (asked(place), place.open_tasks()) == (1, [])
    passes(place, 1.5)
    assert (asked(place), place.open_tasks()) == (2, [])
    passes(place, 2)
    assert (asked(place), place.open_tasks()) == (2, [("no_answer", MENTORS)])
    assert {text for text in place.got() if HOW_ARE_YOU in text} == {place.got(HERS)[0]}


@one_database
def test_s04_an_answer_ends_the_asking(place: Place, woman: UUID) -> None:
    passes(place, 8)
    place.say("1")
    passes(place, 4)
    assert (asked(place), place.open_tasks()) == (1, [])


@one_database
def test_s04_no_silence_sends_anybody_to_her_home(place: Place, woman: UUID) -> None:
    passes(place, 27)
    kinds = {kind for kind, _ in place.open_tasks()}
    assert "no_answer" in kinds
    assert "home_visit" not in kinds
