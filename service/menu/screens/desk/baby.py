"""A client's children: new ones, the day of the last breast, blood that was taken, the answer that came.

An answer is entered and never shown. To enter it, it is chosen twice.
"""

from typing import Final

from service.domain.cascade import Result
from service.domain.staff_effects import AddBaby, NoteResult, NoteSample, NoteWeaning, VerifyBaby
from service.menu.desk import Sampled
from service.menu.facts import Facts
from service.menu.screen import Ask, Menu, Option, Pages, Screen, named, say
from service.menu.screens.child import LONG_AGO
from service.menu.screens.desk.case import GONE
from service.menu.screens.desk.dates import ask_day, check_day
from service.menu.session import Session
from service.menu.typed import LONGEST_NAME, a_nickname, day_of, id_of, one_of

ADD: Final = Option(say("ussd.baby_add"), "baby_name")


def baby_which(session: Session, facts: Facts) -> Screen:
    found = facts.desk(session.inside).case(session.answer("code"))
    if found is None:
        return GONE
    return Pages(say("ussd.baby_which"), (*map(_this_one, found.children), ADD))


def _this_one(sampled: Sampled) -> Option:
    child = sampled.child
    return Option(
        named(child.nickname), "baby_menu", keeps=(("baby", child.nickname), ("baby_id", str(child.id)))
    )


def baby_name(_session: Session, facts: Facts) -> Screen:
    return Ask(say("ussd.born_name"), "baby", a_nickname(facts), "baby_born", example="W" * LONGEST_NAME)


def baby_born(_session: Session, facts: Facts) -> Screen:
    return ask_day(facts, "baby_born_check", LONG_AGO)


def baby_born_check(session: Session, _facts: Facts) -> Screen:
    baby, day = session.answer("baby"), day_of(session, "day")
    yes = Option(say("ussd.yes"), "noted", (AddBaby(session.answer("code"), baby, day),))
    asked = say("ussd.born_check", n=baby, d=day, y=day.year)
    return Menu(asked, (yes, Option(say("ussd.no"), "baby_born")))


def baby_menu(session: Session, facts: Facts) -> Screen:
    found = _sampled(session, facts)
    if found is None:
        return GONE
    verify = Option(say("ussd.baby_is_right"), "noted", (VerifyBaby(found.child.id),))
    return Menu(
        say("ussd.baby_menu", n=found.child.nickname),
        (
            *([verify] if found.pending else []),
            Option(say("ussd.blood_taken"), "blood_day"),
            *([Option(say("ussd.answer_in"), "answer")] if found.waits_since else []),
            Option(say("ussd.weaned"), "weaned_day"),
        ),
    )


def _sampled(session: Session, facts: Facts) -> Sampled | None:
    found = facts.desk(session.inside).case(session.answer("code"))
    children = found.children if found else ()
    return next((one for one in children if str(one.child.id) == session.answer("baby_id")), None)


def blood_day(_session: Session, facts: Facts) -> Screen:
    return ask_day(facts, "blood_check", LONG_AGO)


def blood_check(session: Session, _facts: Facts) -> Screen:
    return check_day(session, NoteSample, "blood_day")


def weaned_day(_session: Session, facts: Facts) -> Screen:
    return ask_day(facts, "weaned_day_check", LONG_AGO)


def weaned_day_check(session: Session, _facts: Facts) -> Screen:
    return check_day(session, NoteWeaning, "weaned_day")


def answer(session: Session, facts: Facts) -> Screen:
    found = _sampled(session, facts)
    if found is None or found.waits_since is None:
        return GONE
    options = (Option(say(f"ussd.answer_{one}"), "answer_again", keeps=(("answer", one),)) for one in Result)
    return Menu(say("ussd.answer_which", n=found.child.nickname, d=found.waits_since), tuple(options))


def answer_again(session: Session, _facts: Facts) -> Screen:
    """Whoever chooses another answer now is asked for both again."""
    child, first = id_of(session, "baby_id"), one_of(Result, session, "answer")
    return Menu(
        say("ussd.answer_again"),
        tuple(
            Option(say(f"ussd.answer_{one}"), "noted", (NoteResult(child, one),))
            if one is first
            else Option(say(f"ussd.answer_{one}"), "answer")
            for one in Result
        ),
    )
