"""Days that a Mentor Mother types: a client's next date; and the end of a site's day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from service.domain.effects import Effect
from service.domain.staff_effects import CloseDay, SetDate
from service.menu.desk import UnclosedDay
from service.menu.facts import Facts
from service.menu.screen import Ask, Menu, Option, Pages, Screen, say
from service.menu.screens.desk.start import START
from service.menu.session import Session
from service.menu.typed import a_day, day_of, id_of

A_YEAR: Final = timedelta(days=366)
TOMORROW: Final = timedelta(days=1)


def day_new(session: Session, facts: Facts) -> Screen:
    today = facts.today()
    asked = say("ussd.day_new", c=session.answer("code"), example=f"{today:%d%m}", d=today)
    example = f"{today + A_YEAR:%d%m%Y}"
    return Ask(asked, "day", a_day(today, TOMORROW, A_YEAR), "day_new_check", example=example)


def day_new_check(session: Session, _facts: Facts) -> Screen:
    code, day = session.answer("code"), day_of(session, "day")
    yes = Option(say("ussd.yes"), "noted", (SetDate(code, day),))
    asked = say("ussd.day_new_check", c=code, d=day, y=day.year)
    return Menu(asked, (yes, Option(say("ussd.no"), "day_new")))


def day_close_where(session: Session, facts: Facts) -> Screen:
    """Where there is one day at one site to close, nobody is asked which."""
    days = facts.desk(session.inside).unclosed()
    if len(days) == 1:
        return _close(days[0])
    return Pages(say("ussd.day_close_where"), (*map(_this_day, days), START))


def _this_day(day: UnclosedDay) -> Option:
    kept = (("site", str(day.site_id)), ("day", day.day.isoformat()))
    return Option(say("ussd.day_of_site", d=day.day, s=day.site), "day_close", keeps=kept)


def day_close(session: Session, facts: Facts) -> Screen:
    wanted = id_of(session, "site"), day_of(session, "day")
    days = facts.desk(session.inside).unclosed()
    found = next((day for day in days if (day.site_id, day.day) == wanted), None)
    return _close(found) if found else Menu(say("ussd.todo_none"), (START,))


def _close(day: UnclosedDay) -> Menu:
    yes = Option(say("ussd.yes"), "noted", (CloseDay(day.site_id, day.day),))
    asked = say("ussd.day_close", s=day.site, d=day.day, n=day.unmarked)
    return Menu(asked, (yes, Option(say("ussd.no"), "desk")))


def ask_day(facts: Facts, goto: str, longest_ago: timedelta) -> Ask:
    """On which day up to today something was."""
    today = facts.today()
    asked = say("ussd.on_which_day", example=f"{today:%d%m}", d=today)
    parse = a_day(today, longest_ago, timedelta(0))
    return Ask(asked, "day", parse, goto, example=f"{today:%d%m%Y}")


def check_day(session: Session, effect: Callable[[UUID, date], Effect], otherwise: str) -> Menu:
    """Is the day right on which something was done for a child?"""
    day, child = day_of(session, "day"), id_of(session, "baby_id")
    asked = say("ussd.on_which_day_check", n=session.answer("baby"), d=day, y=day.year)
    yes = Option(say("ussd.yes"), "noted", (effect(child, day),))
    return Menu(asked, (yes, Option(say("ussd.no"), otherwise)))
