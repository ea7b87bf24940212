"""A table in the form that was asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from handlers.cli.tables import aligned, json_line
from handlers.sheets import Cell, Sheet, as_csv, as_xlsx

__all__ = ("FORMATS", "Cell", "Sheet", "write")


def write(sheet: Sheet, form: str, out: Path | None) -> None:
    """To a file, or to the terminal. A spreadsheet needs a file. Raises ``OSError``."""
    content = _FORMS[form](sheet)
    if out:
        out.write_bytes(content)
    else:
        click.echo(content, nl=False)


def _as_table(sheet: Sheet) -> bytes:
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]
    return aligned(sheet.columns, rows).encode()


def _as_json(sheet: Sheet) -> bytes:
    return json_line([dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]).encode()


_FORMS: Final[dict[str, Callable[[Sheet], bytes]]] = {
    "table": _as_table,
    "csv": as_csv,
    "json": _as_json,
    "xlsx": as_xlsx,
}
FORMATS: Final = tuple(_FORMS)
