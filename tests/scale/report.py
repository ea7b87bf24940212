"""The table in ``docs/performance.md``: what the last run of the proof found."""

from pathlib import Path
from typing import Final

from tests.resilience.__main__ import circumstances
from tests.scale.made_up import Size
from tests.scale.proof import Found

PAGE: Final = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN: Final = "<!-- figures: begin (make figures) -->"
END: Final = "<!-- figures: end -->"


def write(size: Size, found: Found) -> None:
    """Put the table between the two marks of the page."""
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text(f"{head}{BEGIN}\n{table(size, found)}{END}{tail}")


def table(size: Size, found: Found) -> str:
    where = circumstances()
    about = (
        f"{size.clients} new clients and {size.messages} texts in {size.days} days at {size.sites} sites. "
        f"{where['day']}, commit {where['commit']}, {where['machine']}."
    )
    lines = ["| what is done | seconds | of these, of the processor |", "| --- | --- | --- |"]
    rows = [f"| {name} | {took.wall} | {took.processor} |" for name, took in found.took.items()]
    held = (
        "Not as the facts tell: " + "; ".join(found.wrong)
        if found.wrong
        else "Kept figures equal exact ones."
    )
    return "\n".join([about, "", *lines, *rows, "", held]) + "\n"
