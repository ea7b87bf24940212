"""What a page says of figures: lines with a value and what it means, and groups that are told apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from handlers.staff.desk import words
from handlers.staff.figures.charts import Bar, bars
from handlers.staff.figures.seen import View
from service.reports.figure_rows import FEW, GROUPS, shown_value
from service.reports.figures import NETWORK, TOTAL, Detail, Dimension, Figure, Level, Measure, Period

AT_A_GLANCE: Final = (Dimension.MODE, Dimension.INFANT_AGE)
"""How the dashboard tells apart what it draws."""

LINES: Final = Detail((Dimension.CURRENCY,))
"""What lines are made of."""

DASHBOARD: Final = Detail((*AT_A_GLANCE, Dimension.CURRENCY))


@dataclass(frozen=True)
class Line:
    """One indicator at one place; ``before`` is what it was in the period before.

    ``published`` is what it was when it was frozen, where late data has changed it since.
    """

    id: str
    title: str
    means: str
    value: str
    before: str
    made_of: str
    published: str = ""


@dataclass(frozen=True)
class Part:
    label: str
    value: str


@dataclass(frozen=True)
class Apart:
    """A figure told apart in one way, as a chart and as a table."""

    title: str
    chart: Markup
    parts: tuple[Part, ...]


def lines(view: View, found: Iterable[Figure], before: Iterable[Figure]) -> Mapping[str, list[Line]]:
    now, then = _wholes(view, found), _wholes(view, before)
    return {group: [_line(view, one, now[one], then[one]) for one in ids] for group, ids in GROUPS.items()}


def restated(
    view: View, told: Mapping[str, list[Line]], frozen: Iterable[Figure]
) -> Mapping[str, list[Line]]:
    """The same lines, with what was published of those that are another figure now."""
    then = _wholes(view, frozen)

    def with_published(line: Line) -> Line:
        was = _whole_words(view, line.id, then[line.id])
        return line if was == line.value else replace(line, published=was)

    return {group: [with_published(line) for line in ones] for group, ones in told.items()}


def _wholes(view: View, found: Iterable[Figure]) -> Mapping[str, list[Figure]]:
    """Of each indicator its whole; of money, which has none, the sum in each currency."""
    wholes: dict[str, list[Figure]] = defaultdict(list)
    for one in found:
        if one.place == view.place and (one.cell == TOTAL or one.cell.dimensions == (Dimension.CURRENCY,)):
            wholes[one.indicator].append(one)
    return wholes


def _line(view: View, indicator_id: str, now: list[Figure], then: list[Figure]) -> Line:
    said = view.explained.said[indicator_id]
    return Line(
        indicator_id,
        said.title,
        said.means,
        _whole_words(view, indicator_id, now),
        _whole_words(view, indicator_id, then),
        made_of(now[0] if now else None),
    )


def _whole_words(view: View, indicator_id: str, wholes: Iterable[Figure]) -> str:
    measure = view.definitions.indicators[indicator_id].measure
    said = [" ".join([value_words(measure, one), *(value for _, value in one.cell.parts)]) for one in wholes]
    return ", ".join(sorted(said)) or value_words(measure, None)


def made_of(one: Figure | None) -> str:
    if one is None or one.value is None or one.counted.of is None:
        return ""
    return words()("figures.made_of", cases=one.counted.cases, of=one.counted.of)


def value_words(measure: Measure, one: Figure | None) -> str:
    """As people read it: shares in per cent. What was not counted is nought, or of nothing, a dash."""
    if one is None:
        return "0" if measure in (Measure.EVENTS, Measure.CLIENTS, Measure.SUM) else "–"
    value = shown_value(one)
    if value is None or value == FEW:
        return words()("figures.few") if value else "–"
    if measure is Measure.SHARE:
        return f"{float(value):.0%}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def parts(view: View, indicator_id: str, found: Sequence[Figure]) -> list[Apart]:
    """Each way of telling an indicator apart, and its districts and sites for the network."""
    indicator = view.definitions.indicators[indicator_id]
    told = [_apart(view, indicator_id, found, by, f"c{number}") for number, by in enumerate(indicator.by)]
    return [one for one in (*_places(view, indicator_id, found), *told) if one.parts]


def overview(view: View, indicator_id: str, found: Sequence[Figure]) -> list[Apart]:
    """What the dashboard shows of it: where, for the network; else how, or of infants how old."""
    indicator = view.definitions.indicators[indicator_id]
    how = [by for by in indicator.by if len(by) == 1 and by[0] in AT_A_GLANCE]
    told = [_apart(view, indicator_id, found, by, f"o{number}") for number, by in enumerate(how)]
    return [one for one in (*_places(view, indicator_id, found), *told) if one.parts]


def _rank(view: View, dimension: Dimension, value: str) -> tuple[int, str]:
    """Age groups stand by age, everything else by its word."""
    bands = [band.code for one in view.definitions.bands.set if one.id == dimension for band in one.bands]
    return (bands.index(value) if value in bands else len(bands), value)


def _apart(
    view: View, indicator_id: str, found: Sequence[Figure], by: tuple[Dimension, ...], name: str
) -> Apart:
    here = [
        one
        for one in found
        if one.indicator == indicator_id and one.place == view.place and one.cell.dimensions == by
    ]
    title = ", ".join(words().of("figures_by", one) for one in by)
    ordered = sorted(here, key=lambda one: [_rank(view, *part) for part in one.cell.parts])
    labels = [", ".join(word_of(*part) for part in one.cell.parts) for one in ordered]
    return _drawn(view, indicator_id, title, name, list(zip(labels, ordered, strict=True)))


def _places(view: View, indicator_id: str, found: Sequence[Figure]) -> list[Apart]:
    if view.place != NETWORK:
        return []
    told = []
    for level in (Level.DISTRICT, Level.SITE):
        here = [
            one
            for one in found
            if one.indicator == indicator_id and one.place.level is level and one.cell == TOTAL
        ]
        named = sorted(((view.names[one.place], one) for one in here), key=lambda pair: pair[0])
        told.append(_drawn(view, indicator_id, words()(f"figures.by_{level}"), f"p{level}", named))
    return told


def _drawn(
    view: View, indicator_id: str, title: str, name: str, told: Sequence[tuple[str, Figure | None]]
) -> Apart:
    measure = view.definitions.indicators[indicator_id].measure
    said = [value_words(measure, one) for _, one in told]
    drawn = [
        Bar(label, float(one.value) if one and one.value is not None else None, says)
        for (label, one), says in zip(told, said, strict=True)
    ]
    rows = tuple(Part(label, says) for (label, _), says in zip(told, said, strict=True))
    return Apart(title, bars(f"{indicator_id}-{name}".lower(), title, drawn), rows)


def over_time(view: View, indicator_id: str, periods: Sequence[Period], found: Sequence[Figure]) -> Apart:
    """The whole in each of some periods, the oldest first."""
    totals = {one.period: one for one in found if (one.place, one.cell) == (view.place, TOTAL)}
    told = [(words().period(period), totals.get(period)) for period in sorted(periods)]
    return _drawn(view, indicator_id, words()("figures.over_time"), "t", told)


_WORDS: Final = {
    Dimension.MODE: "mode",
    Dimension.CLIENT_TYPE: "client_kind",
    Dimension.SERVICE: "visit",
    Dimension.PLAN: "plan",
    Dimension.TASK: "task_kind",
    Dimension.OUTCOME: "result",
}
"""Where a dimension's words stand that other pages show too."""


def word_of(dimension: Dimension, value: str) -> str:
    """What people call a part; ages, gateways and currencies are called as they are."""
    w = words()
    return w.said.get(f"{_WORDS.get(dimension)}.{value}") or w.of("figures_part", value)
