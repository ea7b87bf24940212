"""To register, and to go through the door. Both look the same to every caller, known or not."""

from service.domain.effects import Outcome, Register
from service.menu.facts import Facts
from service.menu.machine import OUTCOME
from service.menu.screen import Ask, Door, End, NewPin, Screen, say
from service.menu.session import Session
from service.menu.typed import LONGEST_NAME, a_nickname


def register(_session: Session, facts: Facts) -> Screen:
    """What is kept and why is said before anything is asked (Data Protection Act, section 25)."""
    name = a_nickname(facts)
    return Ask(say("ussd.register_name"), "nickname", name, "register_pin", example="W" * LONGEST_NAME)


def register_pin(session: Session, _facts: Facts) -> Screen:
    nickname = session.answers.get("nickname", "")
    return NewPin(say("ussd.register_pin"), "registered", lambda pin: Register(nickname, pin))


def registered(session: Session, _facts: Facts) -> Screen:
    taken = session.answers.get(OUTCOME) == Outcome.PIN_TAKEN
    return End(say("ussd.registered_no_pin") if taken else say("ussd.registered"))


def door(_session: Session, _facts: Facts) -> Screen:
    return Door(say("ussd.door"))
