"""From facts to what stands in each cell of each place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
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

_Kind = tuple[UUID, tuple[str, ...]]
"""A site, and what is told apart of a fact there."""


def tally(
    definitions: Definitions, districts: Mapping[UUID, UUID], indicator: Indicator, facts: Iterable[Fact]
) -> Tally:
    """What the facts of a period come to; cells in which there is nothing are left out."""
    found = [fact for fact in facts if indicator.counts in fact.tags or indicator.of in fact.tags]
    counting = _Counting(definitions, districts, indicator)
    match indicator.measure:
        case Measure.EVENTS:
            return {where: Counted(cases) for where, cases in counting.cases(found, indicator.counts).items()}
        case Measure.CLIENTS:
            return {where: Counted(cases) for where, cases in counting.clients(found).items()}
        case Measure.SHARE:
            return counting.shares(found)
        case Measure.SUM | Measure.MONEY:
            return counting.sums(found)
        case Measure.MEDIAN:
            return counting.medians(found)
        case _:
            assert_never(indicator.measure)


@dataclass(frozen=True)
class _Counting:
    definitions: Definitions
    districts: Mapping[UUID, UUID]
    indicator: Indicator

    def cases(self, facts: Iterable[Fact], tag: str | None) -> Counter[tuple[Place, Cell]]:
        found: Counter[tuple[Place, Cell]] = Counter()
        for kind, alike in self._alike(fact for fact in facts if tag in fact.tags):
            for where in self._everywhere(kind):
                found[where] += len(alike)
        return found

    def clients(self, facts: list[Fact]) -> Counter[tuple[Place, Cell]]:
        """Each subject once in each place and for each mode or service, as she was on the first day there."""
        found: Counter[tuple[Place, Cell]] = Counter()
        for story, number in Counter(map(tuple, self._stories(facts))).items():
            for by in self._groups:
                for where in self._firsts(story, by):
                    found[where] += number
        return found

    def _stories(self, facts: list[Fact]) -> Iterable[list[_Kind]]:
        """Of each subject what happened, in order. Many have the same, and what happens again is left out."""
        happened = [one for one in self._dimensions if one not in _HERS]
        known: set[tuple[UUID, UUID, tuple[str, ...]]] = set()
        stories: dict[UUID, list[_Kind]] = defaultdict(list)
        for fact in sorted(facts, key=lambda fact: fact.on):
            how = fact.subject.id, fact.site_id, tuple(fact.values.get(one, UNKNOWN) for one in happened)
            if how not in known:
                known.add(how)
                stories[fact.subject.id].append(self._kind(fact))
        return stories.values()

    def _firsts(self, story: Iterable[_Kind], by: tuple[Dimension, ...]) -> Iterator[tuple[Place, Cell]]:
        known: set[tuple[Place, tuple[str, ...]]] = set()
        for site_id, values in story:
            told = dict(zip(self._dimensions, values, strict=True))
            about = tuple(told[one] for one in by if one not in _HERS)
            cell = Cell(tuple((one, told[one]) for one in by))
            for place in places_of(site_id, self.districts.get(site_id)):
                if (place, about) not in known:
                    known.add((place, about))
                    yield place, cell

    def shares(self, facts: list[Fact]) -> Tally:
        cases, of = self.cases(facts, self.indicator.counts), self.cases(facts, self.indicator.of)
        return {where: Counted(cases[where], number) for where, number in of.items()}

    def sums(self, facts: list[Fact]) -> Tally:
        found: dict[tuple[Place, Cell], Counted] = defaultdict(lambda: Counted(0, None, 0))
        for kind, alike in self._alike(facts):
            amount = sum(fact.amount for fact in alike)
            for where in self._everywhere(kind):
                found[where] += Counted(len(alike), None, amount)
        return found

    def medians(self, facts: list[Fact]) -> Tally:
        found: dict[tuple[Place, Cell], list[int]] = defaultdict(list)
        for kind, alike in self._alike(facts):
            for where in self._everywhere(kind):
                found[where].extend(fact.amount for fact in alike)
        return {where: Counted(len(all_), None, round(median(all_))) for where, all_ in found.items()}

    def _alike(self, facts: Iterable[Fact]) -> Iterable[tuple[_Kind, list[Fact]]]:
        """Facts that stand in the same cells of a site: there are far fewer kinds of them than facts."""
        kinds: dict[_Kind, list[Fact]] = defaultdict(list)
        for fact in facts:
            kinds[self._kind(fact)].append(fact)
        return kinds.items()

    def _kind(self, fact: Fact) -> _Kind:
        return fact.site_id, tuple(self._value(fact, one) for one in self._dimensions)

    def _everywhere(self, kind: _Kind) -> Iterator[tuple[Place, Cell]]:
        site_id, values = kind
        told = dict(zip(self._dimensions, values, strict=True))
        cells = [Cell(tuple((one, told[one]) for one in by)) for by in self._groups]
        for place in places_of(site_id, self.districts.get(site_id)):
            for cell in cells:
                yield place, cell

    @cached_property
    def _dimensions(self) -> tuple[Dimension, ...]:
        return tuple(dict.fromkeys(one for by in self._groups for one in by))

    @cached_property
    def _groups(self) -> tuple[tuple[Dimension, ...], ...]:
        return ((), *self.indicator.by) if self.indicator.has_total else self.indicator.by

    def _value(self, fact: Fact, dimension: Dimension) -> str:
        who = fact.subject
        if dimension in BANDED:
            return self.definitions.band(dimension, who.born_on, fact.on)
        if dimension is Dimension.SEX:
            return who.sex or UNKNOWN
        if dimension is Dimension.CLIENT_TYPE:
            return who.type_on(fact.on)
        return fact.values.get(dimension, UNKNOWN)


_HERS = (*BANDED, Dimension.SEX, Dimension.CLIENT_TYPE)
"""What is told of somebody, and not of what happened to her."""
