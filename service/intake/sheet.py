"""A caseload file once it has been opened: lines of text with the numbers that a spreadsheet shows."""

from dataclasses import dataclass, field


class BadFile(Exception):
    """The file cannot be taken at all; the sentence says why and what to do, and repeats nothing of it."""


@dataclass(frozen=True)
class Line:
    """A row of the file. ``number`` counts from 1 and includes the header and empty rows."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Sheet:
    """``sha256`` (hex) is that of the file. ``notes`` are what its user should know of how it was read."""

    header: tuple[str, ...] = field(repr=False)
    lines: tuple[Line, ...]
    sha256: str
    notes: tuple[str, ...] = ()
