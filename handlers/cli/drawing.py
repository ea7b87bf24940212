"""Where each card of the menu stands on a sheet of paper, and the lines between them. Lengths are pixels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from service.menu.cards import Card, Link

LETTERS: Final = 32
"""On one line of a card; about as many as a small phone shows."""

WIDTH: Final = 262
ROW: Final = 15
HEAD: Final = 22
FOOT: Final = 10
ACROSS: Final = 70
"""Between one column of cards and the next."""

DOWN: Final = 18
MARGIN: Final = 24


@dataclass(frozen=True)
class Row:
    """A line of text on a card; ``jump`` is the number of a card that stands elsewhere."""

    text: str
    jump: int | None


@dataclass(frozen=True)
class Drawn:
    """``x`` and ``y`` are those of the upper left corner."""

    card: Card
    x: int
    y: int
    rows: tuple[Row, ...]

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.rows) + FOOT

    def row_of(self, link: Link) -> int:
        """How far down a link leaves: at its option, or at the last line where she types freely."""
        rows = (n for n, row in enumerate(self.rows) if row.text.startswith(f"{link.typed} "))
        return self.y + HEAD + ROW * next(rows, len(self.rows) - 1) + ROW // 2


@dataclass(frozen=True)
class Line:
    """From an option to the card behind it."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    cards: tuple[Drawn, ...]
    lines: tuple[Line, ...]


def draw(cards: Sequence[Card], language: str) -> Drawing:
    """Every card right of the one from which it is reached, and below the cards reached from earlier keys."""
    by_number = {card.number: card for card in cards if language in card.texts}
    drawn: dict[int, Drawn] = {}
    bottom = MARGIN
    for card in by_number.values():
        if card.above is None:
            bottom = _place(card, MARGIN, bottom, by_number, language, drawn)
    return Drawing(
        width=max(one.x for one in drawn.values()) + WIDTH + MARGIN,
        height=bottom + MARGIN,
        cards=tuple(drawn.values()),
        lines=tuple(_lines(drawn)),
    )


def _place(
    card: Card, x: int, y: int, known: Mapping[int, Card], language: str, drawn: dict[int, Drawn]
) -> int:
    """Put a card and everything right of it; how far down they reach."""
    drawn[card.number] = Drawn(card, x, y, tuple(_rows(card, language)))
    bottom = y
    for number in dict.fromkeys(link.to for link in card.links):
        below = known.get(number)
        if below and below.above == card.number and number not in drawn:
            bottom = _place(below, x + WIDTH + ACROSS, bottom, known, language, drawn)
    return max(bottom, y + drawn[card.number].height + DOWN)


def _rows(card: Card, language: str) -> Iterator[Row]:
    links = {link.typed: link for link in card.links}
    for line in card.texts[language].splitlines():
        link = links.get(line.partition(" ")[0])
        first, *more = wrap(line, LETTERS) or [""]
        yield Row(first, link.to if link else None)
        yield from (Row(text, None) for text in more)


def _lines(drawn: Mapping[int, Drawn]) -> Iterator[Line]:
    for one in drawn.values():
        for link in one.card.links:
            to = drawn.get(link.to)
            if to and to.card.above == one.card.number:
                yield Line(one.x + WIDTH, one.row_of(link), to.x, to.y + HEAD // 2)
