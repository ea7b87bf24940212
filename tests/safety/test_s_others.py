"""S1, S2, S8, S10, S12, S13, S16, S17 and S18: each as the phones of the people in it see it."""

from datetime import timedelta
from uuid import UUID

import pytest

from scheduler import housekeeping
from service.actions import staff
from service.domain.message import MessageClass
from service.store.models.people import Client
from tests.safety.place import (
    BACKUPS,
    COORDINATORS,
    DAY,
    HERS,
    MENTORS,
    ON_CALLS,
    STRANGERS,
    Place,
    one_database,
)

MEDICINE = ("pill", "medicine", "pilisi", "moriana", "meriana", "dose", "tablet")


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


def alarmed(place: Place) -> list[bool]:
    """Who of the ladder has been alarmed, from the mentor to whoever is on call."""
    return [
        any("URGENT" in text for text in place.got(phone))
        for phone in (MENTORS, BACKUPS, COORDINATORS, ON_CALLS)
    ]


@one_database
@pytest.mark.parametrize("said", ["I am bleeding", "ke tsoa mali", "lesea ha le anye", "the baby has fits"])
def test_s01_danger_is_answered_at_once_and_her_mentor_alarmed(place: Place, woman: UUID, said: str) -> None:
    (answer,) = place.say(said)
    assert "NOW" in answer
    assert place.open_tasks() == [("danger", MENTORS)]
    assert alarmed(place) == [True, False, False, False]


def test_s01_nobody_answers_and_it_climbs_every_ten_minutes(place: Place, woman: UUID) -> None:
    place.say("I am bleeding")
    seen = []
    for _ in range(3):
        place.village.clock.moment += timedelta(minutes=10, seconds=1)
        place.work()
        place.village.dispatch()
        seen.append(alarmed(place))
    assert seen == [
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_s01_at_night_too(place: Place, woman: UUID) -> None:
    place.village.clock.moment += timedelta(hours=11)
    (answer,) = place.say("I am bleeding")
    assert "NOW" in answer
    assert alarmed(place)[0]


def test_s02_the_advice_names_the_transport_that_was_set_and_no_other(place: Place, woman: UUID) -> None:
    (answer,) = place.say("I am bleeding")
    assert place.village.parts.programme.transport_number in answer  # type: ignore[operator]


def test_s12_a_reminder_goes_once_whatever_the_clock_and_the_worker_do(place: Place, woman: UUID) -> None:
    place.village.visit(woman, place.today + DAY)
    for minutes in (0, 1, -5, 10, 600, -300):
        place.village.clock.moment += timedelta(minutes=minutes)
        place.work()
    assert len([text for text in place.got() if "tomorrow" in text]) == 1


def test_s13_without_a_receipt_it_counts_as_not_delivered(place: Place, woman: UUID) -> None:
    place.village.visit(woman, place.today + DAY)
    place.later(minutes=5)
    place.village.clock.moment += timedelta(hours=49)
    housekeeping.give_up_on_receipts(place.village.parts)
    assert place.village.ledger()["visit_d1"] == ("sent_no_receipt", None)


def test_s16_a_mentor_who_leaves_is_shut_out_and_her_work_is_not_orphaned(place: Place, woman: UUID) -> None:
    place.say("3")
    place.village.put(MessageClass.S, person=place.mentor, phone=MENTORS)
    place.act(lambda tx: staff.block_staff(tx, place.mentor))
    assert place.open_tasks() == [("call_me", BACKUPS)]
    code = place.village.rows(Client.code)[0].code
    place.later()
    before = len(place.got(MENTORS))
    place.say(f"ATT {code}", MENTORS)
    place.say("I am bleeding")
    place.later(minutes=1)
    assert ("danger", BACKUPS) in place.open_tasks()
    assert not [text for text in place.got(MENTORS)[before:] if code in text or "URGENT" in text]


def test_s16_alerts_that_wait_for_a_lost_phone_are_taken_back(place: Place, woman: UUID) -> None:
    waiting = place.village.put(MessageClass.S, person=place.mentor, phone=MENTORS)
    place.act(lambda tx: staff.block_staff(tx, place.mentor))
    assert place.village.state(waiting) == "cancelled"


def test_s17_what_nobody_can_read_by_rule_reaches_her_mentor_and_is_answered_once_a_day(
    place: Place, woman: UUID
) -> None:
    assert len(place.say("my sister went to the shop with a goat")) == 1
    assert place.open_tasks() == [("read_message", MENTORS)]
    place.later(minutes=5)
    assert place.say("and came back with two goats") == []
    place.later(days=1)
    assert len(place.say("and then there were three goats")) == 1


@one_database
@pytest.mark.parametrize(
    "said", ["should I stop my medicine", "can I take more pills", "na nka emisa pilisi"]
)
def test_s18_nobody_is_told_to_start_stop_or_change_a_medicine(place: Place, woman: UUID, said: str) -> None:
    answers = place.say(said)
    assert not [text for text in answers for word in MEDICINE if word in text.lower()]


def test_s10_what_is_asked_for_from_a_stranger_names_nobody(place: Place, woman: UUID) -> None:
    texts = place.say("please call me", STRANGERS) + place.say("2", STRANGERS)
    assert texts
    assert not [text for text in texts if "Thato" in text or "Palesa" in text]
    assert place.got(HERS) == []
