"""Which PINs are too easily guessed."""

import pytest

from service.domain.pin import LENGTH, draw_pin, is_weak


@pytest.mark.parametrize(
    "pin", ["111111", "123456", "654321", "890123", "135791", "121212", "123123", "112211", "266266"]
)
def test_a_pin_that_people_try_first_is_weak(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["418302", "100237", "990142"])
def test_a_pin_without_a_pattern_is_not_weak(pin: str) -> None:
    assert not is_weak(pin)


def test_a_drawn_pin_has_six_digits_and_is_not_weak() -> None:
    drawn = {draw_pin() for _ in range(200)}
    assert all(len(pin) == LENGTH and pin.isdigit() and not is_weak(pin) for pin in drawn)
    assert len(drawn) > 190
