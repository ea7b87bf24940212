"""A woman gets her reminder and answers it."""

from datetime import timedelta
from typing import Any

import pytest

from service.domain.message import MessageState
from service.domain.people import Wording
from service.store.models.messages import Message
from tests.worker.village import MONDAY, Village, at

WEDNESDAY = MONDAY + timedelta(days=2)
TUESDAY = MONDAY + timedelta(days=1)


def test_the_day_before_she_gets_one_text_that_says_tomorrow(village: Village) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.work_through(at(MONDAY, "08:00"), at(TUESDAY, "18:00"))
    assert [message.text for message in village.gateway.sent] == [
        "Hello Thato, see you tomorrow, Wednesday 25 November. If you cannot come, reply 2. Your team"
    ]
    village.receipt(village.gateway.sent[0], MessageState.DELIVERED)
    assert village.ledger()["visit_d1"] == ("delivered", None)
    assert village.ledger()["visit_d7"] == ("suppressed", "too_late")


def test_one_confirms_her_visit(village: Village) -> None:
    visit = village.visit(village.woman(), WEDNESDAY)
    village.work_through(at(TUESDAY, "09:30"), at(TUESDAY, "10:30"))
    village.texts("1")
    village.tick()
    assert village.visit_state(visit) == ("planned", True)
    assert village.gateway.sent[-1].text == "Thank you Thato. See you on Wednesday 25 November. Your team"


def test_two_asks_a_person_for_another_date(village: Village) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.work_through(at(TUESDAY, "09:30"), at(TUESDAY, "10:30"))
    village.texts("2")
    assert village.tasks() == ["new_date"]


def test_stop_ends_it_at_once(village: Village) -> None:
    village.visit(village.woman(), WEDNESDAY)
    village.clock.moment = at(MONDAY, "12:00")
    village.texts("Stop. Thank you")
    village.work_through(at(MONDAY, "12:01"), at(TUESDAY, "18:00"))
    assert len(village.gateway.sent) == 1
    assert village.gateway.sent[0].text.startswith("You will get no more messages")
    assert village.ledger()["visit_d1"] == ("suppressed", "opted_out")


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"sms": False}, "no_consent"),
        ({"phone_confirmed": False}, "number_not_confirmed"),
        ({"wording": Wording.NONE}, "wording_none"),
    ],
)
def test_who_may_not_be_texted_gets_nothing_and_the_ledger_says_why(
    village: Village, known: dict[str, Any], reason: str
) -> None:
    village.visit(village.woman(**known), WEDNESDAY)
    village.work_through(at(TUESDAY, "09:30"), at(TUESDAY, "18:00"))
    assert village.gateway.sent == []
    assert village.ledger()["visit_d1"] == ("suppressed", reason)


def test_a_monday_visit_is_announced_on_saturday_with_its_date(village: Village) -> None:
    next_monday = MONDAY + timedelta(days=7)
    village.clock.moment = at(TUESDAY, "08:00")
    village.visit(village.woman(), next_monday)
    saturday = next_monday - timedelta(days=2)
    village.work_through(at(saturday, "08:00"), at(next_monday, "18:00"))
    assert [message.text for message in village.gateway.sent] == [
        "Hello Thato, remember your date: Monday 30 November. "
        "Reply 1 if it is fine, 2 to change it. Your team"
    ]
    assert [row.sent_at for row in village.rows(Message.sent_at)] == [at(saturday, "10:00")]
