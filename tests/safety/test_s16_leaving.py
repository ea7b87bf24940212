"""S16: whoever leaves, or loses her phone, is shut out, and nobody whom she cared for is left alone."""

from uuid import UUID

import pytest

from service.actions import staff
from service.domain.message import MessageClass
from service.store.models.people import Client
from tests.safety.place import BACKUPS, MENTORS, Place


@pytest.fixture
def woman(place: Place) -> UUID:
    return place.woman()


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


def test_s16_danger_that_lay_with_whoever_leaves_alarms_whoever_has_it_then(
    place: Place, woman: UUID
) -> None:
    place.say("I am bleeding")
    place.act(lambda tx: staff.block_staff(tx, place.mentor))
    place.later(minutes=1)
    assert place.open_tasks() == [("danger", BACKUPS)]
    assert [text for text in place.got(BACKUPS) if text.startswith("URGENT")]
