"""A preview as plain text: for a terminal, and for a file that people read and keep."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final

from handlers.preview.sheet import (
    NO_SITE,
    CaseloadForecast,
    Forecast,
    LeftOutLine,
    MonthLine,
    Sheet,
    SiteLines,
    TaskLine,
    TextLine,
)

WIDTH: Final = 100
_INDENT: Final = " " * 24


def in_plain_text(forecast: Forecast) -> Iterator[str]:
    """Line by line."""
    yield forecast.title
    yield ""
    for heading, sentence in forecast.about:
        yield from _beside(f"{heading}:", sentence)
    yield from _beside("Plans:", _plans(forecast))
    if isinstance(forecast, Sheet):
        yield from _section("The texts that she would get", map(_text, forecast.texts))
        yield from _section("What people would be asked to do", map(_task, forecast.tasks))
        yield from _section("What would not go, and why", map(_left_out, forecast.left_out))
    yield from _section("Volume and cost", map(_month, (*forecast.months, forecast.total)))
    if isinstance(forecast, CaseloadForecast):
        yield from _section("Of this, by site", map(_site, forecast.sites))


def _plans(forecast: Forecast) -> str:
    open_ones = [plan.name for plan in forecast.plans if not plan.approved]
    if not open_ones:
        return "all approved by two people"
    return f"not approved yet: {', '.join(open_ones)}. To be approved by the clinical lead before go-live"


def _section(heading: str, entries: Iterable[Iterator[str]]) -> Iterator[str]:
    yield ""
    yield heading
    nothing = True
    for entry in entries:
        yield from entry
        nothing = False
    if nothing:
        yield "  none"


def _text(line: TextLine) -> Iterator[str]:
    cost = f", {line.cost}" if line.cost != "-" else ""
    parts = "1 part" if line.parts == 1 else f"{line.parts} parts"
    yield from _beside(f"  {line.day:%a %d %b %Y} {line.at}", line.text)
    yield from _beside("", f"= {line.why} ({parts}{cost})")


def _task(line: TaskLine) -> Iterator[str]:
    about = f": {line.why}" if line.why else ""
    yield from _beside(f"  {line.day:%a %d %b %Y} {line.at}", f"{line.task}{about}")
    yield from _beside("", f"= {line.owner}, until {line.until}")


def _left_out(line: LeftOutLine) -> Iterator[str]:
    yield from _beside(f"  {line.day:%a %d %b %Y}", f"{line.step}: {line.why}")


def _site(lines: SiteLines) -> Iterator[str]:
    yield f"  {lines.site or NO_SITE}"
    for line in (*lines.months, lines.total):
        yield from _month(line)


def _month(line: MonthLine) -> Iterator[str]:
    figures = f"{line.texts:>6} texts {line.parts:>6} parts {line.cost:>14}"
    yield f"  {line.month:<20}{line.gateway:<18}{figures}"


def _beside(heading: str, sentence: str) -> Iterator[str]:
    lines = wrap(sentence, WIDTH - len(_INDENT)) or [""]
    yield f"{heading:<{len(_INDENT)}}{lines[0]}".rstrip()
    yield from (_INDENT + line for line in lines[1:])
