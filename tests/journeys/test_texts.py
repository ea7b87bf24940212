"""A woman gets her reminder from the real gateway, and answers it over the provider's own routes."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.store.models.messages import Attempt, Message
from tests.gateways.faults import MODES
from tests.journeys.day import HER_PHONE, TUESDAY, WEDNESDAY, plan, receipt, reminded, texts
from tests.journeys.service import Service
from tests.worker.village import MONDAY, at


@pytest.fixture
def visit(service: Service) -> UUID:
    return plan(service)


def test_she_gets_one_text_in_her_language_the_day_before_at_ten(service: Service, visit: UUID) -> None:
    sent = reminded(service)
    assert sent.number == HER_PHONE
    assert sent.text == (
        "Lumela Nthabiseng, re tla bonana hosane, Laboraro 25 Pulungoana. Ha u sitoa ho tla, araba 2. Palesa"
    )
    (row,) = service.village.rows(Message.sent_at, Message.parts)
    assert (row.sent_at, row.parts) == (at(TUESDAY, "10:00"), 1)


def test_its_receipt_ends_it_in_the_ledger(service: Service, visit: UUID) -> None:
    sent = reminded(service)
    receipt(service, sent.provider_id, "Success", number="+26658100009")
    assert service.village.ledger()["visit_d1"] == ("queued", None)
    for status in ("Success", "Sent", "Success"):
        receipt(service, sent.provider_id, status)
    assert service.village.ledger()["visit_d1"] == ("delivered", None)


def test_one_confirms_and_is_thanked(service: Service, visit: UUID) -> None:
    reminded(service)
    texts(service, "1")
    texts(service, "1")  # the same id: the provider repeats itself
    assert service.village.visit_state(visit) == ("planned", True)
    assert service.sent()[1:] == ["Rea leboha Nthabiseng. Re tla bonana ka Laboraro 25 Pulungoana. Palesa"]


def test_two_opens_a_task(service: Service, visit: UUID) -> None:
    reminded(service)
    texts(service, "2")
    assert service.village.tasks() == ["new_date"]


def test_stop_stops_before_the_next_reminder(service: Service, visit: UUID) -> None:
    village = service.village
    village.clock.moment = at(MONDAY, "12:00")
    texts(service, "Emisa")
    village.work_through(at(MONDAY, "18:00"), at(WEDNESDAY, "18:00"))
    assert len(service.sent()) == 1
    assert village.ledger()["visit_d1"] == ("suppressed", "opted_out")


def test_an_answer_that_the_provider_loses_is_not_sent_twice_at_once(service: Service, visit: UUID) -> None:
    service.provider.choose = lambda _: MODES["reset"]
    service.village.work_through(at(TUESDAY, "10:00"), at(TUESDAY, "10:10"), every=timedelta(minutes=1))
    assert len(service.provider.asked) == 1
    assert service.village.message_states() == ["unknown"]
    assert service.village.ledger()["visit_d1"][0] == "unknown"


def test_what_a_provider_calls_an_attempt_is_kept(service: Service, visit: UUID) -> None:
    sent = reminded(service)
    assert [row.provider_id for row in service.village.rows(Attempt.provider_id)] == [sent.provider_id]
