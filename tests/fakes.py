"""Stand-ins for the outside world."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from service.menu.desk import Child
from service.menu.facts import NextVisit, Room
from service.menu.imagined import EXAMPLE_PIN, Imagined

FakeFacts = Imagined
"""Facts are plain values, so the ones with which the screen compiler works serve in tests as well."""

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType({"en": "English", "st": "Sesotho"})
A_VISIT: Final = UUID(int=1)
A_DAY: Final = date(2026, 11, 26)
OTHER_DAYS: Final = (date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1))
TRANSPORT: Final = "000 000"
"""No number of anybody."""

STRANGER: Final = FakeFacts("en", LANGUAGES, transport=TRANSPORT)
MOTHER: Final = replace(STRANGER, visit=NextVisit(A_VISIT, A_DAY), days=OTHER_DAYS)
INVITED: Final = replace(STRANGER, visit=NextVisit(A_VISIT, A_DAY, is_event=True))
SHARED_PHONE: Final = replace(MOTHER, visit=NextVisit(A_VISIT, A_DAY, hidden=True))
PIN: Final = EXAMPLE_PIN
MENTOR: Final = replace(STRANGER, room=Room.DESK)
BABIES: Final = (Child(UUID(int=3), "Neo"), Child(UUID(int=4), "Pule"))
BEHIND_HER_PIN: Final = replace(MOTHER, room=Room.MINE, babies=BABIES, referrals=("000 001",))
NO_TRANSPORT: Final = replace(STRANGER, transport=None)

CALLERS: Final = {
    "a mother with a date": MOTHER,
    "a mother who is invited": INVITED,
    "a mother whose phone is shared": SHARED_PHONE,
    "a number that nobody knows": STRANGER,
    "a caller where there is no transport": NO_TRANSPORT,
    "a mother who has a PIN": BEHIND_HER_PIN,
}


class PlainWords:
    """Says a text by its key, with its fields behind it; long keys make long texts."""

    def say(self, key: str, language: str, **fields: str) -> str:
        own = [] if key == "ussd.named" else [key.removeprefix("ussd.")]
        return " ".join([*own, *fields.values()])

    def day(self, day: date, language: str, /) -> str:
        return day.isoformat()
