"""What people press who do not read the screen: mostly an answer that is there, sometimes anything at all."""

import re
from random import Random
from typing import Final

from service.domain.phone import Phone
from tests.journeys.desk import MENTORS_PHONE, PIN, code

HER_PIN: Final = "4063"
HER_PHONE: Final = Phone("+26658100002")
PINS: Final = {MENTORS_PHONE: PIN, HER_PHONE: HER_PIN}

PHONES: Final = (
    MENTORS_PHONE,
    MENTORS_PHONE,
    HER_PHONE,
    *(Phone(f"+2665810000{number}") for number in range(1, 7)),
    *(Phone(f"+2665810009{number}") for number in range(6, 10)),
)
"""A Mentor Mother, who calls more often than anybody, her clients, and some whom nobody knows."""

_AT_HOME: Final = re.compile(r"1 (My next date|Letsatsi la ka)")
_NUMBERED: Final = re.compile(r"^([1-5]) ", re.MULTILINE)
_TYPED: Final = (
    *("2211", "0112", "01122026", "3102", "Thato", "Neo", "HIV", "58100077", "+27 58 100 077", "58100001"),
    *(code(number) for number in range(10001, 10007)),
    *(PIN, HER_PIN, "7292", "1234", "86420", "", " ", "?", "99", "6", "00", "#", "*", "1*2", "**"),
    *("x" * 170, "ts'oelo", "tšepo", "☺", "1 ", "Ha", "\t", "0"),
)


def pressed(chance: Random, phone: Phone, screen: str) -> str:
    if phone in PINS and _AT_HOME.search(screen) and chance.random() < 0.5:
        return PINS[phone]
    shown: list[str] = _NUMBERED.findall(screen)
    kind = chance.random()
    if shown and kind < 0.75:
        return chance.choice(shown)
    return "0" if kind < 0.8 else chance.choice(_TYPED)


def dialled(chance: Random) -> str:
    """The answers in a dial string: none, most of the time."""
    if chance.random() < 0.95:
        return ""
    return "*".join(chance.choice("12345") for _ in range(chance.randint(1, 6)))
