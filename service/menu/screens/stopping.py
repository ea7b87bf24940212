"""Two key-presses from the first screen, and no PIN: whoever holds the phone may have silence."""

from service.domain.effects import StopMessages
from service.menu.facts import Facts
from service.menu.screen import End, Menu, Option, Screen, say
from service.menu.session import Session


def stop(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.stop_all"),
        (Option(say("ussd.yes"), "stopped", (StopMessages(),)), Option(say("ussd.no"), "home")),
    )


def stopped(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.stopped"))
