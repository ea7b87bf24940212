"""Opening a caseload file: CSV in the ways in which spreadsheets write it, or XLSX, into lines of text."""

import codecs
import csv
import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from service.intake.sheet import BadFile, Line, Sheet

MOST_BYTES: Final = 64 * 2**20
MOST_UNPACKED: Final = 512 * 2**20
"""Bytes of an XLSX file once unpacked: a small file may hold a very large one."""
MOST_LINES: Final = 200_000

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATORS: Final = (",", ";", "\t")
"""In southern Africa Excel writes semicolons, because the comma is its decimal mark."""

NOT_UTF8: Final = (
    "The file is not in UTF-8. It was read as Windows-1252; look whether letters such as š came out right."
)
FIRST_SHEET: Final = "The file has several sheets; only the first was read."

_ENCODINGS: Final = (("utf-8-sig", ()), ("cp1252", (NOT_UTF8,)))
"""Tried in this order: hardly any other text happens to be UTF-8, and nearly everything is Windows-1252."""
_UTF16: Final = (("utf-16", ()),)

_Rows = list[tuple[str, ...]]


def read_file(path: Path) -> Sheet:
    """Read a file whole. Raises ``BadFile`` for whatever cannot be read as a table with a header."""
    content = _content(path)
    rows, notes = _spreadsheet(content) if content.startswith(_ZIP) else _text_table(content)
    lines = [Line(number, cells) for number, cells in enumerate(rows, start=1) if any(map(str.strip, cells))]
    if not lines:
        raise BadFile("The file is empty.")
    if len(lines) == 1:
        raise BadFile("The file has names of columns, and no rows.")
    digest = hashlib.sha256(content).hexdigest()
    return Sheet(lines[0].cells, tuple(lines[1:]), digest, tuple(notes))


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise BadFile("This is a folder; name a file in it.")
    if path.exists() and not path.is_file():
        raise BadFile("This is not a file.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(f"The file is larger than {MOST_BYTES // 2**20} MB; divide it.")
        return path.read_bytes()
    except FileNotFoundError:
        raise BadFile("There is no such file.") from None
    except (OSError, ValueError):
        raise BadFile("The file cannot be read; are you allowed to?") from None


# --- text ----------------------------------------------------------------------------------------------


def _text_table(content: bytes) -> tuple[_Rows, list[str]]:
    if content.startswith(_OLD_EXCEL):
        raise BadFile(
            "This is an old Excel file, or one with a password. Save it as XLSX without a password."
        )
    text, notes = _decoded(content)
    if _CONTROL.search(text):
        raise BadFile("This is not a text file. Save the table as CSV (UTF-8) or XLSX.")
    return _within(MOST_LINES, _csv_rows(text)), notes


def _decoded(content: bytes) -> tuple[str, list[str]]:
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding, notes in _UTF16 if utf16 else _ENCODINGS:
        try:
            return content.decode(encoding), list(notes)
        except UnicodeDecodeError:
            continue
    raise BadFile("The letters of this file cannot be read. Save it as CSV (UTF-8) or XLSX.")


def _csv_rows(text: str) -> Iterator[tuple[str, ...]]:
    separator, told = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 1
    try:
        for row, cells in enumerate(reader, start=1):
            yield () if told and row == 1 else tuple(cells)
    except csv.Error:
        raise BadFile(
            f"Line {row + 1} cannot be read: a quotation mark is opened or closed in the wrong place."
        ) from None


def _separator(text: str) -> tuple[str, bool]:
    """What stands between the values, and whether the first line does nothing but say so, as Excel's may."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    told = re.fullmatch(r'"?sep=([,;\t])"?', text.split("\n", 1)[0].strip("\r "))
    return (told[1], True) if told else (max(_SEPARATORS, key=first.count), False)


def _within(most: int, rows: Iterable[tuple[str, ...]]) -> _Rows:
    found = list(islice(rows, most + 1))
    if len(found) > most:
        raise BadFile(f"The file has more than {most} lines; divide it.")
    return found


# --- XLSX ----------------------------------------------------------------------------------------------


def _spreadsheet(content: bytes) -> tuple[_Rows, list[str]]:
    """The first sheet that is not hidden. Formulas have the values that were last worked out."""
    try:
        _refuse_bomb(content)
        return _first_sheet(content)
    except BadFile:
        raise
    except Exception:  # a damaged file makes the library fail in as many ways as there are parts in it
        raise BadFile("This is no XLSX file, or a damaged one. Save the table as XLSX or CSV anew.") from None


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise BadFile("The file is too large once unpacked; divide it.")


def _first_sheet(content: bytes) -> tuple[_Rows, list[str]]:
    import openpyxl  # slow to load, and not needed for CSV

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of decorations that it will not keep
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheets[0].reset_dimensions()  # what a file says of its own size is often wrong
        rows = _within(
            MOST_LINES, (tuple(map(_as_text, row)) for row in sheets[0].iter_rows(values_only=True))
        )
        book.close()
    return rows, [FIRST_SHEET] if len(sheets) > 1 else []


def _as_text(cell: object) -> str:
    """What somebody would have typed: ISO days, clock times such as 14:30, whole numbers without a point."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, datetime | time | timedelta):
        return _when(cell)
    return "" if cell is None else str(cell)


_EXACT: Final = 10**15
"""A spreadsheet keeps fifteen digits of a number; of a longer one the end is lost."""


def _when(cell: datetime | time | timedelta) -> str:
    if isinstance(cell, datetime):
        moment = _rounded(cell)
        return moment.date().isoformat() if moment.time() == time.min else moment.isoformat(" ")
    if isinstance(cell, time):
        return _clock(datetime.combine(_ANY_DAY, cell))
    within_a_day = timedelta(0) <= cell < timedelta(days=1)
    return _clock(datetime.combine(_ANY_DAY, time.min) + cell) if within_a_day else str(cell)


_ANY_DAY: Final = date(1900, 1, 1)


def _clock(moment: datetime) -> str:
    clock = _rounded(moment).time()
    return clock.isoformat("minutes" if clock.second == 0 else "seconds")


def _rounded(moment: datetime) -> datetime:
    """To the second; a spreadsheet keeps times as fractions of a day, a little off."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
