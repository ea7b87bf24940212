"""The table in ``docs/reliability.md``, made from the raw results."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "docs" / "resilience"
PAGE: Final = ROOT / "docs" / "reliability.md"
BEGIN: Final = "<!-- figures: begin (make resilience) -->"
END: Final = "<!-- figures: end -->"


def write_table() -> None:
    """Put the table of all results between the two marks of the page."""
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text(f"{head}{BEGIN}\n{table()}{END}{tail}")


def table() -> str:
    results = [json.loads(file.read_text()) for file in sorted(RESULTS.glob("*.json"))]
    lines = ["| what is done | what came out | held | seed, commit |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *map(_line, results)]) + "\n"


def _line(result: dict[str, Any]) -> str:
    held = "no: " + "; ".join(result["broken"]) if result["broken"] else "yes"
    figures = ", ".join(_figures(result["figures"]))
    return f"| {result['name']} | {figures} | {held} | {result['seed']}, {result['commit']} |"


def _figures(figures: dict[str, Any]) -> Iterator[str]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield f"{name.replace('_', ' ')}: " + " ".join(_figures(value))
        else:
            yield f"{name.replace('_', ' ')} {_figure(value)}"


def _figure(value: object) -> str:
    return f"{value:,}".replace(",", " ") if isinstance(value, int | float) else str(value)
