"""The engine: a session and a key-press give the next session, its screen and what the answer causes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import Final, assert_never

from service import gsm
from service.domain.effects import Effect, SetLanguage
from service.menu import paging
from service.menu.facts import Facts
from service.menu.screen import Answer, Ask, End, Menu, NotUnderstood, Option, Pages, Say, Screen, say
from service.menu.session import Session
from service.menu.speech import Words

ZERO: Final = "0"
"""The only reserved input: it always leads away."""

EARLIER: Final = "(earlier)"
"""Where an option leads that takes up ``Session.earlier``; not a screen of its own."""

MOST_MISTAKES: Final = 3
LONGEST_ANSWER: Final = 160
MOST_TOKENS: Final = 20
LONGEST_TRAIL: Final = 20

GIVE_UP: Final = End(say("ussd.give_up"))

ScreenFunction = Callable[[Session, Facts], Screen]


@dataclass(frozen=True)
class ScreenSet:
    """A menu: its screens by name, and what holds for some of them.

    ``private`` screens lie behind a PIN: a dropped session is never taken up there. From ``stepwise`` screens
    ``0`` leads one step back, from all others to ``home``. ``frank`` screens may use health words.
    ``welcome_back`` is shown to a caller whose session dropped.
    """

    table: Mapping[str, ScreenFunction]
    words: Words
    home: str = "home"
    welcome_back: str = "welcome_back"
    private: frozenset[str] = frozenset()
    stepwise: frozenset[str] = frozenset()
    frank: frozenset[str] = frozenset()


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
    if not resumable(screens, dropped, facts):
        return begin(screens, facts)
    unfinished = _unfinished(screens, dropped)
    offer = Session(screens.welcome_back, _language(dropped, facts), earlier=unfinished)
    return _show(screens, offer, facts)


def resumable(screens: ScreenSet, dropped: Session, facts: Facts) -> bool:
    """Whether a caller who was cut off would miss anything, and may see it again without a PIN."""
    unfinished = _unfinished(screens, dropped)
    name = unfinished.screen
    if name not in screens.table or name in screens.private | {screens.home, screens.welcome_back}:
        return False
    return not isinstance(screens.table[name](unfinished, facts), End)


def replay(screens: ScreenSet, session: Session, tokens: Sequence[str], facts: Facts) -> Turn:
    """A dial string that already holds answers, taken one by one up to the first that does not fit."""
    turn = _again(screens, session, facts)
    effects: tuple[Effect, ...] = ()
    for token in tokens[:MOST_TOKENS]:
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
    match _heard(screens, now.session, now.screen, key):
        case NotUnderstood(hint):
            return _mistake(now, hint)
        case _Move(moved, effects):
            return _show(screens, replace(moved, mistakes=0), facts, effects)
        case other:
            assert_never(other)


@dataclass(frozen=True)
class _Move:
    """Where an answer leads, before that screen is drawn."""

    session: Session
    effects: tuple[Effect, ...] = ()


def _heard(
    screens: ScreenSet, session: Session, screen: Menu | Ask | Pages, typed: str
) -> _Move | NotUnderstood:
    if typed == ZERO:
        return _Move(_away(screens, session))
    match screen:
        case Menu(options=options):
            return _choose(screens, session, options, typed)
        case Pages():
            return _leaf(screens, session, screen, typed)
        case Ask():
            return _answer(screens, session, screen, typed)
        case _:
            assert_never(screen)


def _choose(
    screens: ScreenSet, session: Session, options: Sequence[Option], typed: str
) -> _Move | NotUnderstood:
    numbered = {str(number): option for number, option in enumerate(options, 1)}
    option = numbered.get(typed)
    if option is None:
        return NotUnderstood(paging.CHOOSE)
    chosen = [effect.language for effect in option.effects if isinstance(effect, SetLanguage)]
    speaking = replace(session, language=(chosen or [session.language])[-1])
    return _Move(_onward(screens, speaking, option.goto), option.effects)


def _leaf(screens: ScreenSet, session: Session, pages: Pages, typed: str) -> _Move | NotUnderstood:
    page = paging.open_page(pages, session.page, screens.words, session.language)
    if page.more and typed == str(len(page.options) + 1):
        return _Move(replace(session, page=session.page + 1))
    return _choose(screens, session, page.options, typed)


def _answer(screens: ScreenSet, session: Session, ask: Ask, typed: str) -> _Move | NotUnderstood:
    if not _readable(typed, session.language):
        return NotUnderstood(paging.TYPE_AGAIN)
    match ask.parse(typed):
        case Answer(value):
            answering = replace(session, answers={**session.answers, ask.name: value})
            return _Move(_onward(screens, answering, ask.goto))
        case NotUnderstood() as not_understood:
            return not_understood
        case other:
            assert_never(other)


def _readable(typed: str, language: str) -> bool:
    """Short enough to be typed on a phone, and in letters that a later screen can show again."""
    return len(typed) <= LONGEST_ANSWER and typed.isprintable() and not gsm.downgrade(typed, language).left


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


def _show(screens: ScreenSet, session: Session, facts: Facts, effects: tuple[Effect, ...] = ()) -> Turn:
    screen = screens.table[session.screen](session, facts)
    return Turn(replace(session, shown=_fingerprint(screens, session, screen)), screen, effects)


def _unfinished(screens: ScreenSet, dropped: Session) -> Session:
    """What she was busy with: the session itself, or the one that she had been offered when it dropped."""
    offered = dropped.screen == screens.welcome_back and dropped.earlier
    return replace(offered or dropped, earlier=None)


def _fingerprint(screens: ScreenSet, session: Session, screen: Screen) -> str:
    """Tells two screens apart by everything that is shown or caused; equal in every process."""
    page = (
        paging.open_page(screen, session.page, screens.words, session.language)
        if isinstance(screen, Pages)
        else None
    )
    return blake2s(repr((screen, page)).encode(), digest_size=8).hexdigest()
