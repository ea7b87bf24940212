"""S6: a stop holds for everybody at the phone, on every channel, until somebody there says start."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import update

from service.actions import consent, numbers
from service.domain.people import ConsentChannel, PhoneOwner, Wording
from service.domain.phone import Phone
from service.store.models.people import Consent
from service.store.transaction import Transaction
from tests.safety.place import DAY, HERS, MENTORS, OTHERS, Place, one_database

ACKNOWLEDGED = "You will get no more messages from us."


@pytest.fixture
def mother(place: Place) -> UUID:
    return place.woman()


@pytest.fixture
def daughter(place: Place, mother: UUID) -> UUID:
    """She uses the same phone."""
    return place.woman(HERS, "Lerato")


def stop_by_sms(place: Place) -> None:
    place.say("STOP")


def stop_by_dialling(place: Place) -> None:
    wanted = next(line for line in place.dial()[0].splitlines() if "Stop" in line)
    place.dial(wanted[0], "1")


def stop_at_the_provider(place: Place) -> None:
    place.service.hook("opt-out", senderId="x", phoneNumber=HERS)


STOPS = (stop_by_sms, stop_by_dialling, stop_at_the_provider)


@pytest.mark.parametrize("stop", STOPS)
def test_s06_a_stop_by_any_way_silences_the_phone(
    place: Place, mother: UUID, stop: Callable[[Place], None]
) -> None:
    place.village.visit(mother, place.today + DAY)
    stop(place)
    place.later(days=2)
    assert not [text for text in place.got() if not text.startswith(ACKNOWLEDGED)]
    assert place.words_of(mother)[-1] == (False, "stop")


def test_s06_on_a_shared_phone_everybody_is_silent_and_each_record_says_so(
    place: Place, mother: UUID, daughter: UUID
) -> None:
    for woman in (mother, daughter):
        place.village.visit(woman, place.today + DAY)
    assert place.say("emisa") != []
    assert place.words_of(mother)[-1] == place.words_of(daughter)[-1] == (False, "stop")
    place.later(days=2)
    assert [text[: len(ACKNOWLEDGED)] for text in place.got()] == [ACKNOWLEDGED]


def test_s06_it_is_acknowledged_once(place: Place, mother: UUID) -> None:
    assert [text.startswith(ACKNOWLEDGED) for text in place.say("STOP")] == [True]
    for _ in range(3):
        place.later()
        assert place.say("Stop. Thank you") == []


def test_s06_what_waits_in_the_outbox_is_taken_back_at_once(place: Place, mother: UUID) -> None:
    """In the transaction of the stop, and not only when somebody looks at it before it leaves."""
    waiting = place.village.put(person=mother, phone=HERS)
    place.act(lambda tx: consent.stop_texts(tx, numbers.note(tx, Phone(HERS))))
    assert place.village.state(waiting) == "cancelled"


def test_s06_tasks_for_staff_remain(place: Place, mother: UUID) -> None:
    place.say("3")
    place.later()
    place.say("STOP")
    assert ("call_me", MENTORS) in place.open_tasks()


def test_s06_staff_cannot_say_yes_for_her(place: Place, mother: UUID) -> None:
    place.say("STOP")

    def written_down(tx: Transaction) -> bool:
        return consent.record(tx, mother, ConsentChannel.SMS, given=True, through="facility")

    assert not place.act(written_down)
    place.village.visit(mother, place.today + 2 * DAY)
    place.later(days=2)
    assert len(place.got()) == 1


def test_s06_whoever_is_enrolled_on_the_phone_later_is_silent_too(place: Place, mother: UUID) -> None:
    """The same woman, entered a second time, must not be texted again."""
    place.say("STOP")
    place.village.visit(place.woman(HERS, "Thato again"), place.today + DAY)
    place.later(days=2)
    assert len(place.got()) == 1


def test_s06_her_stop_goes_with_her_to_another_number(place: Place, mother: UUID) -> None:
    place.say("STOP")

    def link(tx: Transaction) -> None:
        phone_id = numbers.note(tx, Phone(OTHERS))
        numbers.link(tx, mother, phone_id, PhoneOwner.OWN, "staff")

    place.act(link)
    place.village.visit(mother, place.today + 2 * DAY)
    place.later(days=2)
    assert place.got(OTHERS) == []


@one_database
@pytest.mark.parametrize("word", ["START", "qala hape", "UNSTOP"])
def test_s06_an_act_from_the_phone_opens_it_again(place: Place, mother: UUID, word: str) -> None:
    place.say("STOP")
    place.later()
    assert [text for text in place.say(word) if "Welcome back" in text]
    place.village.visit(mother, place.today + 2 * DAY)
    place.later(days=2)
    assert [text for text in place.got() if "tomorrow" in text]


def test_s06_a_stop_from_another_phone_changes_nothing(place: Place, mother: UUID) -> None:
    place.village.visit(mother, place.today + DAY)
    place.say("STOP", OTHERS)
    place.later(hours=3)
    assert [text for text in place.got() if "tomorrow" in text]


def test_s06_a_mentor_who_says_stop_keeps_her_alerts(place: Place, mother: UUID) -> None:
    place.say("STOP", MENTORS)
    place.later()
    place.say("I am bleeding")
    assert [text for text in place.got(MENTORS) if text.startswith("URGENT")]


def test_s06_a_start_is_nobodys_yes_who_had_said_no_before_the_stop(place: Place, mother: UUID) -> None:
    """Of two at one phone only one had agreed to texts; whoever of them says start."""
    daughter = place.woman(HERS, "Lerato", sms=False)
    place.say("STOP")
    place.later()
    place.say("START")
    assert (place.words_of(mother)[-1][0], place.words_of(daughter)[-1][0]) == (True, False)
    for woman in (mother, daughter):
        place.village.visit(woman, place.today + 2 * DAY)
    place.later(days=2)
    assert not [text for text in place.got() if "Lerato" in text]
    assert [text for text in place.got() if "Thato, see you tomorrow" in text]


@one_database
def test_s06_whoever_is_alone_at_her_phone_agrees_by_saying_start(place: Place) -> None:
    woman = place.woman(sms=False)
    place.say("START")
    assert place.words_of(woman)[-1] == (True, "sms")


@one_database
def test_s06_a_start_is_no_yes_to_telling_words_of_which_nobody_told_her(place: Place) -> None:
    """She agreed when the script did not yet say which words such texts use."""
    woman = place.woman(wording=Wording.T1)
    of_old = update(Consent).values(wording_version="2025-01")
    place.act(lambda tx: tx.connection.execute(of_old))
    place.say("STOP")
    place.later()
    place.say("START")
    place.village.visit(woman, place.today + 2 * DAY)
    place.later(days=2)
    assert [text for text in place.got() if "tomorrow" in text]
    assert not [text for text in place.got() if "booklet" in text]
