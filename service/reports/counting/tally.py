"""From facts to what stands in each cell of each place."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from statistics import median
from typing import assert_never
from uuid import UUID

from service.reports.counting.cells import Cell, Place, places_of
from service.reports.counting.definitions import BANDED, UNKNOWN, Definitions, Dimension, Indicator, Measure
from service.reports.counting.fact import Fact


@dataclass(frozen=True)
class Counted:
    """How many ``cases`` there were, of how many if it is a share, and what their amounts come to.

    ``amount`` is a sum, or a median in seconds.
    """

    cases: int
    of: int | None = None
    amount: int | None = None

    def __add__(self, other: "Counted") -> "Counted":
        """Of two parts of a sum. Clients and medians cannot be added."""
        return Counted(self.cases + other.cases, _plus(self.of, other.of), _plus(self.amount, other.amount))


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


Tally = Mapping[tuple[Place, Cell], Counted]

_Kind = tuple[UUID, frozenset[str], tuple[str, ...]]
"""A site, what facts there count as, and all that is told apart of them."""

_By = tuple[tuple[Dimension, int], ...]
"""A way of telling apart, with where among the values of a kind each of its parts stands."""

_HERS = (*BANDED, Dimension.SEX, Dimension.CLIENT_TYPE)
"""What is told of somebody, and not of what happened to her."""


@dataclass(frozen=True)
class Gathered:
    """The facts of a source in a period. ``amounts`` has those of equal facts: there are few kinds of them.

    ``stories`` has, for each subject, the kinds of what happened in order; made only if somebody is to be
    counted once.
    """

    dimensions: tuple[Dimension, ...]
    amounts: Mapping[_Kind, Sequence[int]]
    stories: Iterable[Iterable[_Kind]]


def gather(definitions: Definitions, indicators: Iterable[Indicator], facts: Iterable[Fact]) -> Gathered:
    """Go through the facts once, for all indicators that are made of them."""
    wanted = tuple(indicators)
    dimensions = tuple(dict.fromkeys(one for indicator in wanted for by in indicator.by for one in by))
    readers = [_reader(definitions, one) for one in dimensions]
    happened = [number for number, one in enumerate(dimensions) if one not in _HERS]
    once_each = any(one.measure is Measure.CLIENTS for one in wanted)
    all_once = all(one.measure is Measure.CLIENTS for one in wanted)
    amounts: dict[_Kind, list[int]] = defaultdict(list)
    stories: dict[UUID, list[tuple[date, _Kind]]] = defaultdict(list)
    for fact in facts:
        kind = fact.site_id, fact.tags, tuple([read(fact) for read in readers])
        if not all_once:
            amounts[kind].append(fact.amount)
        if once_each:
            stories[fact.subject.id].append((fact.on, kind))
    return Gathered(dimensions, amounts, [_in_order(happened, story) for story in stories.values()])


def _in_order(happened: Iterable[int], story: Sequence[tuple[date, _Kind]]) -> Iterable[_Kind]:
    """What happened again, at the same site and in the same way, counts for nothing and is left out."""
    if len(story) == 1:
        return (story[0][1],)
    first: dict[tuple[object, ...], _Kind] = {}
    for _, kind in sorted(story, key=itemgetter(0)):
        site_id, tags, values = kind
        first.setdefault((site_id, tags, *(values[number] for number in happened)), kind)
    return first.values()


def _reader(definitions: Definitions, dimension: Dimension) -> Callable[[Fact], str]:
    if dimension in BANDED:
        band = definitions.band_of(dimension)
        return lambda fact: band(fact.subject.born_on, fact.on)
    if dimension is Dimension.SEX:
        return lambda fact: fact.subject.sex or UNKNOWN
    if dimension is Dimension.CLIENT_TYPE:
        return lambda fact: fact.subject.type_on(fact.on)
    return lambda fact: fact.values.get(dimension, UNKNOWN)


def tally(districts: Mapping[UUID, UUID], indicator: Indicator, gathered: Gathered) -> Tally:
    """What the facts of a period come to; cells in which there is nothing are left out."""
    groups = ((), *indicator.by) if indicator.has_total else indicator.by
    ways = [tuple((one, gathered.dimensions.index(one)) for one in by) for by in groups]
    counting = _Counting(districts, ways, gathered)
    match indicator.measure:
        case Measure.EVENTS:
            return {where: Counted(cases) for where, cases in counting.cases(indicator.counts).items()}
        case Measure.CLIENTS:
            return {where: Counted(cases) for where, cases in counting.clients(indicator.counts).items()}
        case Measure.SHARE:
            cases = counting.cases(indicator.counts)
            return {where: Counted(cases[where], of) for where, of in counting.cases(indicator.of).items()}
        case Measure.SUM | Measure.MONEY:
            return counting.sums(indicator.counts)
        case Measure.MEDIAN:
            return counting.medians(indicator.counts)
        case _:
            assert_never(indicator.measure)


@dataclass(frozen=True)
class _Counting:
    districts: Mapping[UUID, UUID]
    ways: Sequence[_By]
    gathered: Gathered

    def cases(self, tag: str | None) -> Counter[tuple[Place, Cell]]:
        found: Counter[tuple[Place, Cell]] = Counter()
        for where, amounts in self._told(tag):
            found[where] += len(amounts)
        return found

    def sums(self, tag: str) -> Tally:
        found: dict[tuple[Place, Cell], Counted] = defaultdict(lambda: Counted(0, None, 0))
        for where, amounts in self._told(tag):
            found[where] += Counted(len(amounts), None, sum(amounts))
        return found

    def medians(self, tag: str) -> Tally:
        found: dict[tuple[Place, Cell], list[int]] = defaultdict(list)
        for where, amounts in self._told(tag):
            found[where].extend(amounts)
        return {where: Counted(len(all_), None, round(median(all_))) for where, all_ in found.items()}

    def _told(self, tag: str | None) -> Iterator[tuple[tuple[Place, Cell], Sequence[int]]]:
        """Each cell of each place, with amounts of facts that stand there."""
        for way in self.ways:
            of_sites: dict[tuple[UUID, tuple[str, ...]], list[int]] = defaultdict(list)
            for (site_id, tags, values), amounts in self.gathered.amounts.items():
                if tag in tags:
                    of_sites[site_id, tuple([values[number] for _, number in way])].extend(amounts)
            for (site_id, told), found in of_sites.items():
                cell = Cell(tuple((one, value) for (one, _), value in zip(way, told, strict=True)))
                for place in places_of(site_id, self.districts.get(site_id)):
                    yield (place, cell), found

    def clients(self, tag: str) -> Counter[tuple[Place, Cell]]:
        """Each subject once in each place and for each mode or service, as she was on the first day there.

        Many subjects have the same story, which is gone through once.
        """
        stories = Counter(tuple(kind for kind in story if tag in kind[1]) for story in self.gathered.stories)
        found: Counter[tuple[Place, Cell]] = Counter()
        for story, number in stories.items():
            for way in self.ways:
                for where in self._firsts(story, way):
                    found[where] += number
        return found

    def _firsts(self, story: Iterable[_Kind], way: _By) -> Iterator[tuple[Place, Cell]]:
        known: set[tuple[Place, tuple[str, ...]]] = set()
        for site_id, _, values in story:
            about = tuple([values[number] for one, number in way if one not in _HERS])
            cell = _cell(way, values)
            for place in places_of(site_id, self.districts.get(site_id)):
                if (place, about) not in known:
                    known.add((place, about))
                    yield place, cell


def _cell(way: _By, values: Sequence[str]) -> Cell:
    return Cell(tuple([(one, values[number]) for one, number in way]))
