"""She takes herself in: pending until a person has spoken to her."""

import pytest

from service.actions import pins
from service.domain.people import SYSTEM
from service.store.models.people import Client, Person, PersonPhone
from tests.actions.calling import HERS, press
from tests.worker.village import Village


@pytest.fixture
def village(sqlite_village: Village) -> Village:
    return sqlite_village


REGISTER = ("5", "3")
PIN = "7291"


def test_whoever_registers_is_pending_with_neutral_words_and_an_unconfirmed_number(village: Village) -> None:
    assert "Re boloka nomoro ena" in press(village, *REGISTER)
    press(village, *REGISTER, "lineo", PIN)
    (woman,) = village.rows(Client.id, Client.state, Client.wording, Client.verified_at, Client.site_id)
    assert (woman.state, woman.wording, woman.verified_at) == ("pending", "T0", None)
    assert woman.site_id == village.site
    (link,) = village.rows(PersonPhone.confirmed_at, PersonPhone.owner)
    assert (link.confirmed_at, link.owner) == (None, "shared")
    assert village.tasks() == ["verify"]


def test_the_pin_that_she_chose_opens_the_door(village: Village) -> None:
    press(village, *REGISTER, "lineo", PIN)
    assert "U batla ho re bolella eng?" in press(village, PIN)


def test_easy_pins_are_refused_with_a_hint_and_lose_nothing(village: Village) -> None:
    assert "bonolo" in press(village, *REGISTER, "lineo", "1234")
    assert "4 ho isa ho tse 6" in press(village, *REGISTER, "lineo", "12")
    press(village, *REGISTER, "lineo", "1234", PIN)
    assert len(village.rows(Client.id)) == 1


def test_whoever_registers_again_corrects_what_she_said(village: Village) -> None:
    press(village, *REGISTER, "lineo", PIN)
    press(village, *REGISTER, "limpho", "4063")
    (woman,) = village.rows(Person.id, Person.name)
    assert village.store.vault.open(Person.name, woman.id, woman.name) == "Limpho"
    assert "U batla" in press(village, "4063")
    assert "U batla" not in press(village, PIN)
    assert village.tasks() == ["verify"]


def test_whoever_is_known_sees_the_same_and_keeps_her_pin(village: Village) -> None:
    woman = village.woman(language="st")
    village.store.write(lambda tx: pins.choose(tx, woman, [woman], PIN), SYSTEM)
    hers = press(village, *REGISTER, "thato", "4063")
    strangers = press(village, *REGISTER, "thato", "4063", phone="+26658100099")
    assert hers == strangers
    assert "U batla" not in press(village, "4063")
    assert "U batla" in press(village, PIN)


def test_a_second_woman_may_register_at_the_same_phone(village: Village) -> None:
    village.woman(nickname="Thato")
    press(village, *REGISTER, "lineo", PIN)
    assert sorted(row.state for row in village.rows(Client.state)) == ["active", "pending"]


def test_a_pin_that_another_at_the_phone_has_is_not_taken(village: Village) -> None:
    woman = village.woman(language="en")
    village.store.write(lambda tx: pins.choose(tx, woman, [woman], PIN), SYSTEM)
    assert "choose another PIN" in press(village, *REGISTER, "lineo", PIN, phone=HERS)
