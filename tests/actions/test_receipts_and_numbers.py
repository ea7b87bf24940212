"""What receipts teach about numbers, and about reminders."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler import housekeeping
from service.actions import consent
from service.domain.message import Accepted, MessageState
from service.store.models.messages import Receipt
from service.store.models.people import PhoneNumber
from tests.actions.reporting import TEN, failures, reported, sent
from tests.worker.village import MONDAY, Village


@pytest.fixture(autouse=True)
def at_ten(village: Village) -> None:
    village.clock.moment = TEN


def test_two_texts_that_did_not_arrive_open_a_check_of_the_number(village: Village) -> None:
    village.woman()
    for name in ("p-1", "p-2"):
        sent(village, Accepted(name))
        reported(village, name, MessageState.UNDELIVERED)
    assert village.tasks() == ["check_number"]


def test_one_text_that_did_not_arrive_counts_once_whatever_is_said_about_it(village: Village) -> None:
    village.woman()
    sent(village, Accepted("p"))
    for state in (MessageState.EXPIRED, MessageState.UNDELIVERED, MessageState.UNDELIVERED):
        reported(village, "p", state)
    assert (failures(village), village.tasks()) == (1, [])


def test_a_text_that_arrived_ends_the_count(village: Village) -> None:
    village.woman()
    for name, state in (
        ("p-1", MessageState.UNDELIVERED),
        ("p-2", MessageState.DELIVERED),
        ("p-3", MessageState.UNDELIVERED),
    ):
        sent(village, Accepted(name))
        reported(village, name, state)
    assert (failures(village), village.tasks()) == (1, [])


def test_a_text_that_arrived_is_no_sign_of_life_from_her(village: Village) -> None:
    sent(village, Accepted("p"))
    reported(village, "p", MessageState.DELIVERED)
    assert village.rows(PhoneNumber.heard_at)[0].heard_at is None


def test_a_receipt_that_tells_of_an_opt_out_is_one_once(village: Village) -> None:
    woman = village.woman()
    sent(village, Accepted("p"))
    reported(village, "p", MessageState.UNDELIVERED, opted_out=True)
    assert village.store.read(lambda reading: consent.has_stopped(reading, woman))
    village.clock.moment += timedelta(hours=1)
    village.texts("START")
    reported(village, "p", MessageState.UNDELIVERED, opted_out=True)
    assert not village.store.read(lambda reading: consent.has_stopped(reading, woman))


def test_the_ledger_follows_from_no_receipt_to_delivered(village: Village) -> None:
    village.visit(village.woman(), MONDAY + timedelta(days=1))
    village.gateway.answers = [Accepted("p")]
    village.tick()
    village.clock.moment += timedelta(hours=49)
    housekeeping.give_up_on_receipts(village.parts)
    assert village.ledger()["visit_d1"] == ("sent_no_receipt", None)
    reported(village, "p", MessageState.DELIVERED)
    assert village.ledger()["visit_d1"] == ("delivered", None)


def test_no_receipt_is_linked_to_a_message_of_another_phone(village: Village) -> None:
    sent(village, Accepted("p"))
    reported(village, "p", MessageState.DELIVERED, phone="+26658100009")
    linked = village.store.read(lambda reading: reading.connection.scalars(select(Receipt.message_id)).all())
    assert linked == [None]
