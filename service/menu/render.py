"""From a turn to the text on a phone. That it fits is proven for every screen by the screen compiler."""

from typing import assert_never

from service.menu.machine import ZERO, ScreenSet, Turn
from service.menu.paging import STEP_BACK, TO_HOME, Page, open_page, written
from service.menu.screen import Ask, Door, End, Menu, NewPin, Pages
from service.menu.speech import said


def render(screens: ScreenSet, turn: Turn) -> str:
    """The reply in plain GSM-7 letters, without the gateway's own prefix, for which there is room."""
    words, language = screens.words, turn.session.language
    hint = [said(words, language, turn.hint)] if turn.hint else []
    return "\n".join([*hint, written(_page(screens, turn), words, language), *_way_back(screens, turn)])


def _page(screens: ScreenSet, turn: Turn) -> Page:
    language = turn.session.language
    match turn.screen:
        case Pages():
            return open_page(turn.screen, turn.session.page, screens.words, language)
        case Menu(text, options):
            return Page(said(screens.words, language, text), options)
        case Ask(text) | Door(text) | NewPin(text) | End(text):
            return Page(said(screens.words, language, text), ())
        case _:
            assert_never(turn.screen)


def _way_back(screens: ScreenSet, turn: Turn) -> list[str]:
    """The line for ``0``: none on the first screen, where it changes nothing, and none at the end."""
    name = turn.session.screen
    if isinstance(turn.screen, End) or name == screens.home:
        return []
    label = STEP_BACK if name in screens.stepwise else TO_HOME
    return [f"{ZERO} {said(screens.words, turn.session.language, label)}"]
