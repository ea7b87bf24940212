"""Her own name and number, changed by herself."""

from service.domain.effects import SetNickname, SetNumber
from service.menu.facts import Facts
from service.menu.screen import Ask, End, Menu, Option, Screen, say
from service.menu.session import Session
from service.menu.typed import LONGEST_NAME, LONGEST_NUMBER, a_nickname, a_number


def details(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.what_to_change"),
        (Option(say("ussd.my_name"), "name_new"), Option(say("ussd.my_number"), "number_new")),
    )


def name_new(_session: Session, facts: Facts) -> Screen:
    return Ask(say("ussd.name_new"), "nickname", a_nickname(facts), "name_check", example="W" * LONGEST_NAME)


def name_check(session: Session, _facts: Facts) -> Screen:
    nickname = session.answer("nickname")
    yes = Option(say("ussd.yes"), "changed", (SetNickname(nickname),))
    return Menu(say("ussd.name_check", n=nickname), (yes, Option(say("ussd.no"), "name_new")))


def number_new(_session: Session, facts: Facts) -> Screen:
    return Ask(say("ussd.number_new"), "number", a_number(facts), "number_check", example=LONGEST_NUMBER)


def number_check(session: Session, _facts: Facts) -> Screen:
    number = session.answer("number")
    yes = Option(say("ussd.yes"), "number_noted", (SetNumber(number),))
    return Menu(say("ussd.number_check", p=number), (yes, Option(say("ussd.no"), "number_new")))


def changed(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.changed"))


def number_noted(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.number_noted"))
