"""The table in ``docs/reliability.md``, made from the raw results."""

import json
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "docs" / "resilience"
PAGE: Final = ROOT / "docs" / "reliability.md"
BEGIN: Final = "<!-- figures: begin (make resilience) -->"
END: Final = "<!-- figures: end -->"
COLUMNS: Final = ("messages", "accepted", "kills", "lost", "doubled", "unknown", "seconds")


def write_table() -> None:
    """Put the table of all results between the two marks of the page."""
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text(f"{head}{BEGIN}\n{table()}{END}{tail}")


def table() -> str:
    lines = [
        "| what is done | " + " | ".join(COLUMNS) + " | held | seed, commit |",
        "| --- |" + " ---: |" * len(COLUMNS) + " --- | --- |",
    ]
    lines += [_line(json.loads(file.read_text())) for file in sorted(RESULTS.glob("*.json"))]
    return "\n".join(lines) + "\n"


def _line(result: dict[str, Any]) -> str:
    figures = " | ".join(_figure(result["figures"].get(column)) for column in COLUMNS)
    held = "no: " + "; ".join(result["broken"]) if result["broken"] else "yes"
    return f"| {result['name']} | {figures} | {held} | {result['seed']}, {result['commit']} |"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", " ")
