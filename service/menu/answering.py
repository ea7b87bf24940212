"""What an answer means on the screen that she sees: where it leads, and what it causes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from service import gsm
from service.domain.effects import Effect, SetLanguage
from service.domain.pin import is_pin, is_weak
from service.menu import paging
from service.menu.facts import Facts, Opening, TooEasy
from service.menu.screen import (
    Answer,
    Ask,
    Door,
    End,
    Menu,
    NewPin,
    NotUnderstood,
    Option,
    Pages,
    Say,
    Screen,
)
from service.menu.session import Session
from service.menu.speech import Words

LONGEST_ANSWER: Final = 160

WRONG_PIN: Final = Say("ussd.wrong_pin")
NOT_A_PIN: Final = Say("ussd.not_a_pin")
EASY_PIN: Final = Say("ussd.easy_pin")


@dataclass(frozen=True)
class Move:
    """An answer that is understood: ``session`` with what she said, and the screen to which it leads.

    Without ``goto`` she stays at the screen, on the page that the session now names.
    """

    session: Session
    goto: str | None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A PIN was right."""

    opening: Opening


def heard(
    session: Session, screen: Screen, typed: str, facts: Facts, words: Words
) -> Move | Entry | NotUnderstood:
    match screen:
        case Menu(options=options):
            return _choose(session, options, typed)
        case Pages():
            return _leaf(session, screen, typed, words)
        case Ask():
            return _answer(session, screen, typed)
        case Door():
            return knock(typed, facts, WRONG_PIN)
        case NewPin():
            return _choose_pin(session, screen, typed)
        case End():
            return NotUnderstood(paging.CHOOSE)
        case _:
            assert_never(screen)


def knock(typed: str, facts: Facts, wrong: Say) -> Entry | NotUnderstood:
    """Try a PIN; ``wrong`` is what is said whoever calls, and whether it was nearly right or none at all."""
    if not is_pin(typed):
        return NotUnderstood(wrong)
    match facts.knock(typed):
        case Opening() as opening:
            return Entry(opening)
        case TooEasy():
            return NotUnderstood(EASY_PIN)
        case None:
            return NotUnderstood(wrong)
        case other:
            assert_never(other)


def _choose(session: Session, options: Sequence[Option], typed: str) -> Move | NotUnderstood:
    numbered = {str(number): option for number, option in enumerate(options, 1)}
    option = numbered.get(typed)
    if option is None:
        return NotUnderstood(paging.CHOOSE)
    chosen = [effect.language for effect in option.effects if isinstance(effect, SetLanguage)]
    answers = {**session.answers, **dict(option.keeps)}
    speaking = replace(session, language=(chosen or [session.language])[-1], answers=answers)
    return Move(speaking, option.goto, option.effects)


def _leaf(session: Session, pages: Pages, typed: str, words: Words) -> Move | NotUnderstood:
    page = paging.open_page(pages, session.page, words, session.language)
    if page.more and typed == str(len(page.options) + 1):
        return Move(replace(session, page=session.page + 1), None)
    return _choose(session, page.options, typed)


def _answer(session: Session, ask: Ask, typed: str) -> Move | NotUnderstood:
    if not _readable(typed, session.language):
        return NotUnderstood(paging.TYPE_AGAIN)
    match ask.parse(typed):
        case Answer(value):
            return Move(replace(session, answers={**session.answers, ask.name: value}), ask.goto)
        case NotUnderstood() as not_understood:
            return not_understood
        case other:
            assert_never(other)


def _choose_pin(session: Session, screen: NewPin, typed: str) -> Move | NotUnderstood:
    if not is_pin(typed):
        return NotUnderstood(NOT_A_PIN)
    return NotUnderstood(EASY_PIN) if is_weak(typed) else Move(session, screen.goto, (screen.causes(typed),))


def _readable(typed: str, language: str) -> bool:
    """Short enough to be typed on a phone, and in letters that a later screen can show again."""
    return len(typed) <= LONGEST_ANSWER and typed.isprintable() and not gsm.downgrade(typed, language).left
