"""Every screen by its name. The names are stored with sessions: to change one is a migration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from service.menu.machine import ScreenFunction, ScreenSet
from service.menu.screens import (
    advice,
    came,
    child,
    dates,
    details,
    door,
    feelings,
    first,
    mine,
    safety,
    settings,
    stopping,
    unwell,
    wishes,
)
from service.menu.screens.desk import DESK
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
        "not_coming": dates.not_coming,
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
        "register": door.register,
        "register_pin": door.register_pin,
        "registered": door.registered,
        "door": door.door,
    }
)

HERS: Final[Mapping[str, ScreenFunction]] = MappingProxyType(
    {
        "mine": mine.mine,
        "mine_back": mine.mine_back,
        "away": mine.away,
        "away_for": mine.away_for,
        "told": mine.told,
        "child": child.child,
        "born_name": child.born_name,
        "born_on": child.born_on,
        "born_check": child.born_check,
        "child_noted": child.child_noted,
        "weaned_who": child.weaned_who,
        "weaned_on": child.weaned_on,
        "weaned_check": child.weaned_check,
        "quiet": child.quiet,
        "quiet_noted": child.quiet_noted,
        "feel": feelings.feel,
        "feel_more": feelings.feel_more,
        "feel_thanks": feelings.feel_thanks,
        "safe": safety.safe,
        "code_word": safety.code_word,
        "code_word_check": safety.code_word_check,
        "safe_called": safety.safe_called,
        "safe_numbers": safety.safe_numbers,
        "details": details.details,
        "name_new": details.name_new,
        "name_check": details.name_check,
        "number_new": details.number_new,
        "number_check": details.number_check,
        "number_noted": details.number_noted,
        "changed": details.changed,
        "wishes": wishes.wishes,
        "check_in": wishes.check_in,
        "sign_hour": wishes.sign_hour,
        "cut_off_text": wishes.cut_off_text,
    }
)
"""What lies behind a client's PIN."""

FRANK: Final = frozenset(
    {"signs_mother", "signs_mother_more", "signs_baby", "signs_baby_more", "go_now", "help_coming"}
    | {"advice", *advice.Topic}
)
"""Where somebody may be in danger, and where any mother may read, plain words come before discretion."""


def menu(words: Words) -> ScreenSet:
    """The whole menu, said in these words."""
    table = {**SCREENS, **HERS, **DESK}
    return ScreenSet(table, words, private=frozenset({*HERS, *DESK}), stepwise=frozenset(DESK), frank=FRANK)
