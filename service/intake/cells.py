"""The cells of one line, read by the name of their column; everything wrong with them is gathered."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from service.intake.columns import Layout
from service.intake.sheet import Line

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True)
class Wrong:
    """Why a value was refused: a sentence for whoever typed it, which never repeats the value."""

    reason: str


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file. ``column`` is empty where it is the line as a whole."""

    line: int
    column: str
    reason: str


Reader = Callable[[str], T | Wrong]

EMPTY: Final = "Something must be written here."
LINE_BREAK: Final = "There is a line break in here; is a quotation mark missing above?"
UNPRINTABLE: Final = "There are characters in here that cannot be printed."
SPREADSHEET_ERROR: Final = "The spreadsheet shows an error here instead of a value."
TOO_MANY: Final = "There are more values than columns; is one with a comma in it not in quotation marks?"

_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"})


class Cells:
    """What a kind of file reads a line with. A value that is wrong is noted, and a stand-in is returned."""

    def __init__(self, layout: Layout, line: Line) -> None:
        self._layout = layout
        self._line = line
        self.problems: list[Problem] = []
        if any(cell.strip() for cell in line.cells[layout.width :]):
            self.refuse("", TOO_MANY)

    def need(self, column: str, read: Reader[T], stand_in: T) -> T:
        """The value of a column that must be filled in."""
        text = self._text(column)
        if not text:
            self.refuse(column, EMPTY)
            return stand_in
        return self._read(column, text, read, stand_in)

    def may(self, column: str, read: Reader[T], usual: D) -> T | D:
        """The value of a column that may be missing or empty, and then has its usual value."""
        text = self._text(column)
        return self._read(column, text, read, usual) if text else usual

    def refuse(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self._line.number, column, reason))

    def _text(self, column: str) -> str:
        place = self._layout.places.get(column)
        if place is None or place >= len(self._line.cells):
            return ""
        return _tidy(self._line.cells[place])

    def _read(self, column: str, text: str, read: Reader[T], otherwise: D) -> T | D:
        fault = _fault(text)
        value = Wrong(fault) if fault else read(text)
        if isinstance(value, Wrong):
            self.refuse(column, value.reason)
            return otherwise
        return value


def _tidy(cell: str) -> str:
    """The text without invisible characters, and with single spaces; a line break within it stays."""
    if not cell.isascii():
        composed = unicodedata.normalize("NFC", cell)
        cell = "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")
    return re.sub(r"[^\S\r\n]+", " ", cell.strip())


def _fault(text: str) -> str | None:
    if "\n" in text or "\r" in text:
        return LINE_BREAK
    if not text.isprintable():
        return UNPRINTABLE
    return SPREADSHEET_ERROR if text.upper() in _ERRORS else None
