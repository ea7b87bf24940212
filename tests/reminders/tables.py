"""Tables that a nurse can read and correct: a row per line, columns between bars, # begins a remark."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).with_name("tables")

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The rows of a table by the names in its first line."""
    lines = (line for line in (FOLDER / name).read_text().splitlines() if line and not line.startswith("#"))
    names, *cells = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [dict(zip(names, row, strict=True)) for row in cells]


def names() -> list[str]:
    """All tables; each begins with the name of the plan that it is about."""
    return sorted(file.name for file in FOLDER.glob("*.txt"))


def columns_of_steps(row: Row) -> list[str]:
    """The steps of plans that have a column of their own."""
    return [name for name in row if name == "coded" or ("_" in name and name != "art_start")]


def title(row: Row) -> str:
    return " ".join(filter(None, row.values()))


def said(row: Row, column: str = "further") -> Iterator[tuple[str, str]]:
    """The words of a cell, each with what follows it: ``written 2027-03-01 delivered``."""
    words = row[column].split()
    while words:
        word = words.pop(0)
        yield word, words.pop(0) if word in ("sampled", "written", "done", "supply", "on", "off") else ""


def days(row: Row, word: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(value) for said_word, value in said(row) if said_word == word)
