"""A table in the form that was asked for."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

import click

from handlers.cli.tables import aligned, json_line

Cell = str | int | None

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def write(sheet: Sheet, form: str, out: Path | None) -> None:
    """To a file, or to the terminal. A spreadsheet needs a file. Raises ``OSError``."""
    if form == "xlsx":
        assert out, "the command has asked for a file"
        _write_xlsx(sheet, out)
    elif out:
        out.write_bytes(_AS_TEXT[form](sheet).encode())
    else:
        click.echo(_AS_TEXT[form](sheet).encode(), nl=False)


def _as_table(sheet: Sheet) -> str:
    return aligned(sheet.columns, [["" if cell is None else str(cell) for cell in row] for row in sheet.rows])


def _as_csv(sheet: Sheet) -> str:
    """By RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(sheet.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell


def _as_json(sheet: Sheet) -> str:
    return json_line([dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows])


_AS_TEXT: Final[dict[str, Callable[[Sheet], str]]] = {"table": _as_table, "csv": _as_csv, "json": _as_json}
FORMATS: Final = (*_AS_TEXT, "xlsx")


def _write_xlsx(sheet: Sheet, out: Path) -> None:
    from xlsxwriter import Workbook  # one form of one command needs it

    with (
        out.open("wb") as file,
        Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book,
    ):
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for number, row in enumerate((sheet.columns, *sheet.rows)):
            page.write_row(number, 0, row)
