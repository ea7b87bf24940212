"""The number that a person keeps in her head."""

import secrets
from itertools import pairwise
from typing import Final

LENGTH: Final = 6
"""Digits of a PIN that we draw; whoever chooses her own may do with fewer."""

SHORTEST: Final = 4
FEWEST_DIGITS: Final = 3
"""Different digits that a PIN must have at least."""


_CENTURIES: Final = ("19", "20")


def is_pin(text: str) -> bool:
    """Whether the text can be a PIN at all: four to six ASCII digits."""
    return SHORTEST <= len(text) <= LENGTH and text.isascii() and text.isdigit()


def is_weak(pin: str) -> bool:
    """Whether a PIN is among those that people try first: rows, repeats, few different digits, and years."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(pin == pin[:block] * (len(pin) // block) for block in range(1, len(pin)))
    is_year = len(pin) == SHORTEST and pin.startswith(_CENTURIES)
    return len(set(pin)) < FEWEST_DIGITS or len(steps) == 1 or repeats or is_year


def draw_pin() -> str:
    """A PIN at random that is not weak."""
    while is_weak(pin := f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"):
        pass
    return pin
