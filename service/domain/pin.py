"""The number that a member of staff keeps in her head."""

import secrets
from itertools import pairwise
from typing import Final

LENGTH: Final = 6
FEWEST_DIGITS: Final = 3
"""Different digits that a PIN must have at least."""


def is_weak(pin: str) -> bool:
    """Whether a PIN is among those that people try first: rows, repeats, and few different digits."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(pin == pin[:block] * (len(pin) // block) for block in range(1, len(pin)))
    return len(set(pin)) < FEWEST_DIGITS or len(steps) == 1 or repeats


def draw_pin() -> str:
    """A PIN at random that is not weak."""
    while is_weak(pin := f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"):
        pass
    return pin
