"""The engine: a session and a key-press give the next session, its screen and what the answer causes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import Final, assert_never

from service.domain.effects import Effect
from service.domain.pin import is_pin
from service.menu import paging
from service.menu.answering import Entry, Move, heard, knock
from service.menu.facts import Facts, Opening
from service.menu.screen import Door, End, NotUnderstood, Pages, Say, Screen, say
from service.menu.session import Session, Unanswered
from service.menu.speech import Words

ZERO: Final = "0"
"""The only reserved input: it always leads away."""

EARLIER: Final = "(earlier)"
"""Where an option leads that takes up ``Session.earlier``; not a screen of its own."""

BACK: Final = "_back"
"""The ending of the screen that offers to go on where a session behind the door dropped."""

OUTCOME: Final = "outcome"
"""The answer under which the screens find what came of the effects before them."""

MOST_MISTAKES: Final = 3
MOST_TOKENS: Final = 20
LONGEST_TRAIL: Final = 20

WORTH_AN_OFFER: Final = 2
"""Screens behind her, the first one behind the door among them, from which on something would be lost."""

GIVE_UP: Final = End(say("ussd.give_up"))

ScreenFunction = Callable[[Session, Facts], Screen]


@dataclass(frozen=True)
class ScreenSet:
    """A menu: its screens by name, and what holds for some of them.

    ``private`` screens lie behind a PIN: none is drawn for anybody who has not typed it in this session. From
    ``stepwise`` screens ``0`` leads one step back, from all others to ``home``. ``frank`` screens may use
    health words. ``welcome_back`` is shown to a caller whose session dropped.

    A PIN may be typed at ``home`` itself, so that whoever knows of it needs no screen that names it.
    """

    table: Mapping[str, ScreenFunction]
    words: Words
    home: str = "home"
    welcome_back: str = "welcome_back"
    private: frozenset[str] = frozenset()
    stepwise: frozenset[str] = frozenset()
    frank: frozenset[str] = frozenset()

    def is_offer(self, screen: str) -> bool:
        """Whether it offers to go on where a session dropped, in front of the door or behind it."""
        return screen == self.welcome_back or screen.endswith(BACK)


@dataclass(frozen=True)
class Turn:
    """What a key-press led to. ``effects`` are to be carried out once; ``hint`` tells her what was wrong."""

    session: Session
    screen: Screen
    effects: tuple[Effect, ...] = ()
    hint: Say | None = None


def begin(screens: ScreenSet, facts: Facts) -> Turn:
    """The first screen, which is the same for everybody."""
    return _show(screens, _at_home(screens, facts.language()), facts)


def redial(screens: ScreenSet, dropped: Session, facts: Facts) -> Turn:
    """The first screen of a new call soon after ``dropped``: an offer to go on, where there is something."""
    unfinished = _unfinished(screens, dropped)
    if not resumable(screens, dropped, facts):
        first = begin(screens, facts)
        kept = unfinished if unfinished.inside else None  # for when she has typed her PIN again
        return replace(first, session=replace(first.session, earlier=kept))
    offer = Session(screens.welcome_back, _language(dropped, facts), earlier=unfinished)
    return _show(screens, offer, facts)


def resumable(screens: ScreenSet, dropped: Session, facts: Facts) -> bool:
    """Whether a caller who was cut off would miss anything, and may see it again without a PIN."""
    unfinished = _unfinished(screens, dropped)
    name = unfinished.screen
    if name not in screens.table or name in screens.private | {screens.home, screens.welcome_back}:
        return False
    return not _is_over(screens, unfinished, facts)


def replay(screens: ScreenSet, session: Session, tokens: Sequence[str], facts: Facts) -> Turn:
    """A dial string that already holds answers, taken one by one up to the first that does not fit."""
    turn = _again(screens, session, facts)
    effects: tuple[Effect, ...] = ()
    for token in tokens[:MOST_TOKENS]:
        if _is_knock(screens, turn, token):
            break  # a PIN in a dial string would stay in the phone's list of calls
        following = step(screens, turn.session, token, facts)
        if following.hint:
            break
        turn, effects = following, effects + following.effects
    return replace(turn, effects=effects)


def step(screens: ScreenSet, session: Session, typed: str, facts: Facts) -> Turn:
    """One key-press; whatever is typed, it does not raise.

    What she answers is the screen that she last saw. If that would look different by now (her date was moved,
    a release changed the menu), she is shown the new one and her answer counts for nothing, unless it is
    ``0``, which leads away in any case.
    """
    now = _again(screens, session, facts)
    key = typed.strip()
    changed = now.session.shown != session.shown
    if isinstance(now.screen, End) or (changed and key != ZERO):
        return now
    if key == ZERO:
        return _show(screens, replace(_away(screens, now.session), mistakes=0), facts)
    match _understood(screens, now, key, facts):
        case NotUnderstood(hint):
            return _mistake(now, hint)
        case Entry(opening):
            return _show(screens, _entered(screens, now.session, opening, facts), facts)
        case Move(moved, goto, effects):
            reached = _onward(screens, moved, goto) if goto else moved
            trail = reached.trail[:1] if effects else reached.trail  # no step back into what is done
            return _show(screens, replace(reached, mistakes=0, trail=trail), facts, effects)
        case other:
            assert_never(other)


def carried_out(screens: ScreenSet, turn: Turn, outcome: str, facts: Facts) -> Turn:
    """The screen once more, after the effects before it; ``outcome`` is what came of them."""
    answers = {**turn.session.answers, OUTCOME: outcome}
    return _show(screens, replace(turn.session, answers=answers), facts, turn.effects)


def _understood(screens: ScreenSet, now: Turn, typed: str, facts: Facts) -> Move | Entry | NotUnderstood:
    if _is_knock(screens, now, typed) and not isinstance(now.screen, Door):
        return knock(typed, facts, paging.CHOOSE)
    return heard(now.session, now.screen, typed, facts, screens.words)


def _is_knock(screens: ScreenSet, turn: Turn, typed: str) -> bool:
    at_home = turn.session.screen == screens.home
    return (at_home or isinstance(turn.screen, Door)) and is_pin(typed.strip())


def _entered(screens: ScreenSet, session: Session, opening: Opening, facts: Facts) -> Session:
    """The first screen behind the door, or an offer to go on where a session of hers dropped."""
    room, earlier = opening.room.value, session.earlier
    inside = _known(screens, Session(room, opening.language, inside=opening.who))
    if earlier is None or earlier.inside != opening.who or len(earlier.trail) < WORTH_AN_OFFER:
        return inside
    if _is_over(screens, earlier, facts):
        return inside
    return replace(inside, screen=room + BACK, trail=(room,), earlier=earlier)


def _is_over(screens: ScreenSet, session: Session, facts: Facts) -> bool:
    """Whether nothing is left of a session: it ended, stood at the door, or its screen is gone."""
    if session.screen not in screens.table:
        return True
    try:
        return isinstance(screens.table[session.screen](session, facts), End | Door)
    except Unanswered:
        return True


def _mistake(now: Turn, hint: Say) -> Turn:
    """The same screen with a hint; after too many a polite end, from where a redial takes her on."""
    mistakes = now.session.mistakes + 1
    if mistakes < MOST_MISTAKES:
        return replace(now, session=replace(now.session, mistakes=mistakes), hint=hint)
    return Turn(replace(now.session, mistakes=0), GIVE_UP)


def _onward(screens: ScreenSet, session: Session, goto: str) -> Session:
    if goto == EARLIER:
        return _known(screens, replace(session.earlier or session, language=session.language))
    trail = (*session.trail, session.screen)[-LONGEST_TRAIL:]
    return _at(screens, replace(session, trail=trail), goto)


def _away(screens: ScreenSet, session: Session) -> Session:
    if session.screen not in screens.stepwise or not session.trail:
        return _at_home(screens, session.language)
    if session.page:
        return replace(session, page=session.page - 1)
    return _at(screens, replace(session, trail=session.trail[:-1]), session.trail[-1])


def _at(screens: ScreenSet, session: Session, name: str) -> Session:
    if name == screens.home:
        return _at_home(screens, session.language)
    return _known(screens, replace(session, screen=name, page=0))


def _at_home(screens: ScreenSet, language: str) -> Session:
    """Home with nothing behind her: neither answers nor a way back into them."""
    return Session(screens.home, language)


def _known(screens: ScreenSet, session: Session) -> Session:
    """The session itself, or home where its screen is no longer part of the menu."""
    return session if session.screen in screens.table else _at_home(screens, session.language)


def _language(session: Session, facts: Facts) -> str:
    """The language of the session, as long as it is on offer."""
    return session.language if session.language in facts.languages() else facts.language()


def _again(screens: ScreenSet, session: Session, facts: Facts) -> Turn:
    """The screen that she is at, once more; nothing is caused."""
    speaking = replace(session, language=_language(session, facts))
    return _show(screens, _known(screens, speaking), facts)


def _show(screens: ScreenSet, wanted: Session, facts: Facts, effects: tuple[Effect, ...] = ()) -> Turn:
    """Draw the screen, or the first one where a release has changed the questions before it.

    This is the one place where a screen behind the door is refused to whoever is outside.
    """
    refused = wanted.screen in screens.private and not (wanted.inside and facts.is_inside(wanted.inside))
    session = _at_home(screens, wanted.language) if refused else wanted
    try:
        screen = screens.table[session.screen](session, facts)
    except Unanswered:
        session = _at_home(screens, wanted.language)
        screen = screens.table[session.screen](session, facts)
    return Turn(replace(session, shown=_fingerprint(screens, session, screen)), screen, effects)


def _unfinished(screens: ScreenSet, dropped: Session) -> Session:
    """What she was busy with: the session itself, or the one that waited for her when it dropped."""
    waiting = dropped.screen == screens.home or screens.is_offer(dropped.screen)
    return replace((waiting and dropped.earlier) or dropped, earlier=None)


def _fingerprint(screens: ScreenSet, session: Session, screen: Screen) -> str:
    """Tells two screens apart by everything that is shown or caused; equal in every process."""
    page = (
        paging.open_page(screen, session.page, screens.words, session.language)
        if isinstance(screen, Pages)
        else None
    )
    return blake2s(repr((screen, page)).encode(), digest_size=8).hexdigest()
