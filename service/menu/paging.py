"""Long texts and lists, cut into pages that fit a phone, between words and between options."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, islice, takewhile
from typing import Final

from service import gsm
from service.menu.screen import Option, Pages, Say
from service.menu.speech import Words, said

LONGEST_SCREEN: Final = 160
"""Septets of a whole reply, ``CON `` included (networks allow up to 182; some cut at 160)."""

PREFIX: Final = "CON "
MOST_OPTIONS: Final = 5
"""Options on one screen, More included."""

MORE: Final = Say("ussd.more")
CHOOSE: Final = Say("ussd.choose")
TYPE_AGAIN: Final = Say("ussd.type_again")
TO_HOME: Final = Say("ussd.main_menu")
STEP_BACK: Final = Say("ussd.back")


@dataclass(frozen=True)
class _Piece:
    """A word of a text or an option of a list; ``size`` in septets, with what parts it from the next."""

    what: str | Option
    size: int


@dataclass(frozen=True)
class Page:
    """One screenful of ``Pages``: words of its text, options of its list, and whether more follow."""

    text: str
    options: tuple[Option, ...]
    more: bool = False


def open_page(pages: Pages, number: int, words: Words, language: str) -> Page:
    """The page with that number, counted from 0; the last one if there are fewer by now."""
    *_, page = islice(_lay_out(pages, words, language), number + 1)
    return page


def septets(text: str) -> int:
    """Septets of a reply with this text, prefix included. A letter beyond GSM-7 makes it far too long."""
    measured = gsm.measure(PREFIX + text)
    return measured.units if measured.encoding is gsm.Encoding.GSM7 else measured.units * 2 + LONGEST_SCREEN


def written(page: Page, words: Words, language: str) -> str:
    """The page as lines: its text, then its numbered options."""
    labels = [option.label for option in page.options] + [MORE] * page.more
    lines = [f"{number} {said(words, language, label)}" for number, label in enumerate(labels, 1)]
    return "\n".join([page.text] * bool(page.text) + lines)


def _lay_out(pages: Pages, words: Words, language: str) -> Iterator[Page]:
    rest = [*_pieces(pages, words, language)]
    room = _room(words, language)
    more = _size(f"1 {said(words, language, MORE)}")
    while len(rest) > 1 and _fitting(rest, room, MOST_OPTIONS) < len(rest):
        count = _cut(rest, _fitting(rest[:-1], room - more, MOST_OPTIONS - 1))
        yield replace(_page(rest[:count]), more=True)
        rest = rest[count:]
    yield _page(rest)


def _pieces(pages: Pages, words: Words, language: str) -> Iterator[_Piece]:
    for word in said(words, language, pages.text).split(" "):
        yield _Piece(word, _size(word))
    for option in pages.options:
        yield _Piece(option, _size(f"1 {said(words, language, option.label)}"))


@lru_cache(maxsize=4096)
def _size(text: str) -> int:
    """Septets of a word or line with what parts it from the next; the same few words come again and again."""
    return septets(text + " ") - len(PREFIX)


def _fitting(pieces: list[_Piece], room: int, options: int) -> int:
    """How many of the pieces, from the first one on, fit so many septets and options."""
    sizes = accumulate(piece.size for piece in pieces)
    numbered = accumulate(isinstance(piece.what, Option) for piece in pieces)
    fits = takewhile(
        lambda so_far: so_far[0] <= room and so_far[1] <= options, zip(sizes, numbered, strict=True)
    )
    return sum(1 for _ in fits)


def _cut(rest: list[_Piece], most: int) -> int:
    """How many pieces fill a page that others follow; at least one, so that no piece can stop the reader.

    A page ends with a sentence where that leaves it at least half full.
    """
    most = max(most, 1)
    sentences = (count for count in range(most, most // 2, -1) if _ends_sentence(rest[count - 1].what))
    return next(sentences, most)


def _ends_sentence(what: str | Option) -> bool:
    return isinstance(what, Option) or what.endswith((".", "?", "!"))


def _page(pieces: list[_Piece]) -> Page:
    text = " ".join(piece.what for piece in pieces if isinstance(piece.what, str))
    return Page(text, tuple(piece.what for piece in pieces if isinstance(piece.what, Option)))


def _room(words: Words, language: str) -> int:
    """Pages keep room for the hint and for the way back, so that a mistake never moves their bounds."""
    hint = _line_length(words, language, CHOOSE)
    way_back = max(_line_length(words, language, label) for label in (TO_HOME, STEP_BACK))
    return LONGEST_SCREEN - len(PREFIX) - hint - way_back - len("0 ") + len("\n")


def _line_length(words: Words, language: str, what: Say) -> int:
    return gsm.measure(said(words, language, what) + "\n").units
