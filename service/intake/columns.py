"""The first line of a file: which column is which."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.intake.sheet import BadFile

_A_NAME: Final = re.compile(r"[^\W\d_][^\W\d]*(?:[ _-]+[^\W\d]+)*")
_LONGEST_NAME: Final = 40
_SHORTEST_PART: Final = 4


@dataclass(frozen=True)
class Columns:
    """The columns that a kind of file must have and may have, in the order in which they are documented."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True)
class Layout:
    """Where each column of a file is. ``width`` is the number of columns that have a name."""

    places: Mapping[str, int]
    width: int
    notes: tuple[str, ...]


def read_header(columns: Columns, header: Sequence[str]) -> Layout:
    """Find the columns. Raises ``BadFile`` if one is missing or named twice."""
    names = [_folded(name) for name in header]
    places = {name: place for place, name in enumerate(names) if name in columns.all}
    twice = [name for name, times in Counter(names).items() if times > 1 and name in columns.all]
    if twice:
        raise BadFile(f"The first line names {_listed(twice)} more than once.")
    if not places:
        raise BadFile(f"The first line must name the columns. Needed are {_listed(columns.required)}.")
    missing = [name for name in columns.required if name not in places]
    if missing:
        raise BadFile(_missing(missing, set(names) - set(columns.all)))
    width = max(place for place, name in enumerate(names, start=1) if name)
    unknown = [place for place in range(width) if names[place] not in columns.all]
    return Layout(places, width, tuple(_notes(header, unknown, set(columns.all) - set(places))))


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.replace("\ufeff", "").strip()).casefold()


def _missing(missing: Sequence[str], unknown: set[str]) -> str:
    hints = (f"Is “{near}” meant as {name}?" for name in missing if (near := _nearest(name, unknown)))
    return " ".join((f"Missing: {_listed(missing)}.", *hints))


def _notes(header: Sequence[str], unknown: Iterable[int], absent: set[str]) -> Iterator[str]:
    for place in unknown:
        meant = _nearest(_folded(header[place]), absent)
        hint = f" Did you mean {meant}?" if meant else ""
        yield f"{_shown(header[place], place)} is not known here and was not read.{hint}"


def _shown(name: str, place: int) -> str:
    """A header may be a misplaced row of data, so what has no look of a column's name is not repeated."""
    plain = name.strip()
    named = len(plain) <= _LONGEST_NAME and _A_NAME.fullmatch(plain)
    return f"The column “{plain}”" if named else f"Column {place + 1}"


def _nearest(name: str, candidates: set[str]) -> str | None:
    """The candidate that is probably the same column: spelt nearly so, or a part of the other's name."""
    close = difflib.get_close_matches(name, sorted(candidates), n=1, cutoff=0.7)
    parts = (other for other in sorted(candidates) if min(len(name), len(other)) >= _SHORTEST_PART)
    return close[0] if close else next((other for other in parts if other in name or name in other), None)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
