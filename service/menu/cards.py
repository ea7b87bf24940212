"""The whole menu as numbered cards, one for each screenful, to be drawn, printed and read by people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from service.domain.effects import Effect
from service.menu.facts import Facts
from service.menu.machine import ZERO, ScreenSet, Turn
from service.menu.render import render
from service.menu.screen import End
from service.menu.walk import Arrow, Walk, walk


class Sheet(NamedTuple):
    """A screenful, in whatever language."""

    screen: str
    page: int


@dataclass(frozen=True)
class Link:
    """What follows when ``typed`` is pressed: the card of that number, and what it causes."""

    typed: str
    to: int
    causes: tuple[type[Effect], ...]


@dataclass(frozen=True)
class Card:
    """``texts`` by language, as a phone shows them to whoever sees most of this screen.

    ``keys`` are the fewest after dialling, ``None`` where no key leads (the offer to whoever was cut off).
    ``above`` is the card from which they lead here. ``ends``: the network closes the session.
    """

    number: int
    sheet: Sheet
    texts: Mapping[str, str]
    keys: int | None
    above: int | None
    links: tuple[Link, ...]
    ends: bool


def cards(screens: ScreenSet, callers: Iterable[Facts]) -> tuple[Card, ...]:
    """Every screenful once, in the order in which a reader who turns no page back meets them.

    The links are those of the first caller's language.
    """
    walks = [walk(screens, facts) for facts in callers]
    keys = _keys(walks)
    arrows = _arrows(walks, walks[0].facts.language(), keys)
    chart = _Chart(screens, _fullest(screens, walks), keys, arrows)
    return tuple(chart.cards())


def _fullest(screens: ScreenSet, walks: Iterable[Walk]) -> dict[Sheet, dict[str, Turn]]:
    """By screen and language, what the one caller sees to whom it says most."""
    found: dict[Sheet, dict[str, Turn]] = {}
    for walked in walks:
        for stop, turn in walked.stops.items():
            known = found.setdefault(Sheet(stop.screen, stop.page), {})
            known[stop.language] = max(
                known.get(stop.language, turn), turn, key=lambda shown: len(render(screens, shown))
            )
    return found


def _keys(walks: Iterable[Walk]) -> dict[Sheet, int]:
    found: dict[Sheet, int] = {}
    for walked in walks:
        for stop, presses in walked.presses.items():
            sheet = Sheet(stop.screen, stop.page)
            found[sheet] = min(presses, found.get(sheet, presses))
    return found


def _arrows(walks: Sequence[Walk], language: str, keys: Mapping[Sheet, int]) -> dict[Sheet, dict[str, Arrow]]:
    """By screen, what each key leads to, for the caller with the most to choose from; ``0`` is left out."""
    found: dict[Sheet, dict[str, Arrow]] = {}
    for walked in walks:
        of_this: dict[Sheet, dict[str, Arrow]] = {}
        for arrow in walked.arrows:
            if arrow.start.language == language and arrow.typed != ZERO:
                of_this.setdefault(_from(arrow), {})[arrow.typed] = arrow
        found |= {sheet: keys for sheet, keys in of_this.items() if len(keys) >= len(found.get(sheet, {}))}
    for arrow in _others(walks, found, keys):
        found.setdefault(_from(arrow), {})[f"({arrow.typed})"] = arrow
    return found


def _others(
    walks: Iterable[Walk], known: Mapping[Sheet, Mapping[str, Arrow]], keys: Mapping[Sheet, int]
) -> Iterator[Arrow]:
    """What leads to screens that only other callers meet, or those whose language takes more pages."""

    def leads_on(arrow: Arrow) -> bool:
        return _from(arrow) in keys and keys[_from(arrow)] < keys[_to(arrow)]

    of_known = chain.from_iterable(onward.values() for onward in known.values())
    hung = {_to(arrow) for arrow in of_known if leads_on(arrow)}
    for arrow in chain.from_iterable(walked.arrows for walked in walks):
        if leads_on(arrow) and _to(arrow) not in hung:
            hung.add(_to(arrow))
            yield arrow


@dataclass(frozen=True)
class _Chart:
    """What is known of each screenful, and how they hang together."""

    screens: ScreenSet
    turns: Mapping[Sheet, Mapping[str, Turn]]
    keys: Mapping[Sheet, int]
    arrows: Mapping[Sheet, Mapping[str, Arrow]]

    def cards(self) -> Iterator[Card]:
        above = {sheet: self._above(sheet) for sheet in self.turns}
        order = [sheet for root in self.turns if above[root] is None for sheet in self._under(root, above)]
        numbers = {sheet: number for number, sheet in enumerate(order, 1)}
        for sheet in order:
            before = above[sheet]
            yield Card(
                number=numbers[sheet],
                sheet=sheet,
                texts={lang: render(self.screens, turn) for lang, turn in self.turns[sheet].items()},
                keys=self.keys.get(sheet),
                above=numbers[before] if before else None,
                links=tuple(self._links(sheet, numbers)),
                ends=all(isinstance(turn.screen, End) for turn in self.turns[sheet].values()),
            )

    def _links(self, sheet: Sheet, numbers: Mapping[Sheet, int]) -> Iterator[Link]:
        for typed, arrow in self.arrows.get(sheet, {}).items():
            if self.screens.is_offer(sheet.screen) and _to(arrow).screen != self.screens.home:
                continue  # it leads to wherever she was
            causes = tuple(dict.fromkeys(type(effect) for effect in arrow.turn.effects))
            yield Link(typed, numbers[_to(arrow)], causes)

    def _under(self, root: Sheet, above: Mapping[Sheet, Sheet | None]) -> Iterator[Sheet]:
        yield root
        below = (_to(arrow) for arrow in self.arrows.get(root, {}).values())
        for sheet in dict.fromkeys(sheet for sheet in below if above[sheet] == root):
            yield from self._under(sheet, above)

    def _above(self, sheet: Sheet) -> Sheet | None:
        """The nearest of the screens from which one key leads here.

        For the one caller it may be further from the first screen than for another.
        """
        if sheet not in self.keys:
            return None
        before = [
            start
            for start, onward in self.arrows.items()
            if self.keys.get(start, self.keys[sheet]) < self.keys[sheet]
            and sheet in map(_to, onward.values())
        ]
        return max(before, key=lambda start: self.keys[start], default=None)


def _from(arrow: Arrow) -> Sheet:
    return Sheet(arrow.start.screen, arrow.start.page)


def _to(arrow: Arrow) -> Sheet:
    return Sheet(arrow.turn.session.screen, arrow.turn.session.page)
