"""Charts as SVG, drawn here: bars with figures beside them, readable without colour and without a script.

A label stands above its bar, so that the name of a site has the whole width.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 340
_BAR, _ROW, _THICK, _LABEL = 250, 46, 17, 18
"""The longest bar, the height of a row, and of the bar and the label in it."""

_PATTERNS: Final = ("plain", "stripes", "dots", "grid", "empty")
_LONGEST_LABEL: Final = 40


@dataclass(frozen=True)
class Bar:
    """``size`` decides its length, ``says`` is what stands behind it. A bar that is not shown has no size."""

    label: str
    size: float | None
    says: str


def bars(name: str, title: str, drawn: Sequence[Bar]) -> Markup:
    """Horizontal bars under each other. ``name`` tells its parts from those of other charts on the page."""
    most = max((one.size or 0 for one in drawn), default=0) or 1
    height = len(drawn) * _ROW + 6
    rows = Markup("").join(_row(name, number, one, most) for number, one in enumerate(drawn))
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<line x1="0.5" y1="0" x2="0.5" y2="{}" stroke="#16242e"/>{}</svg>'
    ).format(WIDTH, height, title, _defs(name), height, rows)


def _row(name: str, number: int, one: Bar, most: float) -> Markup:
    top = number * _ROW + _LABEL + 6
    length = round((one.size or 0) / most * _BAR, 1)
    drawn = Markup("") if length else Markup(' visibility="hidden"')
    return Markup(
        '<text x="6" y="{}" font-size="14.5">{}</text>'
        '<rect x="0.5" y="{}" width="{}" height="{}" fill="url(#{}-{})" stroke="#16242e"{}/>'
        '<text x="{}" y="{}" font-size="14.5" font-weight="700">{}</text>'
    ).format(
        *(top - 5, _short(one.label)),
        *(top, length, _THICK, name, _PATTERNS[number % len(_PATTERNS)], drawn),
        *(length + 6, top + 13, one.says),
    )


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _defs(name: str) -> Markup:
    return Markup("<defs>{}</defs>").format(Markup("").join(_patterns(name)))


_PAPER: Final = '<rect width="8" height="8" fill="#fff"/>'
_FILLS: Final = {
    "plain": '<rect width="8" height="8" fill="#0f4c75"/>',
    "stripes": f'{_PAPER}<path d="M0 8L8 0M-2 2L2-2M6 10L10 6" stroke="#0f4c75" stroke-width="2"/>',
    "dots": f'{_PAPER}<circle cx="4" cy="4" r="2" fill="#0f4c75"/>',
    "grid": f'{_PAPER}<path d="M0 4H8M4 0V8" stroke="#0f4c75"/>',
    "empty": '<rect width="8" height="8" fill="#e4eff6"/>',
}


def _patterns(name: str) -> Iterator[Markup]:
    for pattern, fill in _FILLS.items():
        yield Markup(
            '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">{}</pattern>'
        ).format(escape(name), pattern, Markup(fill))  # noqa: S704  (fills are constants above)
