"""She is not safe at home: nothing is texted, and whoever calls speaks of it once she has said her word."""

from service.domain.effects import AskSafeCall
from service.menu.facts import Facts
from service.menu.screen import Ask, End, Menu, Option, Pages, Screen, say
from service.menu.session import Session
from service.menu.typed import LONGEST_NAME, a_name


def safe(session: Session, facts: Facts) -> Screen:
    known = facts.has_code_word(session.inside)
    call = say("ussd.ask_call")
    ask = Option(call, "safe_called", (AskSafeCall(),)) if known else Option(call, "code_word")
    numbers = (Option(say("ussd.safe_numbers"), "safe_numbers"),) if facts.referral_numbers() else ()
    return Menu(say("ussd.safe"), (ask, *numbers))


def code_word(_session: Session, _facts: Facts) -> Screen:
    return Ask(say("ussd.code_word"), "word", a_name, "code_word_check", example="W" * LONGEST_NAME)


def code_word_check(session: Session, _facts: Facts) -> Screen:
    word = session.answer("word")
    return Menu(
        say("ussd.code_word_check", n=word),
        (
            Option(say("ussd.yes"), "safe_called", (AskSafeCall(word),)),
            Option(say("ussd.no"), "code_word"),
        ),
    )


def safe_called(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.safe_called"))


def safe_numbers(_session: Session, facts: Facts) -> Screen:
    numbers = ", ".join(facts.referral_numbers())
    return Pages(say("ussd.safe_list", p=numbers), (Option(say("ussd.safety"), "safe"),))
