"""From facts to what stands in each cell of each place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
        """Equal facts are put together first: there are far fewer kinds of them than facts."""
        alike = Counter((fact.site_id, self._cells(fact)) for fact in facts if tag in fact.tags)
        found: Counter[tuple[Place, Cell]] = Counter()
        for (site_id, cells), number in alike.items():
            for where in self._everywhere(site_id, cells):
                found[where] += number
        return found

    def clients(self, facts: list[Fact]) -> Counter[tuple[Place, Cell]]:
        """Each subject once in each place and for each mode or service, as she was on the first day there."""
        first: dict[tuple[Place, tuple[Dimension, ...], UUID, tuple[str, ...]], Fact] = {}
        for fact in sorted(facts, key=lambda fact: fact.on):
            for place in places_of(fact.site_id, self.districts.get(fact.site_id)):
                for by in self._groups():
                    about = tuple(fact.values.get(one, UNKNOWN) for one in by if one not in _HERS)
                    first.setdefault((place, by, fact.subject.id, about), fact)
        return Counter((place, self._cell(fact, by)) for (place, by, _, _), fact in first.items())

    def shares(self, facts: list[Fact]) -> Tally:
        cases, of = self.cases(facts, self.indicator.counts), self.cases(facts, self.indicator.of)
        return {where: Counted(cases[where], number) for where, number in of.items()}

    def sums(self, facts: list[Fact]) -> Tally:
        found: dict[tuple[Place, Cell], Counted] = defaultdict(lambda: Counted(0, None, 0))
        for fact in facts:
            for where in self._everywhere(fact.site_id, self._cells(fact)):
                found[where] += Counted(1, None, fact.amount)
        return found

    def medians(self, facts: list[Fact]) -> Tally:
        found: dict[tuple[Place, Cell], list[int]] = defaultdict(list)
        for fact in facts:
            for where in self._everywhere(fact.site_id, self._cells(fact)):
                found[where].append(fact.amount)
        return {where: Counted(len(all_), None, round(median(all_))) for where, all_ in found.items()}

    def _everywhere(self, site_id: UUID, cells: tuple[Cell, ...]) -> Iterator[tuple[Place, Cell]]:
        for place in places_of(site_id, self.districts.get(site_id)):
            for cell in cells:
                yield place, cell

    def _cells(self, fact: Fact) -> tuple[Cell, ...]:
        return tuple(self._cell(fact, by) for by in self._groups())

    def _groups(self) -> tuple[tuple[Dimension, ...], ...]:
        return ((), *self.indicator.by) if self.indicator.has_total else self.indicator.by

    def _cell(self, fact: Fact, by: tuple[Dimension, ...]) -> Cell:
        return Cell(tuple((dimension, self._value(fact, dimension)) for dimension in by))

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
