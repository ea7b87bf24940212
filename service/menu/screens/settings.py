"""How the service speaks to her: in which language, at what time, and whether again."""

from service.domain.effects import SetLanguage, SetSafeTimes, StartMessages
from service.domain.hours import HOURS, PartOfDay
from service.menu.facts import Facts
from service.menu.screen import End, Menu, Option, Pages, Screen, named, say
from service.menu.session import Session


def change(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.what_to_change"),
        (
            Option(say("ussd.language_choice"), "language"),
            Option(say("ussd.hours"), "times"),
            Option(say("ussd.messages_again"), "started", (StartMessages(),)),
        ),
    )


def language(_session: Session, facts: Facts) -> Screen:
    """The choice leads home, where she sees at once that it worked."""
    offered = facts.languages().items()
    return Pages(
        say("ussd.language_choice"),
        tuple(Option(named(name), "home", (SetLanguage(code),)) for code, name in offered),
    )


def times(_session: Session, _facts: Facts) -> Screen:
    return Menu(say("ussd.when_messages"), tuple(_part(part) for part in PartOfDay))


def times_set(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.times_set"))


def started(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.started"))


def _part(part: PartOfDay) -> Option:
    starts, ends = HOURS[part]
    label = say(f"ussd.{part}_hours", t1=starts.hour, t2=ends.hour)
    return Option(label, "times_set", (SetSafeTimes(part),))
