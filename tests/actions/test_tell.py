"""What a client tells and changes behind her PIN, and what people have to do about it."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from service.actions import enrol, pins
from service.domain.people import SYSTEM
from service.store.models.care import Task
from service.store.models.messages import Message
from service.store.models.people import Client, Infant, Person
from service.store.models.plans import ClientChoice
from tests.actions.calling import Call, press
from tests.actions.talk import HERS, notes
from tests.worker.village import MONDAY, Village

PIN = "7291"
AWAY, TROUBLE, CHILD, FEELINGS = (PIN, "1"), (PIN, "2"), (PIN, "3"), (PIN, "4")
SAFE, DETAILS = (PIN, "5", "1"), (PIN, "5", "2")
WISHES = (PIN, "5", "3")
ANOTHER = "58100002"


@pytest.fixture
def village(sqlite_village: Village) -> Village:
    return sqlite_village


@pytest.fixture
def woman(village: Village) -> UUID:
    woman_id = village.woman()
    village.store.write(lambda tx: pins.choose(tx, woman_id, [woman_id], PIN), SYSTEM)
    return woman_id


def baby(village: Village, mother: UUID) -> UUID:
    new = enrol.NewInfant(mother, "Neo", MONDAY - timedelta(days=200))
    return village.store.write(lambda tx: enrol.enrol_infant(tx, new, "en"), SYSTEM)


@pytest.mark.parametrize(
    ("keys", "kind", "note"),
    [
        ((*AWAY, "1"), "early_refill", ""),
        ((*AWAY, "2", "2"), "going_away", "months"),
        (TROUBLE, "side_effects", ""),
        ((*FEELINGS, "2", "3"), "mood", ""),
        ((*FEELINGS, "4", "4"), "mood", ""),
        ((*CHILD, "3", "1"), "loss", ""),
    ],
)
def test_what_she_tells_becomes_a_task(
    village: Village, woman: UUID, keys: tuple[str, ...], kind: str, note: str
) -> None:
    press(village, *keys)
    assert [tuple(row) for row in village.rows(Task.kind, Task.client_id)] == [(kind, woman)]
    assert notes(village) == [note]


def test_side_effects_lead_to_the_danger_signs_first(village: Village, woman: UUID) -> None:
    assert "Bleeding" in press(village, *TROUBLE)
    assert "NOW" in press(village, *TROUBLE, "1")
    assert village.tasks() == ["danger", "side_effects"]


@pytest.mark.parametrize("answers", [("1", "1"), ("2", "2"), ("3", "1"), ("1", "3")])
def test_a_sum_below_three_is_nobodys_task_and_she_reads_the_same(
    village: Village, woman: UUID, answers: tuple[str, str]
) -> None:
    thanks = press(village, *FEELINGS, *answers)
    assert village.tasks() == []
    assert press(village, *FEELINGS, "4", "4") == thanks


def test_mood_is_to_be_looked_at_within_three_days(village: Village, woman: UUID) -> None:
    press(village, *FEELINGS, "4", "4")
    (task,) = village.rows(Task.opened_at, Task.due_at)
    assert task.due_at - task.opened_at <= timedelta(days=3)


def test_safety_at_home_asks_for_a_word_once_and_texts_nobody(village: Village, woman: UUID) -> None:
    village.staff("Palesa", "+26658100050", on_call=True)
    assert "Choose a word" in press(village, *SAFE, "1")
    press(village, *SAFE, "1", "Thaba", "1")
    (row,) = village.rows(Client.code_word)
    assert village.store.vault.open(Client.code_word, woman, row.code_word) == "Thaba"
    assert "only if you say your word" in press(village, *SAFE, "1")
    assert village.tasks() == ["safety"]
    assert village.rows(Message.id) == []


def test_a_birth_waits_for_a_person_to_verify_it(village: Village, woman: UUID) -> None:
    assert "Neo, born Sunday 1 November 2026" in press(village, *CHILD, "1", "neo", "0111")
    press(village, *CHILD, "1", "neo", "0111", "1")
    (born,) = village.rows(Infant.id, Infant.state, Infant.mother_id)
    assert (born.state, born.mother_id) == ("pending", woman)
    (person,) = [row for row in village.rows(Person.id, Person.born_on) if row.id == born.id]
    assert person.born_on == date(2026, 11, 1)
    assert [tuple(row) for row in village.rows(Task.kind, Task.subject_id)] == [("verify", born.id)]


def test_the_day_of_weaning_is_known_from_now_on(village: Village, woman: UUID) -> None:
    assert "no baby here" in press(village, *CHILD, "2")
    infant = baby(village, woman)
    press(village, *CHILD, "2", "1", "2011", "1")
    assert [tuple(row) for row in village.rows(Infant.id, Infant.weaned_on)] == [(infant, date(2026, 11, 20))]
    assert village.tasks() == ["weaned"]


def test_a_baby_that_is_hers_no_more_is_not_hers_to_wean(village: Village, woman: UUID) -> None:
    other = village.woman("+26658100002", "Lineo")
    hers = baby(village, woman)
    call = Call(village)
    call.type(*CHILD, "2", "1", "2011")
    given_away = update(Infant).where(Infant.id == hers).values(mother_id=other)
    village.store.write(lambda tx: tx.connection.execute(given_away), SYSTEM)
    call.type("1")
    assert village.rows(Infant.weaned_on) == [(None,)]


def test_she_may_be_called_something_else(village: Village, woman: UUID) -> None:
    press(village, *DETAILS, "1", "lerato", "1")
    (row,) = village.rows(Person.name)
    assert village.store.vault.open(Person.name, woman, row.name) == "Lerato"


def test_at_a_shared_phone_nobody_takes_the_name_of_another(village: Village, woman: UUID) -> None:
    village.woman(nickname="Lerato")
    press(village, *DETAILS, "1", "lerato", "1")
    names = {
        row.id: village.store.vault.open(Person.name, row.id, row.name)
        for row in village.rows(Person.id, Person.name)
    }
    assert names[woman] == "Thato"
    assert village.tasks() == ["check_number"]


def test_a_new_number_is_asked_first_and_the_old_one_is_silent_at_once(village: Village, woman: UUID) -> None:
    waiting = village.put(person=woman)
    assert "+26658100002" in press(village, *DETAILS, "2", ANOTHER)
    press(village, *DETAILS, "2", ANOTHER, "1")
    assert village.state(waiting) == "cancelled"
    village.clock.moment += timedelta(hours=2)
    village.dispatch()
    assert [(sent.to.e164, "number" in sent.text) for sent in village.gateway.sent] == [
        ("+26658100002", True)
    ]
    assert "PIN e fosahetse" in press(village, "5", "5", PIN, phone=HERS)
    assert "What would you like" in press(village, PIN, phone="+26658100002")


@pytest.mark.parametrize("typed", ["12", "22310000", "581000021"])
def test_what_is_no_mobile_number_gets_a_hint(village: Village, woman: UUID, typed: str) -> None:
    assert press(village, *DETAILS, "2", typed).startswith("That is not a mobile number.")


def wished(village: Village) -> list[tuple[str, time | None]]:
    rows = village.rows(ClientChoice.choice, ClientChoice.at, ClientChoice.ended_at)
    return sorted((row.choice.value, row.at) for row in rows if row.ended_at is None)


def test_she_is_asked_how_she_is_as_often_as_she_said_last(village: Village, woman: UUID) -> None:
    for key, now in (("1", ["weekly_check_in"]), ("2", ["monthly_check_in"]), ("2", ["monthly_check_in"])):
        press(village, *WISHES, "1", key)
        assert [choice for choice, _ in wished(village)] == now
    press(village, *WISHES, "1", "3")
    assert wished(village) == []


def test_a_sign_comes_at_the_hour_that_she_named_last(village: Village, woman: UUID) -> None:
    for key, hour in (("1", 10), ("4", 16)):
        press(village, *WISHES, "2", key)
        assert wished(village) == [("coded_reminder", time(hour))]
    press(village, *WISHES, "2", "5")
    assert wished(village) == []


def test_a_text_after_a_call_that_was_cut_off_is_a_wish_of_its_own(village: Village, woman: UUID) -> None:
    press(village, *WISHES, "2", "2")
    press(village, *WISHES, "3", "1")
    assert [choice for choice, _ in wished(village)] == ["coded_reminder", "cut_off"]
    press(village, *WISHES, "3", "2")
    assert [choice for choice, _ in wished(village)] == ["coded_reminder"]


def test_a_wish_is_of_whoever_typed_her_pin(village: Village, woman: UUID) -> None:
    village.woman(HERS, "Lineo")
    press(village, *WISHES, "1", "1")
    assert [row.client_id for row in village.rows(ClientChoice.client_id)] == [woman]
