"""She goes on leave: until when, and who acts for her."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from service.domain.staff_effects import GoOnLeave
from service.menu.facts import Facts
from service.menu.screen import Ask, Menu, Option, Pages, Screen, named, say
from service.menu.session import Session
from service.menu.typed import a_day, day_of

LONGEST_LEAVE: Final = timedelta(days=183)
"""Leave for a birth is the longest there is."""


def leave_until(_session: Session, facts: Facts) -> Screen:
    today = facts.today()
    asked = say("ussd.leave_until", example=f"{today:%d%m}", d=today)
    parse = a_day(today, timedelta(0), LONGEST_LEAVE)
    return Ask(asked, "day", parse, "leave_who", example=f"{today:%d%m%Y}")


def leave_who(session: Session, facts: Facts) -> Screen:
    options = (
        Option(named(colleague.name), "leave_check", keeps=(("stand_in", str(colleague.id)),))
        for colleague in facts.desk(session.inside).colleagues()
    )
    anybody = Option(say("ussd.leave_nobody"), "leave_check", keeps=(("stand_in", ""),))
    return Pages(say("ussd.leave_who"), (*options, anybody))


def leave_check(session: Session, _facts: Facts) -> Screen:
    until, stand_in = day_of(session, "day"), session.answer("stand_in")
    leave = GoOnLeave(until, UUID(stand_in) if stand_in else None)
    asked = say("ussd.leave_check", d=until, y=until.year)
    return Menu(asked, (Option(say("ussd.yes"), "noted", (leave,)), Option(say("ussd.no"), "desk")))
