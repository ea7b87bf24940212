"""The screen compiler: every screen, in every language, with the longest values, and all that is wrong."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Final, TypeAlias

from service import gsm
from service.domain.people import Wording
from service.menu.answering import EASY_PIN, LONGEST_ANSWER
from service.menu.facts import Facts
from service.menu.goals import Goal
from service.menu.machine import EARLIER, MOST_MISTAKES, ZERO, ScreenSet, Turn, step
from service.menu.paging import LONGEST_SCREEN, MOST_OPTIONS, septets
from service.menu.render import render
from service.menu.screen import Ask, Door, End, Menu, NewPin, Pages
from service.menu.walk import Walk, has_more, options, place, walk

Gate: TypeAlias = Callable[[str, Wording], Sequence[str]]
"""The words in a text that a tier refuses."""

AWKWARD: Final = ("", "?", "99", "1111", "x" * (LONGEST_ANSWER + 1))


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong with a screen, in one sentence; ``language`` is empty where it makes no difference."""

    screen: str
    language: str
    what: str


def problems(
    screens: ScreenSet, callers: Iterable[Facts], gate: Gate, goals: Sequence[Goal]
) -> list[Problem]:
    """Every fault of the menu, in order of the screens; an empty list means that it may go to phones."""
    if missing := list(_missing(screens)):
        return missing
    walks = [walk(screens, facts) for facts in callers]
    spoken = {walked.facts.language() for walked in walks}
    gate = cache(gate)  # callers read mostly the same
    found = {
        *_unreached(screens, walks),
        *_too_far(walks, goals),
        *chain.from_iterable(_endless(walked) for walked in walks),
        *chain.from_iterable(_at_stops(screens, walked, gate, spoken) for walked in walks),
    }
    return sorted(found)


def key_presses(walks: Sequence[Walk], goal: Goal) -> int | None:
    """The fewest keys after dialling that meet the goal; ``None`` if none do."""
    counts = (
        walked.presses[arrow.start] + 1
        for walked in walks
        for arrow in walked.arrows
        if arrow.start in walked.presses and goal.met(arrow.turn)
    )
    return min(counts, default=None)


def _missing(screens: ScreenSet) -> Iterator[Problem]:
    """Names that the menu itself uses for screens that it does not have."""
    named = {screens.home, screens.welcome_back} | screens.private | screens.stepwise | screens.frank
    for name in sorted(named - screens.table.keys()):
        yield Problem(name, "", "The menu names this screen and does not have it.")


def _unreached(screens: ScreenSet, walks: Sequence[Walk]) -> Iterator[Problem]:
    reached = {stop.screen for walked in walks for stop in walked.stops}
    for name in screens.table.keys() - reached:
        yield Problem(name, "", "No answer leads here.")


def _too_far(walks: Sequence[Walk], goals: Sequence[Goal]) -> Iterator[Problem]:
    for goal in goals:
        presses = key_presses(walks, goal)
        if presses is None:
            yield Problem("", "", f"Nobody can {goal.name}.")
        elif presses > goal.budget:
            yield Problem("", "", f"To {goal.name} takes {presses} keys; at most {goal.budget} are allowed.")


def _endless(walked: Walk) -> Iterator[Problem]:
    """Places from which no answer leads on to an end, however many are given (``0`` is no answer).

    A door opens to nobody who has no PIN; after a few tries the session ends there.
    """
    ending = {stop for stop, turn in walked.stops.items() if isinstance(turn.screen, End | Door)}
    onward = [(arrow.start, place(arrow.turn)) for arrow in walked.arrows if arrow.typed != ZERO]
    while more := {start for start, reached in onward if reached in ending} - ending:
        ending |= more
    for stop in walked.stops.keys() - ending:
        yield Problem(stop.screen, stop.language, "No answer here leads to an end.")


def _at_stops(screens: ScreenSet, walked: Walk, gate: Gate, spoken: set[str]) -> Iterator[Problem]:
    """Faults of single screens. Those in another language are left to callers who speak it, if there are any:
    they have the values that are longest in it.
    """
    others = spoken - {walked.facts.language()}
    told = ((place(turn), turn) for turn in walked.outcomes)
    for stop, turn in chain(walked.stops.items(), told):
        if stop.language in others:
            continue
        faults = (
            *_leading(screens, turn),
            *_answering(screens, turn, walked.facts),
            *_saying(screens, turn, gate),
        )
        for what in (*faults, *_fitting(screens, turn, walked.facts)):
            yield Problem(stop.screen, stop.language, what)


def _leading(screens: ScreenSet, turn: Turn) -> Iterator[str]:
    """Answers that lead to a screen that does not exist."""
    gotos = [option.goto for option in options(screens, turn)]
    if isinstance(turn.screen, Ask | NewPin):
        gotos = [turn.screen.goto]
    for goto in gotos:
        if goto != EARLIER and goto not in screens.table:
            yield f"An answer leads to {goto!r}, which does not exist."


def _answering(screens: ScreenSet, turn: Turn, facts: Facts) -> Iterator[str]:
    """Whether she can answer: not too many options, not none, and an example that is understood."""
    count = len(options(screens, turn)) + has_more(screens, turn)
    if count > MOST_OPTIONS:
        yield f"It has {count} options; at most {MOST_OPTIONS} are allowed."
    if count == 0 and isinstance(turn.screen, Menu | Pages):
        yield "It offers no answer."
    if isinstance(turn.screen, Ask) and step(screens, turn.session, turn.screen.example, facts).hint:
        yield "It does not take its own example."


def _saying(screens: ScreenSet, turn: Turn, gate: Gate) -> Iterator[str]:
    """Words that a reader over her shoulder may not see; a frank screen may say what T1 may say."""
    tier = Wording.T1 if turn.session.screen in screens.frank | screens.private else Wording.T0
    for word in gate(render(screens, turn), tier):
        yield f"It says {word!r}, which {tier} refuses."


def _fitting(screens: ScreenSet, turn: Turn, facts: Facts) -> Iterator[str]:
    """Whether the screen fits, and every hint above it, and the words with which the service gives up."""
    last_try = replace(turn.session, mistakes=MOST_MISTAKES - 1)
    replies = [turn, *(step(screens, turn.session, awkward, facts) for awkward in AWKWARD)]
    replies.append(step(screens, last_try, AWKWARD[0], facts))
    if isinstance(turn.screen, Door | NewPin) or turn.session.screen == screens.home:
        replies.append(replace(turn, hint=EASY_PIN))  # said only to whoever may choose one
    for text in dict.fromkeys(render(screens, reply) for reply in replies):
        if gsm.measure(text).encoding is not gsm.Encoding.GSM7:
            yield f"It needs letters that are not in GSM-7: {text!r}"
        elif septets(text) > LONGEST_SCREEN:
            yield f"It takes {septets(text)} septets; {LONGEST_SCREEN} fit: {text!r}"
