"""What she may wish for, each with a yes of her own: a question, a sign, a text after a broken call.

What she wished for before is not shown: whoever reads over her shoulder learns nothing from the questions.
"""

from datetime import time
from typing import Final

from service.domain.effects import EndWish, Wish
from service.domain.people import Choice
from service.menu.facts import Facts
from service.menu.screen import Menu, Option, Screen, named, say
from service.menu.session import Session

SIGN_HOURS: Final = (time(10), time(12), time(14), time(16))
"""Inside the usual safe hours; her own narrow them further."""

CHECK_INS: Final = (Choice.WEEKLY_CHECK_IN, Choice.MONTHLY_CHECK_IN)


def wishes(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.what_to_change"),
        (
            Option(say("ussd.check_in"), "check_in"),
            Option(say("ussd.sign"), "sign_hour"),
            Option(say("ussd.cut_off_text"), "cut_off_text"),
        ),
    )


def check_in(_session: Session, _facts: Facts) -> Screen:
    often = (Option(say(f"ussd.{choice}"), "changed", (Wish(choice),)) for choice in CHECK_INS)
    never = Option(say("ussd.never"), "changed", (EndWish(CHECK_INS),))
    return Menu(say("ussd.check_in_often"), (*often, never))


def sign_hour(_session: Session, _facts: Facts) -> Screen:
    hours = (
        Option(named(f"{hour:%H:%M}"), "changed", (Wish(Choice.CODED_REMINDER, hour),)) for hour in SIGN_HOURS
    )
    none = Option(say("ussd.no_sign"), "changed", (EndWish((Choice.CODED_REMINDER,)),))
    return Menu(say("ussd.sign_when"), (*hours, none))


def cut_off_text(_session: Session, _facts: Facts) -> Screen:
    yes = Option(say("ussd.yes"), "changed", (Wish(Choice.CUT_OFF),))
    no = Option(say("ussd.no"), "changed", (EndWish((Choice.CUT_OFF,)),))
    return Menu(say("ussd.cut_off_text_check"), (yes, no))
