"""What a digit answers: the question that was asked last, and the date as it is by now."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.actions import visits
from service.actions.remind_now import remind_now
from service.domain.care import VisitState
from service.domain.people import OPERATOR
from service.store.models.care import Task
from service.store.models.messages import Message
from service.store.records import client
from tests.actions.talk import HERS, later, say, suspended
from tests.worker.village import MONDAY, Village, at

WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def reminded(village: Village) -> UUID:
    """Her visit of Wednesday, of which a text on Tuesday at ten has told her."""
    visit = village.visit(village.woman(HERS), WEDNESDAY)
    village.work_through(at(MONDAY, "18:00"), at(MONDAY + timedelta(days=1), "10:30"))
    assert len(village.gateway.sent) == 1
    village.gateway.sent.clear()
    return visit


def test_one_says_that_she_will_come(village: Village, reminded: UUID) -> None:
    assert say(village, "1") == ["Thank you Thato. See you on Wednesday 25 November. Your team"]
    assert village.visit_state(reminded) == ("planned", True)


def test_one_answers_a_reminder_that_was_sent_by_hand(village: Village) -> None:
    woman = village.woman(HERS)
    visit = village.visit(woman, MONDAY + timedelta(days=9))
    village.clock.moment = at(MONDAY, "10:00")
    village.store.write(lambda tx: remind_now(tx, village.parts.programme, client(tx, woman)), OPERATOR)
    village.dispatch()
    assert say(village, "1")[0].startswith("Thank you Thato. See you on Wednesday 2 December.")
    assert village.visit_state(visit) == ("planned", True)


def test_one_without_a_question_is_heard_kindly(village: Village) -> None:
    village.woman(HERS)
    assert say(village, "1") == ["Thank you Thato. Stay well. Your team"]


def test_two_asks_for_another_day_and_keeps_the_date(village: Village, reminded: UUID) -> None:
    assert say(village, "2") == ["Thank you Thato. Your team will send you a new date."]
    assert village.tasks() == ["new_date"]
    assert village.visit_state(reminded) == ("planned", False)


def test_two_without_a_question_asks_for_help(village: Village) -> None:
    village.woman(HERS)
    (answer,) = say(village, "2")
    assert answer.startswith("Thank you Thato. Your team will call you.")
    assert village.tasks() == ["needs_help"]


def test_three_asks_for_a_call(village: Village, reminded: UUID) -> None:
    assert say(village, "3") == ["Thank you Thato. Your team will call you between 09:00 and 17:00."]
    assert village.tasks() == ["call_me"]


def test_nine_silences_the_number_before_it_is_told_so_once(village: Village, reminded: UUID) -> None:
    village.texts("9")
    assert suspended(village)
    village.dispatch()
    assert [message.text for message in village.gateway.sent] == [
        "Sorry for the mistake. We will not message this number again."
    ]
    later(village)
    assert say(village, "9") == []
    assert village.tasks() == ["wrong_number"]


def test_a_suspended_number_gets_nothing_more(village: Village) -> None:
    village.visit(village.woman(HERS), WEDNESDAY)
    say(village, "WRONG")
    village.work_through(at(MONDAY, "08:30"), at(WEDNESDAY, "18:00"))
    assert len(village.gateway.sent) == 1
    assert village.ledger()["visit_d1"] == ("suppressed", "number_suspended")


# --- an answer to a date that is not the date any more ----------------------------------------------------


def test_a_yes_to_a_date_that_has_moved_confirms_nothing_and_tells_the_new_one(
    village: Village, reminded: UUID
) -> None:
    friday = WEDNESDAY + timedelta(days=2)
    village.store.write(lambda tx: visits.move_visit(tx, village.parts.programme, reminded, friday), OPERATOR)
    assert say(village, "1") == ["Thank you Thato. Your new date is Friday 27 November. Your team"]
    assert village.visit_state(reminded) == ("planned", False)


@pytest.mark.parametrize("outcome", [VisitState.ATTENDED, VisitState.CANCELLED])
def test_a_yes_to_what_is_settled_names_no_date(
    village: Village, reminded: UUID, outcome: VisitState
) -> None:
    village.store.write(
        lambda tx: visits.record_attendance(tx, village.parts.programme, reminded, outcome), OPERATOR
    )
    assert say(village, "1") == ["Thank you Thato. Stay well. Your team"]


def test_a_yes_that_comes_after_the_day_names_no_date(village: Village, reminded: UUID) -> None:
    later(village, days=3)
    assert say(village, "1") == ["Thank you Thato. Stay well. Your team"]


def test_a_question_is_open_for_two_weeks(village: Village, reminded: UUID) -> None:
    later(village, days=15)
    say(village, "2")
    assert village.tasks() == ["needs_help"]


def test_on_a_shared_phone_the_answer_is_hers_who_was_asked(village: Village, reminded: UUID) -> None:
    village.woman(HERS, "Lerato")
    assert say(village, "1") == ["Thank you Thato. See you on Wednesday 25 November. Your team"]
    later(village)
    assert say(village, "3") == ["Thank you Thato. Your team will call you between 09:00 and 17:00."]
    (task,) = village.rows(Task.client_id)
    (asked,) = village.rows(Message.person_id)[:1]
    assert task.client_id == asked.person_id
