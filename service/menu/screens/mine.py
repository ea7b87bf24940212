"""Behind a client's PIN: what she would tell us, and nobody else need read."""

from service.domain.effects import AwayFor, GoingAway, RunningOut, SideEffects
from service.menu.facts import Facts, Room
from service.menu.machine import EARLIER
from service.menu.screen import End, Menu, Option, Pages, Screen, say
from service.menu.session import Session


def mine(_session: Session, _facts: Facts) -> Screen:
    """What troubles her body leads to the danger signs first; her Mentor Mother has the task by then."""
    return Pages(
        say("ussd.mine"),
        (
            Option(say("ussd.away"), "away"),
            Option(say("ussd.trouble"), "signs_mother", (SideEffects(),)),
            Option(say("ussd.child"), "child"),
            Option(say("ussd.feelings"), "feel"),
            Option(say("ussd.safety"), "safe"),
            Option(say("ussd.details"), "details"),
            Option(say("ussd.wishes"), "wishes"),
        ),
    )


def mine_back(_session: Session, _facts: Facts) -> Screen:
    return cut_off(Room.MINE)


def cut_off(room: Room) -> Screen:
    """Her PIN is typed again; does she go on where the session dropped?"""
    return Menu(
        say("ussd.cut_off"),
        (Option(say("ussd.go_on"), EARLIER), Option(say("ussd.start_again"), room.value)),
    )


def away(_session: Session, _facts: Facts) -> Screen:
    return Menu(
        say("ussd.what_is_it"),
        (
            Option(say("ussd.running_out"), "told", (RunningOut(),)),
            Option(say("ussd.going_away"), "away_for"),
        ),
    )


def away_for(_session: Session, _facts: Facts) -> Screen:
    options = (Option(say(f"ussd.away_{time}"), "told", (GoingAway(time),)) for time in AwayFor)
    return Menu(say("ussd.away_for"), tuple(options))


def told(_session: Session, _facts: Facts) -> Screen:
    return End(say("ussd.call_asked"))
