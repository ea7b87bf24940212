"""Mother and daughter on one phone: a digit is hers who was asked, or a person finds out whose."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from handlers import sms
from service.domain.message import Address, MessageClass, MessageState, Words
from service.domain.people import OPERATOR, Role, Wording
from service.domain.phone import Phone
from service.ports import TextReceived
from service.store import outbox
from service.store.models.care import Contact, Task
from service.store.models.messages import Inbound
from service.store.models.people import Client
from service.store.records import links_of
from tests.actions.talk import HERS, STRANGERS, later, notes, say
from tests.worker.village import MONDAY, Village, at

WEDNESDAY = MONDAY + timedelta(days=2)


def asked(village: Village, woman: UUID, key: str, phone: str = HERS) -> None:
    """A text that asks her something, by itself."""
    to, now = Phone(phone), village.clock.moment
    words = Words(key, "1", "en", Wording.T0, f"{key}?", 1)
    village.store.write(
        lambda tx: outbox.put(
            tx,
            outbox.NewMessage(
                Address(woman, links_of(tx, woman)[0].phone_id, to), words, MessageClass.C, now, now + 5 * DAY
            ),
            f"asked:{woman}:{key}",
        ),
        OPERATOR,
    )
    village.dispatch()
    later(village, hours=2)


DAY = timedelta(days=1)


@pytest.fixture
def both(village: Village) -> tuple[UUID, UUID]:
    village.clock.moment = at(MONDAY, "10:00")
    return village.woman(HERS, "Thato"), village.woman(HERS, "Lerato")


def contacts(village: Village) -> list[UUID]:
    return [row.client_id for row in village.rows(Contact.client_id)]


def test_the_one_who_was_asked_has_answered(village: Village, both: tuple[UUID, UUID]) -> None:
    asked(village, both[1], "weekly")
    assert say(village, "1") == ["Thank you Lerato. Stay well. Your team"]
    assert contacts(village) == [both[1]]


@pytest.mark.parametrize("digit", ["1", "2"])
def test_where_both_were_asked_nobody_guesses_whose_answer_it_is(
    village: Village, both: tuple[UUID, UUID], digit: str
) -> None:
    coordinator = village.staff("Lineo", "+26658100051", Role.COORDINATOR)
    for woman in both:
        asked(village, woman, "weekly")
    (answer,) = say(village, digit)
    assert not {"Thato", "Lerato"} & set(answer.split())
    (task,) = village.rows(Task.kind, Task.client_id, Task.owner_id)
    codes = [row.code for row in village.rows(Client.code)]
    assert (task.kind.value, task.client_id, task.owner_id) == ("read_message", None, coordinator)
    assert all(code in notes(village)[0] for code in codes)
    assert contacts(village) == []


def test_the_second_answer_is_the_other_s_once_one_has_answered_in_the_menu_or_by_text(
    village: Village, both: tuple[UUID, UUID]
) -> None:
    asked(village, both[0], "weekly")
    say(village, "1")
    later(village, hours=1)
    asked(village, both[1], "weekly")
    assert say(village, "1") == ["Thank you Lerato. Stay well. Your team"]


def test_a_visit_that_was_confirmed_waits_for_no_answer(village: Village, both: tuple[UUID, UUID]) -> None:
    visit = village.visit(both[0], WEDNESDAY)
    village.work_through(at(MONDAY, "18:00"), at(MONDAY + DAY, "10:30"))
    say(village, "1")
    assert village.visit_state(visit) == ("planned", True)
    later(village, hours=1)
    asked(village, both[1], "weekly")
    say(village, "2")
    (task,) = village.rows(Task.kind, Task.client_id)
    assert (task.kind.value, task.client_id) == ("needs_help", both[1])


def test_a_call_is_asked_for_by_whoever_uses_the_phone_where_nobody_can_tell(
    village: Village, both: tuple[UUID, UUID]
) -> None:
    for woman in both:
        asked(village, woman, "weekly")
    (answer,) = say(village, "3")
    assert answer == "Thank you. Someone will call you between 09:00 and 17:00."
    assert [row.client_id for row in village.rows(Task.client_id)] == [None]


def test_a_yes_says_whose_the_number_is_of_the_one_who_was_asked_alone(village: Village) -> None:
    village.clock.moment = at(MONDAY, "10:00")
    mother = village.woman(HERS, "Thato", phone_confirmed=False)
    daughter = village.woman(HERS, "Lerato", phone_confirmed=False)
    asked(village, daughter, "confirm_number")
    say(village, "1")
    assert {row.person_id: row.confirmed_at is not None for row in village.links()} == {
        mother: False,
        daughter: True,
    }


# --- one woman, several questions -------------------------------------------------------------------------


def test_after_two_questions_a_digit_answers_the_last_one_and_the_other_stays_open(village: Village) -> None:
    village.clock.moment = at(MONDAY, "08:00")
    woman = village.woman(HERS)
    visit = village.visit(woman, WEDNESDAY)
    village.work_through(at(MONDAY, "18:00"), at(MONDAY + DAY, "10:30"))
    asked(village, woman, "weekly")
    assert say(village, "1") == ["Thank you Thato. Stay well. Your team"]
    later(village)
    assert say(village, "1") == ["Thank you Thato. Stay well. Your team"]
    assert village.visit_state(visit) == ("planned", False)


def test_she_may_change_her_mind(village: Village) -> None:
    village.visit(village.woman(HERS), WEDNESDAY)
    village.work_through(at(MONDAY, "18:00"), at(MONDAY + DAY, "10:30"))
    say(village, "1")
    later(village)
    say(village, "2")
    assert village.tasks() == ["new_date"]


@pytest.mark.parametrize("key", ["coded", "fallback", "help_info"])
def test_two_after_a_text_that_is_about_no_date_asks_for_help_and_not_for_a_date(
    village: Village, key: str
) -> None:
    woman = village.woman(HERS)
    village.visit(woman, WEDNESDAY)
    village.work_through(at(MONDAY, "18:00"), at(MONDAY + DAY, "10:30"))
    asked(village, woman, key)
    say(village, "2")
    assert village.tasks() == ["needs_help"]


def test_an_answer_after_two_weeks_is_to_no_question(village: Village, both: tuple[UUID, UUID]) -> None:
    for woman in both:
        asked(village, woman, "weekly")
    later(village, days=15)
    assert say(village, "1") == ["Thank you."]
    assert village.tasks() == []


def test_a_text_that_never_left_asked_nothing(village: Village, both: tuple[UUID, UUID]) -> None:
    asked(village, both[0], "weekly")
    village.put(MessageClass.C, both[1])
    assert village.state(village.put(MessageClass.C, both[1])) == MessageState.QUEUED
    assert "Thank you Thato. Stay well. Your team" in say(village, "1")


# --- a woman without airtime ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["3", "ntetsetse", "Please call me", "Please Call Me +266 5810 0099. Win a car!"]
)
def test_a_number_that_nobody_knows_may_ask_for_a_call(village: Village, text: str) -> None:
    (answer,) = say(village, text, STRANGERS)
    assert answer == "Rea leboha. U tla letsetsoa pakeng tsa 09:00 le 17:00."
    assert village.tasks() == ["call_me"]


def test_a_network_that_asks_for_somebody_opens_a_call_with_her_number_in_it(village: Village) -> None:
    text = "Please call +26658100099"
    sms.take(village.parts, "fake", TextReceived("pcm-1", "VCL", None, text, None))
    assert (village.tasks(), notes(village)) == (["call_me"], [f"VCL: {text}"])
    stored = village.store.read(
        lambda reading: reading.connection.execute(select(Inbound.meaning, Inbound.person_id)).one()
    )
    assert stored == ("call_me", None)
