"""A table as a file that spreadsheets read. No cell of it is ever taken for a formula."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final

Cell = str | int | float | None

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def as_csv(sheet: Sheet) -> bytes:
    """By RFC 4180, in UTF-8; what a spreadsheet would take for a formula gets an apostrophe in front."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(sheet.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell


def as_xlsx(sheet: Sheet) -> bytes:
    from xlsxwriter import Workbook  # slow to load, and seldom needed

    file = BytesIO()
    with Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for number, row in enumerate((sheet.columns, *sheet.rows)):
            page.write_row(number, 0, row)
    return file.getvalue()
