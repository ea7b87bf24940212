"""Rows on a terminal or for another program."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import click

Cells = Sequence[str]

_LINE_ENDS: Final = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What JSON may leave as it is, and many programs take for the end of a line."""


def aligned(columns: Cells, rows: Sequence[Cells]) -> str:
    """Columns that stand under each other, as wide as they need to be, a line for each row."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (columns, *rows)
    )
    return "".join(f"{line}\n" for line in lines)


def json_line(content: Mapping[str, Any] | Sequence[Any]) -> str:
    """One line of JSON; values that JSON does not know become text."""
    return json.dumps(content, ensure_ascii=False, default=str).translate(_LINE_ENDS) + "\n"


def show(columns: Cells, rows: Sequence[Cells]) -> None:
    click.echo(aligned(columns, rows), nl=False)


def show_json(content: Mapping[str, Any] | Sequence[Any]) -> None:
    """In UTF-8, whatever the terminal, for another program reads it."""
    click.echo(json_line(content).encode(), nl=False)


def as_json(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows that are dataclasses, by the names of their columns."""
    return [asdict(row) for row in rows]


def yes(value: bool) -> str:
    return "yes" if value else "-"
