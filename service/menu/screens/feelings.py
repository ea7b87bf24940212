"""How she feels: the two questions of the PHQ-2, in plain words.

Kroenke, Spitzer and Williams, Medical Care 41 (2003): each answer counts 0 to 3, and a sum of 3 or more is
worth a conversation. Whatever she answers, she reads the same; nothing is called by a name. To be approved by
the clinical lead before go-live.
"""

from typing import Final

from service.domain.effects import TellMood
from service.menu.facts import Facts
from service.menu.screen import End, Menu, Option, Say, Screen, say
from service.menu.session import Session

HOW_OFTEN: Final = range(4)


def feel(_session: Session, _facts: Facts) -> Screen:
    options = (Option(_often(n), "feel_more", keeps=(("feel", str(n)),)) for n in HOW_OFTEN)
    return Menu(say("ussd.feel_first"), tuple(options))


def feel_more(session: Session, _facts: Facts) -> Screen:
    first = int(session.answer("feel"))
    options = (Option(_often(n), "feel_thanks", (TellMood(first + n),)) for n in HOW_OFTEN)
    return Menu(say("ussd.feel_second"), tuple(options))


def feel_thanks(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.feel_thanks"))


def _often(n: int) -> Say:
    return say(f"ussd.feel_{n}")
