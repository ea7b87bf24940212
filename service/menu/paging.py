"""Long texts and lists, cut into pages that fit a phone, between words and between options."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
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

Piece = str | Option


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
    rest: list[Piece] = [*said(words, language, pages.text).split(" "), *pages.options]
    room = _room(words, language)

    def fits(page: Page) -> bool:
        few = len(page.options) + page.more <= MOST_OPTIONS
        return few and septets(written(page, words, language)) <= room

    while len(rest) > 1 and not fits(_page(rest)):
        count = _most(rest, fits)
        yield replace(_page(rest[:count]), more=True)
        rest = rest[count:]
    yield _page(rest)


def _most(rest: list[Piece], fits: Callable[[Page], bool]) -> int:
    """How many pieces fill a page that others follow; at least one, so that no piece can stop the reader.

    A page ends with a sentence where that leaves it at least half full.
    """
    too_many = bisect_left(
        range(1, len(rest)), True, key=lambda count: not fits(replace(_page(rest[:count]), more=True))
    )
    most = max(too_many, 1)
    sentences = (count for count in range(most, most // 2, -1) if _ends_sentence(rest[count - 1]))
    return next(sentences, most)


def _ends_sentence(piece: Piece) -> bool:
    return isinstance(piece, Option) or piece.endswith((".", "?", "!"))


def _page(pieces: list[Piece]) -> Page:
    text = " ".join(piece for piece in pieces if isinstance(piece, str))
    return Page(text, tuple(piece for piece in pieces if isinstance(piece, Option)))


def _room(words: Words, language: str) -> int:
    """Pages keep room for the hint and for the way back, so that a mistake never moves their bounds."""
    hint = _line_length(words, language, CHOOSE)
    way_back = max(_line_length(words, language, label) for label in (TO_HOME, STEP_BACK))
    return LONGEST_SCREEN - hint - way_back - len("0 ")


def _line_length(words: Words, language: str, what: Say) -> int:
    return gsm.measure(said(words, language, what) + "\n").units
