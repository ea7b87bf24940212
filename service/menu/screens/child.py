"""What a mother tells of her child: that it is born, or weaned, or that she wants to hear nothing of it."""

from datetime import date, timedelta
from typing import Final

from service.domain.effects import ReportBirth, ReportWeaning, StopBabyTexts
from service.menu.desk import Child
from service.menu.facts import Facts
from service.menu.screen import Ask, End, Menu, Option, Pages, Screen, named, say
from service.menu.screens.first import CALL_ME
from service.menu.session import Session
from service.menu.typed import LONGEST_NAME, a_day, a_nickname, day_of, id_of

YEARS_OF_AGE: Final = 3
"""A child is looked after until the final test, at two years or so."""

LONG_AGO: Final = timedelta(days=-366 * YEARS_OF_AGE)
TODAY: Final = timedelta(0)

BORN: Final = Option(say("ussd.child_born"), "born_name")


def child(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.child"),
        (
            BORN,
            Option(say("ussd.child_weaned"), "weaned_who"),
            Option(say("ussd.child_quiet"), "quiet"),
        ),
    )


def born_name(_session: Session, facts: Facts) -> Screen:
    return Ask(say("ussd.born_name"), "baby", a_nickname(facts), "born_on", example="W" * LONGEST_NAME)


def born_on(session: Session, facts: Facts) -> Screen:
    return _ask_day("ussd.born_on", session, facts, "born_check")


def born_check(session: Session, _facts: Facts) -> Screen:
    baby, day = session.answer("baby"), day_of(session, "day")
    return _check(
        "ussd.born_check", baby, day, Option(_YES, "child_noted", (ReportBirth(baby, day),)), "born_on"
    )


def child_noted(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.child_noted"))


def weaned_who(session: Session, facts: Facts) -> Screen:
    children = facts.children(session.inside)
    if not children:
        return Menu(say("ussd.no_child"), (BORN, CALL_ME))
    return Pages(say("ussd.weaned_who"), tuple(map(_this_one, children)))


def _this_one(child: Child) -> Option:
    kept = (("baby", child.nickname), ("baby_id", str(child.id)))
    return Option(named(child.nickname), "weaned_on", keeps=kept)


def weaned_on(session: Session, facts: Facts) -> Screen:
    return _ask_day("ussd.weaned_on", session, facts, "weaned_check")


def weaned_check(session: Session, _facts: Facts) -> Screen:
    baby, day = session.answer("baby"), day_of(session, "day")
    effect = ReportWeaning(id_of(session, "baby_id"), day)
    return _check("ussd.weaned_check", baby, day, Option(_YES, "child_noted", (effect,)), "weaned_on")


def quiet(_session: Session, _facts: Facts) -> Screen:
    """Said as softly as it can be: whoever lost her child does not have to say so."""
    return Menu(
        say("ussd.quiet_check"),
        (Option(_YES, "quiet_noted", (StopBabyTexts(),)), Option(_NO, "child")),
    )


def quiet_noted(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.quiet_noted"))


_YES: Final = say("ussd.yes")
_NO: Final = say("ussd.no")


def _ask_day(text: str, session: Session, facts: Facts, goto: str) -> Ask:
    today = facts.today()
    asked = say(text, n=session.answer("baby"), example=f"{today:%d%m}", d=today)
    return Ask(asked, "day", a_day(today, LONG_AGO, TODAY), goto, example=f"{today:%d%m%Y}")


def _check(text: str, baby: str, day: date, yes: Option, otherwise: str) -> Menu:
    return Menu(say(text, n=baby, d=day, y=day.year), (yes, Option(_NO, otherwise)))
