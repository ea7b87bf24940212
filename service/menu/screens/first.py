"""What everybody meets who dials, known to the service or not."""

from service.domain.effects import AskForCall
from service.menu.facts import Facts
from service.menu.machine import EARLIER
from service.menu.screen import End, Menu, Option, Screen, say
from service.menu.session import Session

CALL_ME = Option(say("ussd.ask_call"), "call_asked", (AskForCall(),))


def home(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.home"),
        (
            Option(say("ussd.next_date"), "next_date"),
            CALL_ME,
            Option(say("ussd.unwell"), "unwell"),
            Option(say("ussd.stop"), "stop"),
            Option(say("ussd.more"), "more"),
        ),
    )


def more(_session: Session, _facts: Facts) -> Screen:
    """What is wanted less often."""
    return Menu(
        say("ussd.home"),
        (
            Option(say("ussd.came"), "came"),
            Option(say("ussd.advice"), "advice"),
            Option(say("ussd.register"), "register"),
            Option(say("ussd.change"), "change"),
            Option(say("ussd.enter_pin"), "door"),
        ),
    )


def welcome_back(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.cut_off"),
        (Option(say("ussd.go_on"), EARLIER), Option(say("ussd.start_again"), "home")),
    )


def call_asked(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.call_asked"))
