"""The code by which staff speak of a client without naming her: six digits, and seven once those run out.

It is never eight digits long, because a telephone number is.
"""

import secrets
from typing import Final

_TABLE: Final = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
"""The quasigroup of Damm (2004): finds every single wrong digit and every swap of neighbours."""

LENGTHS: Final = (6, 7)
"""A hundred thousand codes of six digits, a million of seven."""


def check_digit(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _TABLE[int(interim)][int(digit)]
    return interim


def is_code(text: str) -> bool:
    """Whether the text is a code's ASCII digits, the last of which fits those before it."""
    return len(text) in LENGTHS and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


def draw_code(length: int) -> str:
    """A code of that many digits at random; the caller makes sure that nobody has it yet."""
    digits = f"{secrets.randbelow(10 ** (length - 1)):0{length - 1}d}"
    return digits + check_digit(digits)
