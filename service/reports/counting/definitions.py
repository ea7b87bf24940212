"""What is counted and how, read from the two files beside this package and checked whole.

The files are the programme's own words and numbers; this module knows only their form.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from service.domain.care import ContactMode
from service.domain.discretion import full_years
from service.reports.counting.tags import TAGS, Source

_CLOSED: Final = ConfigDict(extra="forbid")
_Whole = Annotated[int, Field(ge=0, strict=True)]
_Words = Annotated[str, Field(min_length=1)]

UNKNOWN: Final = "unknown"
OTHER: Final = "other"
OLDEST: Final = 150
"""Full years; whoever is older belongs where they do."""


class Dimension(StrEnum):
    """By what a figure may be told apart, beside its place and period."""

    AGE_BAND = "age_band"
    DREAMS_BAND = "dreams_band"
    SEX = "sex"
    CLIENT_TYPE = "client_type"
    MODE = "mode"
    CHANNEL = "channel"
    SERVICE = "service"
    PLAN = "plan"
    TASK = "task"
    URGENCY = "urgency"
    INFANT_AGE = "infant_age"
    OUTCOME = "outcome"
    GATEWAY = "gateway"
    CURRENCY = "currency"


BANDED: Final = (Dimension.AGE_BAND, Dimension.DREAMS_BAND)


class Measure(StrEnum):
    """How facts become a figure.

    ``events`` are counted; ``clients`` are counted once each; a ``share`` is events of events; a ``median``
    is in hours; a ``sum`` adds amounts, and ``money`` those of one currency.
    """

    EVENTS = "events"
    CLIENTS = "clients"
    SHARE = "share"
    MEDIAN = "median"
    SUM = "sum"
    MONEY = "money"


ADDITIVE: Final = frozenset({Measure.EVENTS, Measure.SHARE, Measure.SUM, Measure.MONEY})
"""Of these a longer period is the sum of its days, and a district that of its sites."""


@dataclass(frozen=True)
class Indicator:
    """One thing that is counted. ``compares`` names the indicator beside which it may be shown."""

    __pydantic_config__ = _CLOSED

    id: _Words
    title: _Words
    means: _Words
    source: Source
    measure: Measure
    counts: _Words
    by: tuple[tuple[Dimension, ...], ...]
    of: str | None = None
    compares: str | None = None

    @property
    def is_additive(self) -> bool:
        return self.measure in ADDITIVE

    @property
    def has_total(self) -> bool:
        """Money of several currencies has none."""
        return self.measure is not Measure.MONEY


@dataclass(frozen=True)
class Mode:
    """A kind of contact, and whether it is remote."""

    __pydantic_config__ = _CLOSED

    id: ContactMode
    remote: bool
    means: _Words


@dataclass(frozen=True)
class Numbers:
    """The numbers on which rules stand; days and hours as their names say."""

    __pydantic_config__ = _CLOSED

    answered_within_hours: _Whole
    attended_soon_days: _Whole
    attended_later_days: _Whole
    early_test_days: _Whole
    first_test_days: _Whole
    nine_months_from_day: _Whole
    nine_months_to_day: _Whole
    eighteen_months_from_day: _Whole
    eighteen_months_to_day: _Whole
    final_from_day: _Whole
    final_after_weaning_days: _Whole
    compare_least: _Whole
    compare_known_percent: _Whole
    suppress_below: _Whole


@dataclass(frozen=True)
class CheckIns:
    __pydantic_config__ = _CLOSED

    steps: tuple[str, ...]
    means: _Words


@dataclass(frozen=True)
class Rules:
    """The whole file of indicators."""

    __pydantic_config__ = _CLOSED

    version: _Words
    words: Mapping[str, _Words]
    mode: tuple[Mode, ...]
    numbers: Numbers
    check_ins: CheckIns
    indicator: tuple[Indicator, ...]


@dataclass(frozen=True)
class Band:
    """Full years from ``first`` to ``to``, both included; open above where there is no ``to``."""

    __pydantic_config__ = ConfigDict(extra="forbid", validate_by_alias=True)

    code: _Words
    first: Annotated[int, Field(alias="from", ge=0, strict=True)]
    to: _Whole | None = None

    def __contains__(self, age: int) -> bool:
        return self.first <= age and (self.to is None or age <= self.to)


@dataclass(frozen=True)
class BandSet:
    __pydantic_config__ = _CLOSED

    id: Dimension
    title: _Words
    source: _Words
    bands: tuple[Band, ...]

    def band(self, born_on: date | None, day: date) -> str:
        """Where somebody who was born on one day belongs on another."""
        if born_on is None:
            return UNKNOWN
        age = full_years(born_on, day)
        return self._by_age[min(age, OLDEST)] if age >= 0 else OTHER

    @cached_property
    def _by_age(self) -> tuple[str, ...]:
        ages = range(OLDEST + 1)
        return tuple(next((band.code for band in self.bands if age in band), OTHER) for age in ages)


@dataclass(frozen=True)
class Bands:
    __pydantic_config__ = _CLOSED

    version: _Words
    set: tuple[BandSet, ...]


@dataclass(frozen=True)
class Definitions:
    """Everything by which figures are counted."""

    rules: Rules
    bands: Bands

    @property
    def version(self) -> str:
        """Of both files; a published figure keeps it."""
        return f"{self.rules.version}/{self.bands.version}"

    @property
    def numbers(self) -> Numbers:
        return self.rules.numbers

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """By id, in the order of the file."""
        return {indicator.id: indicator for indicator in self.rules.indicator}

    @cached_property
    def added_up(self) -> frozenset[Source]:
        """The sources of what is the sum of its days."""
        return frozenset(one.source for one in self.rules.indicator if one.is_additive)

    @cached_property
    def remote(self) -> frozenset[ContactMode]:
        return frozenset(mode.id for mode in self.rules.mode if mode.remote)

    def band_of(self, dimension: Dimension) -> Callable[[date | None, date], str]:
        """Where somebody who was born on one day belongs on another."""
        return next(bands.band for bands in self.bands.set if bands.id is dimension)


class WrongDefinitions(Exception):
    """The definitions cannot be used; the sentence says every reason."""


@cache
def shipped() -> Definitions:
    """Those that come with the service. Raises ``WrongDefinitions``."""
    here = files("service.reports")
    return read(here.joinpath("indicators.toml").read_text(), here.joinpath("bands.toml").read_text())


def read(indicators: str, bands: str) -> Definitions:
    """From the text of both files. Raises ``WrongDefinitions`` with everything that is wrong."""
    try:
        found = Definitions(
            TypeAdapter(Rules).validate_python(tomllib.loads(indicators)),
            TypeAdapter(Bands).validate_python(tomllib.loads(bands)),
        )
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise WrongDefinitions(str(error)) from None
    if problems := tuple(_problems(found)):
        raise WrongDefinitions(" ".join(problems))
    return found


def _problems(found: Definitions) -> Iterator[str]:
    yield from _of_indicators(found.rules)
    if {mode.id for mode in found.rules.mode} != set(ContactMode):
        yield "Every mode of contact needs a rule, once."
    if {bands.id for bands in found.bands.set} != set(BANDED):
        yield f"The sets of bands are {', '.join(BANDED)}."
    for bands in found.bands.set:
        yield from _of_bands(bands)


def _of_indicators(rules: Rules) -> Iterator[str]:
    ids = [indicator.id for indicator in rules.indicator]
    if len(set(ids)) < len(ids):
        yield "Two indicators have the same id."
    for one in rules.indicator:
        for tag in filter(None, (one.counts, one.of)):
            if tag not in TAGS[one.source]:
                yield f"{one.id}: {one.source} finds no {tag!r}, only {', '.join(TAGS[one.source])}."
        if (one.of is not None) is not (one.measure is Measure.SHARE):
            yield f"{one.id}: a share, and nothing else, is of something."
        if one.measure is Measure.MONEY and not all(Dimension.CURRENCY in by for by in one.by):
            yield f"{one.id}: money is told by currency."
        if one.compares is not None and one.compares not in ids:
            yield f"{one.id}: there is no {one.compares} to compare with."


def _of_bands(bands: BandSet) -> Iterator[str]:
    for before, after in zip(bands.bands, bands.bands[1:], strict=False):
        if before.to is None or after.first != before.to + 1:
            yield f"{bands.id}: {after.code} does not follow on {before.code}."
