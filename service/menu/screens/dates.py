"""Her next date: to see it, to say that she comes, to ask for another day.

Whoever has no date, may not see it on this phone, or is not known at all, meets one and the same screen.
"""

from service.domain.effects import AskNewDay, ConfirmVisit, DeclineInvitation
from service.menu.facts import Facts, NextVisit
from service.menu.screen import End, Menu, Option, Screen, named, say
from service.menu.screens.first import CALL_ME
from service.menu.session import Session

NO_DATE = Menu(say("ussd.date_none"), (CALL_ME,))


def next_date(_session: Session, facts: Facts) -> Screen:
    visit = _visible(facts)
    if visit is None:
        return NO_DATE
    return Menu(
        say("ussd.date_is", d=visit.day),
        (
            Option(say("ussd.will_come"), "date_confirmed", (ConfirmVisit(visit.id),)),
            _if_not(visit),
        ),
    )


def _if_not(visit: NextVisit) -> Option:
    if visit.is_event:
        return Option(say("ussd.cannot_come"), "not_coming", (DeclineInvitation(visit.id),))
    return Option(say("ussd.other_day"), "other_day")


def not_coming(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.thanks"))


def date_confirmed(_session: Session, facts: Facts) -> Screen:
    visit = _visible(facts)
    return End(say("ussd.date_confirmed", d=visit.day) if visit else say("ussd.thanks"))


def other_day(_session: Session, facts: Facts) -> Screen:
    """Days that the site offers, and none of them; the date stays until her Mentor Mother agrees."""
    visit = _visible(facts)
    if visit is None:
        return NO_DATE
    offered = tuple(
        Option(named(day), "day_asked", (AskNewDay(visit.id, day),)) for day in facts.offered_days(visit.id)
    )
    none_suits = Option(say("ussd.other_day"), "day_asked", (AskNewDay(visit.id, None),))
    return Menu(say("ussd.which_day"), (*offered, none_suits))


def day_asked(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.day_asked"))


def _visible(facts: Facts) -> NextVisit | None:
    visit = facts.next_visit()
    return None if visit is None or visit.hidden else visit
