"""The mapping file: which of our figures goes where in a DHIS2, in its own codes."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from service.reports.counting.cells import read_cell
from service.reports.figures import Definitions, Dimension

_CLOSED = ConfigDict(extra="forbid")
_Code = Annotated[str, Field(min_length=1)]


class BadMapping(Exception):
    """The mapping cannot be used; each problem is a sentence that says what to change."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n  ".join(("the DHIS2 mapping needs mending:", *problems)))
        self.problems = problems


@dataclass(frozen=True)
class Element:
    """Where an indicator goes. ``combos`` has their category option combo for each of our cells.

    ``value``: the figure itself, or of a share what it was made of. ``zero``: whether a nought is sent; where
    it is not, a correction to nought leaves their old value standing.
    """

    __pydantic_config__ = _CLOSED

    indicator: _Code
    data_element: _Code
    zero: bool
    by: tuple[Dimension, ...] = ()
    value: Literal["value", "cases", "of"] = "value"
    combo: _Code | None = None
    combos: Mapping[str, _Code] = field(default_factory=dict)

    def combo_of(self, cell: str) -> str | None:
        """Theirs for one of our cells; the whole needs none."""
        return self.combos.get(cell) if self.by else self.combo


@dataclass(frozen=True)
class Dhis2Mapping:
    """``inside``: it is the programme's own DHIS2, so that small figures are sent as they are."""

    __pydantic_config__ = _CLOSED

    data_set: _Code
    id_scheme: Literal["code", "uid"]
    inside: bool
    org_units: Mapping[str, _Code]
    element: tuple[Element, ...]
    attribute_option_combo: _Code | None = None

    def of(self, indicators: Collection[str]) -> "Dhis2Mapping":
        """Only what these indicators need."""
        return replace(self, element=tuple(one for one in self.element if one.indicator in indicators))


def read_mapping(path: Path, definitions: Definitions) -> Dhis2Mapping:
    """Raises ``BadMapping`` with every problem at once, or ``OSError``."""
    try:
        found = TypeAdapter(Dhis2Mapping).validate_python(
            tomllib.loads(path.read_text("utf-8")), strict=False
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping([f"This is no TOML file: {error}."]) from None
    except ValidationError as error:
        raise BadMapping([_sentence(one["loc"], one["msg"]) for one in error.errors()]) from None
    if problems := list(_contradictions(found, definitions)):
        raise BadMapping(problems)
    return found


def _sentence(where: tuple[int | str, ...], says: str) -> str:
    return f"{'.'.join(map(str, where))}: {says}."


def _contradictions(found: Dhis2Mapping, definitions: Definitions) -> Iterator[str]:
    for element in found.element:
        indicator = definitions.indicators.get(element.indicator)
        name = f"element {element.indicator}"
        if indicator is None:
            yield f"{name}: there is no such indicator; see service/reports/indicators.toml."
        elif element.by and element.by not in indicator.by:
            known = "; ".join(" and ".join(by) for by in indicator.by)
            yield f"{name}: it is told apart by {known}, not by {' and '.join(element.by)}."
        elif element.value == "of" and indicator.of is None:
            yield f"{name}: it is no share, so there is no 'of'."
        strange = [cell for cell in element.combos if not _is_told_apart_by(cell, element.by)]
        if strange:
            yield f"{name}: {strange[0]!r} is no cell of it; khopotso report shows them as told_apart."
        if bool(element.by) is not bool(element.combos):
            yield f"{name}: 'by' and 'combos' need each other."


def _is_told_apart_by(cell: str, by: tuple[Dimension, ...]) -> bool:
    try:
        return read_cell(cell).dimensions == by
    except ValueError:  # no dimension of ours
        return False
