"""What a text says, as somebody who reads it on the phone would take it. Knows no template."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS = {
    word: number
    for names in (
        "January February March April May June July August September October November December",
        "Pherekhong Hlakola Hlakubele 'Mesa Mots'eanong Phupjane "
        "Phupu Phato Loetse Mphalane Pulungoana Ts'itoe",
    )
    for number, word in enumerate(names.split(), start=1)
}
DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b")


class Sense(StrEnum):
    DATE = "a date"
    TOMORROW = "tomorrow"
    MISSED_YESTERDAY = "we missed you yesterday"
    MISSED = "we missed you"
    WHOSE_PHONE = "is this still her phone"
    HOW_ARE_YOU = "how are you"
    TO_STAFF = "something to the staff"
    INVITED = "you are invited"
    OFF = "please do not come"
    OTHER = "something else"


_SIGNS = (
    (Sense.INVITED, ("you are invited on", "re u mema ho tla ka")),
    (Sense.OFF, ("please do not come on", "u se ke ua tla ka")),
    (Sense.MISSED_YESTERDAY, ("missed you yesterday", "maobane ha rea u bona")),
    (Sense.MISSED, ("missed you", "thinking of you", "ha rea u bona", "ntse re u hopola")),
    (Sense.TOMORROW, ("tomorrow,", "hosane,")),
    (Sense.HOW_ARE_YOU, ("how are you?", "u phela joang?")),
    (Sense.WHOSE_PHONE, ("Is this still the phone", "e ntse e le nomoro")),
)


@dataclass(frozen=True)
class Said:
    sense: Sense
    day: date | None


def read(text: str, today: date) -> Said:
    """A day without a year is the next such day, today included."""
    day = _day(text, today)
    for sense, signs in _SIGNS:
        if any(sign in text for sign in signs):
            return Said(sense, day)
    return Said(Sense.DATE if day else Sense.OTHER, day)


def _day(text: str, today: date) -> date | None:
    found = DATE.search(text)
    if found is None:
        return None
    number, month = int(found[1]), MONTHS[found[2]]
    year = today.year if (month, number) >= (today.month, today.day) else today.year + 1
    return date(year, month, number)
