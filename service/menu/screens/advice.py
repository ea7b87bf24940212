"""Something to read for any mother, the same for every caller.

The facts are the WHO's (Pregnancy, Childbirth, Postpartum and Newborn Care; Integrated Management of
Childhood Illness; Infant and young child feeding) and are to be approved by the clinical lead before go-live.
"""

from enum import StrEnum

from service.menu.facts import Facts
from service.menu.machine import ScreenFunction
from service.menu.screen import Menu, Option, Pages, Screen, say
from service.menu.screens.first import CALL_ME
from service.menu.session import Session


class Topic(StrEnum):
    MOTHER = "advice_mother"
    BABY = "advice_baby"
    FEEDING = "advice_feeding"
    FOOD = "advice_food"


def advice(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.advice_choice"), tuple(Option(say(f"ussd.{topic}"), topic.value) for topic in Topic)
    )


def read(topic: Topic) -> ScreenFunction:
    """The screen on which a topic is read."""
    text = say(f"ussd.{topic}_text")
    return lambda _session, _facts: Pages(text, (Option(say("ussd.read_again"), "advice"), CALL_ME))
