"""A small menu with every kind of screen, for what the shipped screens do not need yet.

home ── 1 ── name (Ask) ── sure (Menu) ── done (End)
  ├──── 2 ── list (Pages)
  └──── 3 ── door ── PIN ── desk (stepwise, private) ── 1 ── desk_list (the same, Pages) ── 1 ── desk_one
"""

from dataclasses import replace
from typing import Final

from service.domain.effects import AskForCall
from service.menu.facts import Facts
from service.menu.machine import EARLIER, ScreenFunction, ScreenSet
from service.menu.screen import Answer, Ask, Door, End, Menu, NotUnderstood, Option, Pages, Screen, named, say
from service.menu.session import Session
from tests.fakes import PlainWords

NAMES: Final = tuple(f"name {number}" for number in range(1, 13))
STAFF: Final = frozenset({"desk", "desk_back", "desk_list", "desk_one"})


def a_name(text: str) -> Answer | NotUnderstood:
    return Answer(text.title()) if text.isalpha() and len(text) <= 20 else NotUnderstood(say("letters only"))


def home(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("welcome"),
        (Option(say("a"), "name"), Option(say("b"), "list"), Option(say("c"), "door")),
    )


def welcome_back(_session: Session, _facts: Facts) -> Screen:
    return Menu(say("cut off"), (Option(say("go on"), EARLIER), Option(say("anew"), "home")))


def name(_session: Session, _facts: Facts) -> Screen:
    return Ask(say("your name?"), "name", a_name, "sure", example="Nthabiseng")


def sure(session: Session, _facts: Facts) -> Screen:
    return Menu(say("sure?", name=session.answers["name"]), (Option(say("yes"), "done", (AskForCall(),)),))


def done(_session: Session, _facts: Facts) -> Screen:
    return End(say("bye"))


def a_list(_session: Session, _facts: Facts) -> Screen:
    return Pages(say("choose one"), tuple(Option(named(name), "done", (AskForCall(),)) for name in NAMES))


def door(_session: Session, _facts: Facts) -> Screen:
    return Door(say("pin?"))


def desk(_session: Session, _facts: Facts) -> Screen:
    return Menu(say("staff"), (Option(say("list"), "desk_list"),))


def desk_back(_session: Session, _facts: Facts) -> Screen:
    return Menu(say("cut off"), (Option(say("go on"), EARLIER), Option(say("anew"), "desk")))


def desk_list(_session: Session, _facts: Facts) -> Screen:
    return Pages(say("who"), tuple(Option(named(name), "desk_one", keeps=(("one", name),)) for name in NAMES))


def desk_one(session: Session, _facts: Facts) -> Screen:
    return Menu(say("one", name=session.answer("one")), (Option(say("finish"), "done", (AskForCall(),)),))


TABLE: Final[dict[str, ScreenFunction]] = {
    "home": home,
    "welcome_back": welcome_back,
    "name": name,
    "sure": sure,
    "done": done,
    "list": a_list,
    "door": door,
    "desk": desk,
    "desk_back": desk_back,
    "desk_list": desk_list,
    "desk_one": desk_one,
}

TOYS: Final = ScreenSet(TABLE, PlainWords(), private=STAFF, stepwise=STAFF)


def with_screens(**screens: ScreenFunction) -> ScreenSet:
    """The toys with some screens added or replaced."""
    return replace(TOYS, table={**TABLE, **screens})
