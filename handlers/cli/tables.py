"""Rows on a terminal or for another program."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import click

Cells = Sequence[str]

_LINE_ENDS: Final = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What JSON may leave as it is, and many programs take for the end of a line."""


def show(columns: Cells, rows: Sequence[Cells]) -> None:
    """Columns that stand under each other, as wide as they need to be."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def show_json(content: Mapping[str, Any] | Sequence[Any]) -> None:
    """One line of JSON in UTF-8, whatever the terminal; values that JSON does not know become text."""
    line = json.dumps(content, ensure_ascii=False, default=str)
    click.echo(line.translate(_LINE_ENDS).encode())


def as_json(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows that are dataclasses, by the names of their columns."""
    return [asdict(row) for row in rows]


def yes(value: bool) -> str:
    return "yes" if value else "-"
