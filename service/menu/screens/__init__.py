"""Every screen by its name. The names are stored with sessions: to change one is a migration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from service.menu.machine import ScreenFunction, ScreenSet
from service.menu.screens import advice, came, dates, first, settings, stopping, unwell
from service.menu.speech import Words

SCREENS: Final[Mapping[str, ScreenFunction]] = MappingProxyType(
    {
        "home": first.home,
        "more": first.more,
        "welcome_back": first.welcome_back,
        "call_asked": first.call_asked,
        "next_date": dates.next_date,
        "date_confirmed": dates.date_confirmed,
        "other_day": dates.other_day,
        "day_asked": dates.day_asked,
        "unwell": unwell.unwell,
        "signs_mother": unwell.signs_mother,
        "signs_mother_more": unwell.signs_mother_more,
        "signs_baby": unwell.signs_baby,
        "signs_baby_more": unwell.signs_baby_more,
        "go_now": unwell.go_now,
        "help_coming": unwell.help_coming,
        "came": came.came,
        "came_noted": came.came_noted,
        "advice": advice.advice,
        **{topic.value: advice.read(topic) for topic in advice.Topic},
        "change": settings.change,
        "language": settings.language,
        "times": settings.times,
        "times_set": settings.times_set,
        "started": settings.started,
        "stop": stopping.stop,
        "stopped": stopping.stopped,
    }
)

FRANK: Final = frozenset(
    {"signs_mother", "signs_mother_more", "signs_baby", "signs_baby_more", "go_now", "help_coming"}
    | {"advice", *advice.Topic}
)
"""Where somebody may be in danger, and where any mother may read, plain words come before discretion."""


def menu(words: Words) -> ScreenSet:
    """The whole menu, said in these words."""
    return ScreenSet(SCREENS, words, frank=FRANK)
