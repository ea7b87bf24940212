"""S5: whoever says that the number is wrong gets silence, and is shown nothing of anybody."""

from datetime import timedelta

import pytest

from service.actions import numbers, pins
from service.actions.numbers import Reopened
from service.domain.phone import Phone
from service.domain.tasks import TaskKind
from service.store.models.care import Task
from service.store.models.people import PhoneNumber
from service.store.transaction import Transaction
from tests.gateways.faults import Answering
from tests.safety.place import BABY, DAY, HERS, MENTOR, MENTORS, NICKNAME, STRANGERS, Place, one_database

PIN = "7291"
WRONG = ("9", "wrong number", "who is this", "ke mang", "Nomoro e fosahetse.")


@one_database
@pytest.mark.parametrize("said", WRONG)
def test_s05_a_wrong_number_is_silent_within_one_tick(place: Place, said: str) -> None:
    place.village.visit(place.woman(), place.today + DAY)
    assert place.say(said) == ["Sorry for the mistake. We will not message this number again."]
    assert place.open_tasks() == [("wrong_number", MENTORS)]
    place.later(days=3)
    assert len(place.got()) == 1
    assert place.village.ledger()["visit_d1"] == ("suppressed", "number_suspended")


def test_s05_the_number_is_suspended_before_the_acknowledgement_is_sent(place: Place) -> None:
    place.woman()
    suspended_at_sending: list[bool] = []

    usual = place.service.provider.choose

    def look(form: dict[str, str]) -> Answering:
        rows = place.village.rows(PhoneNumber.suspended_at)
        suspended_at_sending.append(any(row.suspended_at for row in rows))
        return usual(form)

    place.service.provider.choose = look
    place.say("9")
    assert suspended_at_sending == [True]


def test_s05_nothing_of_her_is_shown_to_the_reporter(place: Place) -> None:
    place.village.visit(place.woman(), place.today + DAY)
    place.later(hours=1)
    place.say("9")
    shown = place.dial("1") + place.dial("2") + place.say("1") + place.say("3") + place.say("hello?")
    assert not [text for text in shown if any(name in text for name in (NICKNAME, MENTOR, BABY, "24"))]


def test_s05_the_reporter_cannot_make_the_number_hers_again(place: Place) -> None:
    woman = place.woman()
    place.say("9")
    place.dial("1")
    for text in ("1", "yes", "START"):
        place.later()
        place.say(text)
    place.village.visit(woman, place.today + 2 * DAY)
    place.later(days=2)
    assert not [text for text in place.got() if NICKNAME in text]


def test_s05_a_stop_from_a_wrong_number_is_not_held_against_her(place: Place) -> None:
    woman = place.woman()
    place.say("9")
    place.later()
    place.say("STOP")
    assert [given for given, _ in place.words_of(woman)] == [True]


def test_s05_it_is_reopened_only_by_staff_with_a_reason_and_for_her_alone(place: Place) -> None:
    woman, other = place.woman(), place.woman(HERS, "Lerato")
    place.village.visit(woman, place.today + 2 * DAY)
    place.village.visit(other, place.today + 2 * DAY)
    place.say("9")

    def reopen(tx: Transaction) -> bool:
        return numbers.reopen(tx, woman, numbers.note(tx, Phone(HERS)), Reopened.SEEN)

    assert (place.act(reopen), place.act(reopen)) == (True, False)
    place.later(days=2)
    (reminder,) = place.got()[1:]
    assert NICKNAME in reminder


def test_s05_a_mentor_who_says_nine_keeps_her_alerts(place: Place) -> None:
    place.woman()
    place.say("9", MENTORS)
    place.later(minutes=2)
    place.say("I am bleeding")
    assert [text for text in place.got(MENTORS) if text.startswith("URGENT")]


def test_s05_a_number_that_was_reported_is_found_again_in_every_spelling(place: Place) -> None:
    """It stays silent for whoever is enrolled on it next."""
    place.woman()
    place.say("9")
    later_one = place.woman(HERS, "Lerato")
    place.village.visit(later_one, place.today + DAY)
    place.later(days=1)
    place.village.clock.moment += timedelta(minutes=1)
    assert len(place.got()) == 1


def test_s05_not_even_her_pin_opens_anything_from_there(place: Place) -> None:
    woman = place.woman()
    place.act(lambda tx: pins.choose(tx, woman, [woman], PIN))
    opened = place.dial(PIN)[-1]
    place.say("9")
    assert place.dial(PIN)[-1] != opened
    assert place.dial(PIN)[-1] == place.dial(PIN, phone=STRANGERS)[-1]


def test_s05_a_cry_for_help_from_there_is_a_strangers(place: Place) -> None:
    """It is answered in the country's language, and whoever is on call learns the number to call; nothing is
    noted about her."""
    place.woman()
    place.say("9")
    place.later()
    (answer,) = place.say("I am bleeding")
    assert "HONA JOALE" in answer
    assert NICKNAME not in answer
    rows = place.village.rows(Task.kind, Task.client_id)
    assert [row.client_id for row in rows if row.kind is TaskKind.DANGER] == [None]
