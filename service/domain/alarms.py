"""Danger in people's hands: who is asked what, and how soon. All of it is to be approved before go-live."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

ALARM_EVERY: Final = timedelta(minutes=10)
"""How long each person has who hears of danger: 10, 20 and 30 minutes until the last of them is asked."""

ALARM_AGAIN: Final = timedelta(hours=1)
"""How often the last who is alarmed is alarmed again until somebody says "I have it"."""


class Asked(StrEnum):
    WHO_HAS_IT = "who_has_it"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Question:
    """``after`` counts from when somebody said "I have it"; it is put once."""

    after: timedelta
    asked: Asked


WHAT_CAME_OF_IT: Final = (
    Question(timedelta(hours=1), Asked.WHO_HAS_IT),
    Question(timedelta(hours=3), Asked.COORDINATOR),
)
"""The texts about danger that somebody has and of which nothing is noted. No guideline gives these hours.

After the last of them it stays on top of the lists, and whoever watches the service sees it.
"""

UNSETTLED_AFTER: Final = WHAT_CAME_OF_IT[-1].after
"""How old danger is that should have been settled by now, whoever has it."""


def reached(elapsed: timedelta) -> Question | None:
    """The last question whose time has come; those before it are not put any more."""
    return next((one for one in reversed(WHAT_CAME_OF_IT) if one.after <= elapsed), None)


def following(elapsed: timedelta) -> Question | None:
    """The next question whose time is still to come."""
    return next((one for one in WHAT_CAME_OF_IT if one.after > elapsed), None)
