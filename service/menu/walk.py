"""Every way through a menu, found by pressing every key: what the screen compiler and the diagram read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from service.menu.facts import Facts
from service.menu.imagined import EXAMPLE_PIN, OUTCOMES
from service.menu.machine import ZERO, ScreenSet, Turn, begin, carried_out, redial, resumable, step
from service.menu.paging import open_page
from service.menu.screen import Ask, Door, End, Menu, NewPin, Option, Pages


class Place(NamedTuple):
    """One screenful in one language."""

    screen: str
    page: int
    language: str


@dataclass(frozen=True)
class Arrow:
    """What follows when ``typed`` is pressed at ``start``."""

    start: Place
    typed: str
    turn: Turn


@dataclass(frozen=True)
class Walk:
    """What a caller with these facts can reach.

    ``stops`` are the turns by place, each as first met; ``presses`` the fewest keys after dialling to a place
    (the screen for a dropped session has none: no key leads there). ``outcomes`` are screens after an effect,
    as they look with whatever else may come of it.
    """

    facts: Facts
    stops: Mapping[Place, Turn]
    presses: Mapping[Place, int]
    arrows: tuple[Arrow, ...]
    outcomes: tuple[Turn, ...] = ()


def place(turn: Turn) -> Place:
    return Place(turn.session.screen, turn.session.page, turn.session.language)


def walk(screens: ScreenSet, facts: Facts) -> Walk:
    """Breadth first, so that a place is met in the fewest key-presses."""
    first = begin(screens, facts)
    stops, presses = {place(first): first}, {place(first): 0}
    arrows: list[Arrow] = []
    outcomes: list[Turn] = []
    queue = [first]
    for turn in queue:  # grows while it is read
        for arrow in _arrows(screens, turn, facts):
            arrows.append(arrow)
            reached = place(arrow.turn)
            if reached not in stops:
                stops[reached], presses[reached] = arrow.turn, presses[arrow.start] + 1
                told = tuple(_outcomes(screens, arrow.turn, facts))
                outcomes += told
                queue += (arrow.turn, *told)
    for dropped in _offers(screens, queue, facts):
        stops[place(dropped)] = dropped
        arrows += _arrows(screens, dropped, facts)
    return Walk(facts, stops, presses, tuple(arrows), tuple(outcomes))


def _outcomes(screens: ScreenSet, turn: Turn, facts: Facts) -> Iterator[Turn]:
    """The screen after an effect, as it looks with every outcome that makes a difference."""
    for outcome in OUTCOMES if turn.effects else ():
        told = carried_out(screens, turn, outcome, facts)
        if told.screen != turn.screen:
            yield told


def options(screens: ScreenSet, turn: Turn) -> tuple[Option, ...]:
    """The numbered options that she sees, More not among them."""
    match turn.screen:
        case Menu(options=shown):
            return shown
        case Pages():
            return open_page(turn.screen, turn.session.page, screens.words, turn.session.language).options
        case Ask() | Door() | NewPin() | End():
            return ()
        case _:
            assert_never(turn.screen)


def has_more(screens: ScreenSet, turn: Turn) -> bool:
    if not isinstance(turn.screen, Pages):
        return False
    return open_page(turn.screen, turn.session.page, screens.words, turn.session.language).more


def _arrows(screens: ScreenSet, turn: Turn, facts: Facts) -> Iterator[Arrow]:
    for typed in _answers(screens, turn):
        yield Arrow(place(turn), typed, step(screens, turn.session, typed, facts))


def _answers(screens: ScreenSet, turn: Turn) -> tuple[str, ...]:
    """Everything that she may press here."""
    if isinstance(turn.screen, End):
        return ()
    if isinstance(turn.screen, Ask):
        return (turn.screen.example, ZERO)
    if isinstance(turn.screen, Door | NewPin):
        return (EXAMPLE_PIN, ZERO)
    count = len(options(screens, turn)) + has_more(screens, turn)
    at_home = (EXAMPLE_PIN,) * (turn.session.screen == screens.home)
    return (*map(str, range(1, count + 1)), *at_home, ZERO)


def _offers(screens: ScreenSet, turns: list[Turn], facts: Facts) -> Iterator[Turn]:
    """The screen for a dropped session, in front of the door and behind it, once in each language."""
    unfinished = [turn.session for turn in turns if resumable(screens, turn.session, facts)]
    for session in {session.language: session for session in unfinished}.values():
        yield redial(screens, session, facts)
    inside = [turn.session for turn in turns if turn.session.inside]
    for session in {(session.language, session.screen): session for session in inside}.values():
        back = step(screens, redial(screens, session, facts).session, EXAMPLE_PIN, facts)
        if screens.is_offer(back.session.screen):
            yield back
