"""What people can say by text, and what follows."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from handlers import sms
from service.actions import consent, hear, visits
from service.domain.care import VisitState
from service.domain.message import MessageState
from service.domain.people import OPERATOR, Wording
from service.domain.phone import Phone
from service.ports import OptOutReceived, TextReceived
from service.store.models.care import Contact, Task
from service.store.models.messages import Inbound, Message
from service.store.models.people import Client, PhoneNumber
from tests.worker.village import MONDAY, Village, at

HERS, MENTORS, STRANGERS = "+26658100001", "+26658100050", "+26658100099"
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def reminded(village: Village) -> UUID:
    """Her visit of Wednesday, of which a text on Tuesday at ten has told her."""
    visit = village.visit(village.woman(HERS), WEDNESDAY)
    village.work_through(at(MONDAY, "18:00"), at(MONDAY + timedelta(days=1), "10:30"))
    assert len(village.gateway.sent) == 1
    village.gateway.sent.clear()
    return visit


def say(village: Village, text: str, phone: str = HERS) -> list[str]:
    """What comes back for a text, within the minute."""
    before = len(village.gateway.sent)
    village.texts(text, phone)
    village.dispatch()
    return [message.text for message in village.gateway.sent[before:] if message.to == Phone(phone)]


def later(village: Village, **time: Any) -> None:
    village.clock.moment += timedelta(**(time or {"minutes": 2}))


def notes(village: Village) -> list[str]:
    rows = village.rows(Task.id, Task.note)
    return [village.store.vault.open_if(Task.note, row.id, row.note) or "" for row in rows]


def texts_stop(village: Village, woman: UUID) -> bool:
    return village.store.read(lambda reading: consent.has_stopped(reading, woman))


def suspended(village: Village) -> bool:
    return village.rows(PhoneNumber.suspended_at)[0].suspended_at is not None


# --- digits -----------------------------------------------------------------------------------------------


def test_one_says_that_she_will_come(village: Village, reminded: UUID) -> None:
    assert say(village, "1") == ["Thank you Thato. See you on Wednesday 25 November. Your team"]
    assert village.visit_state(reminded) == ("planned", True)


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


# --- words ------------------------------------------------------------------------------------------------

STOPS = ["STOP", "StopAll", "unsubscribe", "REVOKE", "optout", "EMISA", "emisa.", "Stop. Thank you", "«stop»"]


@pytest.mark.parametrize("word", STOPS)
def test_the_words_of_the_stop_family_stop_at_once(village: Village, word: str) -> None:
    woman = village.woman(HERS)
    (answer,) = say(village, word)
    assert answer.startswith("You will get no more messages from us.")
    assert texts_stop(village, woman)
    assert village.tasks() == []


@pytest.mark.parametrize("word", ["CANCEL", "End", "quit"])
def test_a_word_that_may_mean_the_date_stops_and_asks_a_person(village: Village, word: str) -> None:
    woman = village.woman(HERS)
    say(village, word)
    assert texts_stop(village, woman)
    assert village.tasks() == ["meant_date"]


def test_whoever_has_stopped_is_not_texted_again_to_be_told_so(village: Village) -> None:
    village.woman(HERS)
    say(village, "STOP")
    later(village)
    assert say(village, "STOP") == []


def test_a_stop_is_for_everybody_at_the_number(village: Village) -> None:
    women = [village.woman(HERS, name) for name in ("Thato", "Lerato")]
    assert len(say(village, "STOP")) == 1
    assert all(texts_stop(village, woman) for woman in women)


@pytest.mark.parametrize("word", ["START", "Qala"])
def test_start_begins_again(village: Village, word: str) -> None:
    woman = village.woman(HERS)
    say(village, "STOP")
    later(village)
    (answer,) = say(village, word)
    assert answer.startswith("Welcome back Thato.")
    assert not texts_stop(village, woman)


@pytest.mark.parametrize("word", ["HELP", "Thuso"])
def test_help_is_answered_and_opens_a_task(village: Village, word: str) -> None:
    village.woman(HERS)
    (answer,) = say(village, word)
    assert "3: call me" in answer
    assert village.tasks() == ["help_asked"]


def test_wrong_in_words_is_a_wrong_number(village: Village) -> None:
    village.woman(HERS)
    say(village, "Who is this?")
    assert suspended(village)


def test_a_yes_confirms_a_number_that_was_typed_by_somebody_else(village: Village) -> None:
    village.woman(HERS, phone_confirmed=False)
    say(village, "Yes")
    assert village.links()[0].confirmed_at == village.clock.moment


# --- everything else --------------------------------------------------------------------------------------


def test_what_nobody_can_read_by_rule_goes_to_a_person_with_one_polite_answer_a_day(village: Village) -> None:
    village.woman(HERS)
    first = say(village, "My sister went to Maseru")
    assert first == [
        "Thank you. Your team will read your message. Reply 1: I am well, 2: I need help, 3: call me."
    ]
    later(village, hours=3)
    assert say(village, "And she took the bus") == []
    later(village, days=1)
    assert len(say(village, "She is back")) == 1
    assert sorted(notes(village)) == ["And she took the bus", "My sister went to Maseru", "She is back"]
    assert village.tasks() == ["read_message"] * 3


ODD = ("", "   ", "?", "\u200b", "😀", "x" * 20_000, "1" * 20_000, "DROP TABLE;--")


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_from_a_readable_sender_is_stored_and_shown_to_a_person(village: Village, text: str) -> None:
    village.woman(HERS)
    say(village, text)
    assert village.tasks() == ["read_message"]
    assert len(village.rows(Inbound.id)) == 1


def test_a_text_that_the_network_repeats_is_one_text(village: Village) -> None:
    village.woman(HERS)
    received = TextReceived("same-id", HERS, Phone(HERS), "3", None)
    for _ in range(3):
        sms.take(village.parts, "fake", received)
    village.dispatch()
    assert len(village.gateway.sent) == 1
    assert (len(village.rows(Inbound.id)), village.tasks()) == (1, ["call_me"])


def test_the_same_words_twice_are_two_texts(village: Village) -> None:
    village.woman(HERS)
    say(village, "Hello there")
    say(village, "Hello there")
    assert len(village.rows(Inbound.id)) == 2


def test_a_sender_whose_number_cannot_be_is_shown_to_a_person(village: Village) -> None:
    sms.take(village.parts, "fake", TextReceived("a", "26612", None, "I am lost", None))
    sms.take(village.parts, "fake", TextReceived("b", "26612", None, "I am bleeding", None))
    assert notes(village) == ["26612: I am lost", "26612: I am bleeding"]
    assert village.tasks() == ["danger", "read_message"]


def test_a_text_over_which_the_service_stumbles_is_left_to_a_person(village: Village) -> None:
    received = TextReceived("odd", STRANGERS, Phone(STRANGERS), "ATT 042117 1234", None)
    for _ in range(2):
        village.store.write(lambda tx: hear.leave_to_a_person(tx, "fake", received), OPERATOR)
    assert notes(village) == [f"{STRANGERS}: attended 042117"]


def test_a_text_of_hers_is_a_contact_and_a_wrong_number_is_none(village: Village) -> None:
    village.woman(HERS)
    say(village, "1")
    say(village, "hello there")
    say(village, "9")
    assert len(village.rows(Contact.id)) == 2


# --- a flood ----------------------------------------------------------------------------------------------


def test_a_flood_is_stored_and_answered_at_most_once_a_minute(village: Village) -> None:
    village.woman(HERS)
    for number in range(60):
        village.texts(("1", "3", "HELP", "hello", "2", "START")[number % 6])
        village.clock.moment += timedelta(seconds=2)
        village.dispatch()
    later(village, minutes=5)
    village.dispatch()
    answered = sorted(row.not_before for row in village.rows(Message.not_before))
    assert len(village.rows(Inbound.id)) == 60
    assert len(village.gateway.sent) == len(answered) == 3
    assert all(after - before >= timedelta(minutes=1) for before, after in pairwise(answered))


def test_a_second_answer_within_the_minute_comes_when_it_is_over(village: Village) -> None:
    village.woman(HERS)
    assert len(say(village, "1")) == 1
    assert say(village, "3") == []
    later(village, minutes=1)
    village.dispatch()
    assert village.gateway.sent[-1].text.endswith("will call you between 09:00 and 17:00.")


def test_a_stop_within_the_minute_is_acknowledged_and_nothing_else_comes(village: Village) -> None:
    village.woman(HERS)
    say(village, "1")
    say(village, "3")
    say(village, "STOP")
    later(village, minutes=3)
    village.dispatch()
    assert [message.text[:28] for message in village.gateway.sent[1:]] == ["You will get no more message"]


# --- danger -----------------------------------------------------------------------------------------------

DANGER = "I am bleeding"


def test_danger_opens_the_most_urgent_task_alerts_its_owner_and_answers_at_once(village: Village) -> None:
    mentor = village.staff("Palesa", MENTORS)
    woman = village.woman(HERS, mentor_id=mentor)
    (answer,) = say(village, DANGER)
    assert "go to the nearest health centre NOW" in answer
    assert "call 0000" in answer
    (task,) = village.rows(Task.kind, Task.owner_id, Task.urgency, Task.client_id)
    assert (task.kind, task.owner_id, task.urgency, task.client_id) == ("danger", mentor, "now", woman)
    (alert,) = [message.text for message in village.gateway.sent if message.to == Phone(MENTORS)]
    assert alert.startswith("URGENT ")
    assert "Thato" not in alert
    assert notes(village) == [DANGER]


def silent(_: Village) -> None:
    pass


def at_night(village: Village) -> None:
    village.clock.moment = at(MONDAY, "23:30")


def after_stop(village: Village) -> None:
    say(village, "STOP")


def after_wrong_number(village: Village) -> None:
    say(village, "9")


def after_many_answers(village: Village) -> None:
    for text in ("1", "3", "hello"):
        say(village, text)


def with_no_wording(village: Village) -> None:
    village.store.write(
        lambda tx: tx.connection.execute(update(Client).values(wording=Wording.NONE)), OPERATOR
    )


def when_she_has_died(village: Village) -> None:
    """Whoever has the phone now may be with her child."""
    village.store.write(lambda tx: tx.connection.execute(update(Client).values(state="died")), OPERATOR)


@pytest.mark.parametrize(
    "before",
    [
        silent,
        at_night,
        after_stop,
        after_wrong_number,
        after_many_answers,
        with_no_wording,
        when_she_has_died,
    ],
)
def test_danger_is_answered_whatever_came_before(village: Village, before: Callable[[Village], None]) -> None:
    village.woman(HERS)
    before(village)
    (answer,) = say(village, DANGER)
    assert "NOW" in answer


def test_a_stop_right_after_danger_does_not_take_the_advice_back(village: Village) -> None:
    village.woman(HERS)
    village.texts(DANGER)
    village.texts("STOP")
    village.dispatch()
    assert any("NOW" in message.text for message in village.gateway.sent)


def test_danger_from_a_number_that_nobody_knows_goes_to_whoever_is_on_call(village: Village) -> None:
    on_call = village.staff("Palesa", MENTORS, on_call=True)
    (answer,) = say(village, DANGER, STRANGERS)
    assert "0000" in answer
    assert [row.owner_id for row in village.rows(Task.owner_id)] == [on_call]
    assert any(STRANGERS in message.text for message in village.gateway.sent)


def test_danger_that_is_reported_again_alerts_again_but_not_every_time(village: Village) -> None:
    village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    for _ in range(5):
        village.texts(DANGER)
    later(village, minutes=11)
    village.texts(DANGER)
    village.dispatch()
    assert len([message for message in village.gateway.sent if message.to == Phone(MENTORS)]) == 2
    assert village.tasks() == ["danger"]


def test_danger_on_another_day_is_another_task(village: Village) -> None:
    village.woman(HERS)
    say(village, DANGER)
    later(village, days=1)
    say(village, DANGER)
    assert village.tasks() == ["danger", "danger"]


# --- what a Mentor Mother orders --------------------------------------------------------------------------


def order(village: Village, text: str, phone: str = MENTORS) -> list[str]:
    return say(village, text, phone)


def code_of(village: Village, woman: UUID) -> str:
    return village.store.read(
        lambda reading: reading.connection.execute(select(Client.code).where(Client.id == woman)).scalar_one()
    )


@pytest.fixture
def caseload(village: Village) -> tuple[UUID, UUID]:
    """A woman of hers who is expected today, and the visit."""
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    return woman, village.visit(woman, MONDAY)


def test_due_lists_codes_and_nothing_else(village: Village, caseload: tuple[UUID, UUID]) -> None:
    assert order(village, "DUE") == [f"Today: {code_of(village, caseload[0])}"]


def test_due_on_an_empty_day_says_so(village: Village) -> None:
    village.staff("Palesa", MENTORS)
    assert order(village, "due") == ["Nothing is due today."]


@pytest.mark.parametrize(("word", "state"), [("ATT", "attended"), ("MISS", "missed")])
def test_she_records_who_came_and_who_did_not(
    village: Village, caseload: tuple[UUID, UUID], word: str, state: str
) -> None:
    code = code_of(village, caseload[0])
    assert order(village, f"{word} {code}") == [f"{code}: noted. Thank you."]
    assert village.visit_state(caseload[1])[0] == state


def test_remind_sends_her_next_date_once_a_day(village: Village) -> None:
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    village.visit(woman, WEDNESDAY + timedelta(days=14))
    village.clock.moment = at(MONDAY, "11:00")
    for _ in range(2):
        order(village, f"REMIND {code_of(village, woman)}")
        later(village)
    assert len([message for message in village.gateway.sent if message.to == Phone(HERS)]) == 1


def test_remind_without_a_date_says_that_there_is_nothing_to_do(village: Village) -> None:
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    assert "nothing to do now" in order(village, f"REMIND {code_of(village, woman)}")[0]


def test_call_ok_closes_what_asked_for_a_call(village: Village) -> None:
    woman = village.woman(HERS, mentor_id=village.staff("Palesa", MENTORS))
    say(village, "3")
    later(village)
    order(village, f"CALL {code_of(village, woman)} OK")
    assert [row.state for row in village.rows(Task.state)] == ["closed"]
    assert {row.mode for row in village.rows(Contact.mode)} == {"sms", "call"}


def test_she_is_answered_for_each_of_a_list_and_once_for_the_same(
    village: Village, caseload: tuple[UUID, UUID]
) -> None:
    other = village.woman("+26658100002", "Lerato", mentor_id=village.rows(Client.mentor_id)[0].mentor_id)
    village.visit(other, MONDAY)
    codes = [code_of(village, caseload[0]), code_of(village, other)]
    for code in codes:
        assert order(village, f"ATT {code}") == [f"{code}: noted. Thank you."]
    assert len(order(village, "ATT 999999") + order(village, "ATT 999999")) == 1


@pytest.mark.parametrize("code", ["000001", "999999"])
def test_a_code_that_is_nobodys_is_not_found(village: Village, code: str) -> None:
    village.staff("Palesa", MENTORS)
    assert order(village, f"ATT {code}") == [f"{code}: not found. Please check the code."]


def test_a_woman_of_another_site_is_not_found_either(village: Village, caseload: tuple[UUID, UUID]) -> None:
    from service.actions import sites

    elsewhere = village.store.write(lambda tx: sites.add_site(tx, "Ha Other", "Leribe"), OPERATOR)
    village.staff("Mpho", "+26658100051", site=elsewhere)
    code = code_of(village, caseload[0])
    assert "not found" in order(village, f"ATT {code}", "+26658100051")[0]
    assert village.visit_state(caseload[1])[0] == "planned"


def test_an_auditor_may_look_and_not_touch(village: Village, caseload: tuple[UUID, UUID]) -> None:
    from service.domain.people import Role

    village.staff("Mpho", "+26658100051", Role.AUDITOR)
    assert "not found" in order(village, f"ATT {code_of(village, caseload[0])}", "+26658100051")[0]


def test_an_order_from_a_number_that_is_no_staffs_changes_nothing(
    village: Village, caseload: tuple[UUID, UUID]
) -> None:
    code = code_of(village, caseload[0])
    say(village, f"ATT {code}", STRANGERS)
    assert village.visit_state(caseload[1])[0] == "planned"
    assert village.tasks() == ["read_message"]


@pytest.mark.parametrize("phone", [MENTORS, STRANGERS, HERS])
def test_a_pin_is_never_stored(village: Village, caseload: tuple[UUID, UUID], phone: str) -> None:
    code = code_of(village, caseload[0])
    for text in (f"ATT {code} 86420", "DUE 86420", f"CALL {code} OK 86420"):
        say(village, text, phone)
    bodies = [
        village.store.vault.open_if(Inbound.body, row.id, row.body) or ""
        for row in village.rows(Inbound.id, Inbound.body)
    ]
    assert not any("86420" in kept for kept in bodies + notes(village))


def test_a_mentor_mother_does_not_silence_her_own_phone_by_a_nine(village: Village) -> None:
    village.staff("Palesa", MENTORS)
    say(village, "9", MENTORS)
    assert not suspended(village)
    assert village.tasks() == ["read_message"]


# --- what the provider takes over -------------------------------------------------------------------------


def test_an_opt_out_at_the_provider_is_a_stop_every_time(village: Village) -> None:
    woman = village.woman(HERS)
    for _ in range(2):
        sms.take(village.parts, "fake", OptOutReceived(Phone(HERS)))
        assert texts_stop(village, woman)
        later(village)
        say(village, "START")
        assert not texts_stop(village, woman)
        later(village)


def test_an_opt_out_is_not_answered(village: Village) -> None:
    village.woman(HERS)
    sms.take(village.parts, "fake", OptOutReceived(Phone(HERS)))
    village.dispatch()
    assert village.gateway.sent == []


def test_an_answer_that_comes_too_late_to_be_of_use_is_not_sent(village: Village) -> None:
    village.woman(HERS)
    village.texts("3")
    later(village, hours=2)
    village.dispatch()
    assert village.gateway.sent == []
    assert village.message_states() == [MessageState.CANCELLED]
