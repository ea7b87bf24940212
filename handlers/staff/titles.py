"""What texts are called on the pages: what one is for, and on which occasion one of its variants goes."""

from typing import Final

from handlers.staff.desk import words
from handlers.staff.words import Words
from service.texts.values import VARIANTS

TELLING: Final = "_t1"
"""The ending of a text in more telling words, which plans name themselves."""


def family_of(key: str) -> str:
    """The text in whose place a variant goes, which is what plans name."""
    return _apart(key, VARIANTS)[0]


def text_title(key: str) -> str:
    """In the reader's language; a text that an installation has added goes by its name."""
    return titled(words(), key)


def titled(w: Words, key: str) -> str:
    text, occasions = text_and_occasions(key)
    title = w.of("text", text)
    if not occasions:
        return title
    return w("texts.variant", title=title, occasion=", ".join(w.of("text_for", one) for one in occasions))


def text_and_occasions(key: str) -> tuple[str, tuple[str, ...]]:
    """What stands in the words of the pages under ``text``, and under ``text_for``."""
    return _apart(key, (*VARIANTS, TELLING))


def _apart(key: str, endings: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A name without its endings, and what they stand for, in the order in which they are written."""
    ending = next((one for one in endings if key.endswith(one)), None)
    if ending is None:
        return key, ()
    text, occasions = _apart(key.removesuffix(ending), endings)
    return text, (*occasions, ending.removeprefix("_"))
