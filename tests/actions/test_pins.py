"""The PIN at the door: who gets in, how often anybody may try, and what those outside learn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from service.actions import pins
from service.domain.people import SYSTEM
from service.store.models.people import Credential
from tests.actions.calling import HERS, Call, press
from tests.actions.talk import STRANGERS
from tests.worker.village import Village

RIGHT, WRONG = "7291", "7292"
DOOR = ("5", "5")
AT_HOME = "1 My next date"
REFUSED = "Wrong PIN, try again"
INSIDE = "What would you like to tell us?"


def woman_with_pin(village: Village, phone: str = HERS, nickname: str = "Thato", pin: str = RIGHT) -> UUID:
    woman = village.woman(phone, nickname)
    assert village.store.write(lambda tx: pins.choose(tx, woman, [woman], pin), SYSTEM)
    return woman


def fails(village: Village, times: int) -> None:
    for _ in range(times):
        assert press(village, *DOOR, WRONG).startswith(REFUSED)


def gets_in(village: Village, pin: str = RIGHT, phone: str = HERS) -> bool:
    return INSIDE in press(village, *DOOR, pin, phone=phone)


def later(village: Village, **time: int) -> None:
    village.clock.moment += timedelta(**time)


def test_a_right_pin_opens_on_the_first_screen_or_at_the_door(village: Village) -> None:
    woman_with_pin(village)
    assert gets_in(village)
    assert INSIDE in press(village, RIGHT)


def test_a_wrong_pin_a_client_without_one_and_a_stranger_look_the_same(village: Village) -> None:
    woman_with_pin(village)
    village.woman("+26658100002", "Lineo")
    seen = {
        keys: {press(village, *keys, phone=phone) for phone in (HERS, "+26658100002")}
        for keys in ((*DOOR, WRONG), (WRONG,), (*DOOR, WRONG, WRONG), DOOR)
    }
    assert all(len(screens) == 1 for screens in seen.values())
    english = Call(village, STRANGERS)
    english.type("5", "4", "1", "1")  # which is the one thing that may differ
    for keys, screens in seen.items():
        assert {press(village, *keys, phone=STRANGERS)} == screens


def test_the_fifth_wrong_try_lets_it_rest_for_half_an_hour(village: Village) -> None:
    woman_with_pin(village)
    fails(village, 5)
    assert not gets_in(village)
    later(village, minutes=29)
    assert not gets_in(village)
    later(village, minutes=1)
    assert gets_in(village)


def test_a_right_try_wipes_out_the_wrong_ones(village: Village) -> None:
    woman_with_pin(village)
    for _ in range(3):
        fails(village, 4)
        assert gets_in(village)


def test_after_ten_wrong_tries_only_staff_can_help(village: Village) -> None:
    woman = woman_with_pin(village)
    fails(village, 5)
    later(village, minutes=30)
    fails(village, 5)
    later(village, days=3)
    assert not gets_in(village)
    assert village.tasks() == ["pin_locked"]
    village.store.write(lambda tx: pins.let_choose(tx, woman), SYSTEM)
    assert gets_in(village, "4063")
    assert gets_in(village, "4063")
    assert not gets_in(village, RIGHT)


def test_leave_to_choose_a_pin_ends_after_a_day_and_is_good_once(village: Village) -> None:
    woman = village.woman()
    village.store.write(lambda tx: pins.let_choose(tx, woman), SYSTEM)
    assert "easy to guess" in press(village, *DOOR, "1234")
    later(village, hours=25)
    assert not gets_in(village)
    village.store.write(lambda tx: pins.let_choose(tx, woman), SYSTEM)
    assert gets_in(village)
    assert not gets_in(village, "4063")


def test_at_a_shared_phone_each_pin_opens_its_own_door(village: Village) -> None:
    woman_with_pin(village, nickname="Thato")
    woman_with_pin(village, nickname="Lineo", pin="4063")
    for _ in range(12):
        assert gets_in(village, RIGHT)
        assert gets_in(village, "4063")


def test_nobody_may_choose_the_pin_of_another_at_the_phone(village: Village) -> None:
    woman_with_pin(village, nickname="Thato")
    daughter = village.woman(HERS, "Lineo")
    village.store.write(lambda tx: pins.let_choose(tx, daughter), SYSTEM)
    thatos = press(village, *DOOR, RIGHT)
    assert INSIDE in thatos
    everybody = [row.person_id for row in village.links()]
    assert not village.store.write(lambda tx: pins.choose(tx, daughter, everybody, RIGHT), SYSTEM)


def test_twenty_sessions_that_guess_at_once_get_five_guesses(village: Village) -> None:
    woman_with_pin(village)
    calls = [Call(village) for _ in range(20)]
    for call in calls:
        call.type(*DOOR)
    with ThreadPoolExecutor(20) as guessing:
        screens = list(guessing.map(lambda call: call.type(WRONG), calls))
    assert all(screen.startswith(REFUSED) for screen in screens)
    (row,) = village.rows(Credential.failures, Credential.locked_until)
    assert row.failures == pins.TRIES
    assert row.locked_until is not None


def test_of_twenty_right_guesses_after_four_wrong_ones_one_is_looked_at_first(village: Village) -> None:
    """However they come: none is answered before it is counted."""
    woman_with_pin(village)
    fails(village, 4)
    calls = [Call(village) for _ in range(20)]
    guesses = [WRONG] * 19 + [RIGHT]
    with ThreadPoolExecutor(20) as guessing:
        list(guessing.map(lambda pair: pair[0].type(pair[1]), zip(calls, guesses, strict=True)))
    (row,) = village.rows(Credential.failures)
    assert row.failures <= pins.TRIES
