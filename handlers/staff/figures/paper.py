"""A site's figures on one page of paper."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from handlers.staff.desk import words
from handlers.staff.figures.seen import View
from handlers.staff.figures.told import Line

_ROW: Final = 4.9
"""Height of a line in millimetres: all indicators fit on one page of A4."""


def site_report(view: View, groups: Mapping[str, Sequence[Line]], today: date) -> bytes:
    from fpdf import FPDF  # slow to load, and seldom needed

    w, paper = words(), FPDF(format="A4")
    name, period = view.names[view.place], words().period(view.period)
    paper.set_auto_page_break(auto=False)
    paper.set_title(_latin(f"{name}, {period}"))
    paper.add_page()
    paper.set_font("helvetica", "B", 15)
    paper.cell(0, 8, _latin(f"{name}: {period}"), new_x="LMARGIN", new_y="NEXT")
    paper.set_font("helvetica", "", 8)
    about = w("figures.printed", day=w.full_day(today), version=view.definitions.version)
    paper.cell(0, 5, _latin(about), new_x="LMARGIN", new_y="NEXT")
    for group, lines in groups.items():
        paper.set_font("helvetica", "B", 9)
        paper.cell(120, _ROW + 1.6, _latin(w(f"figures_group.{group.replace('-', '_')}")))
        paper.set_font("helvetica", "", 7)
        paper.cell(34, _ROW + 1.6, _latin(period), align="R")
        paper.cell(34, _ROW + 1.6, _latin(w("figures.before")), align="R", new_x="LMARGIN", new_y="NEXT")
        for one in lines:
            paper.set_font("helvetica", "", 8.5)
            paper.cell(120, _ROW, _latin(one.title), border="B")
            value = f"{one.value} ({one.made_of})" if one.made_of else one.value
            paper.cell(34, _ROW, _latin(value), border="B", align="R")
            paper.cell(34, _ROW, _latin(one.before), border="B", align="R", new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def _latin(text: str) -> str:
    """In the letters of the fonts that every reader of PDF has."""
    return text.replace("–", "-").encode("latin-1", "replace").decode("latin-1")
