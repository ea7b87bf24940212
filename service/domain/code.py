"""The six-digit code by which staff speak of a client without naming her."""

import secrets
from typing import Final

_TABLE: Final = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
"""The quasigroup of Damm (2004): finds every single wrong digit and every swap of neighbours."""


def check_digit(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _TABLE[int(interim)][int(digit)]
    return interim


def is_code(text: str) -> bool:
    """Whether the text is six ASCII digits whose last one fits the five before it."""
    return len(text) == 6 and text.isascii() and text.isdigit() and check_digit(text[:5]) == text[5]


def draw_code() -> str:
    """A code at random; the caller makes sure that nobody has it yet."""
    digits = f"{secrets.randbelow(100_000):05d}"
    return digits + check_digit(digits)
