"""She says that she came. Staff verify it; nobody is asked what came of the visit."""

from service.domain.effects import Patient, SaysAttended
from service.menu.facts import Facts
from service.menu.screen import End, Menu, Option, Screen, say
from service.menu.session import Session


def came(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.who_came"),
        (
            Option(say("ussd.i_came"), "came_noted", (SaysAttended(Patient.HERSELF),)),
            Option(say("ussd.baby_came"), "came_noted", (SaysAttended(Patient.BABY),)),
        ),
    )


def came_noted(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.came_noted"))
