"""The figures in ``docs/safety.md``, made from the raw results beside it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.resilience.__main__ import circumstances

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "docs" / "safety"
PAGE: Final = ROOT / "docs" / "safety.md"
BEGIN: Final = "<!-- figures: begin (make troubles, make breaks) -->"
END: Final = "<!-- figures: end -->"


def keep(name: str, result: dict[str, Any]) -> None:
    """Keep the raw figures of a run with what they are of, and write the page's figures anew."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    raw = json.dumps({**result, **circumstances()}, indent=1)
    (RESULTS / f"{name}.json").write_text(raw + "\n", encoding="utf-8")
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, tail = rest.split(END)
    PAGE.write_text(f"{head}{BEGIN}\n{figures()}{END}{tail}", encoding="utf-8")


def figures() -> str:
    return "\n".join([*_of_troubles(_kept("troubles")), "", *_of_breaks(_kept("breaks")), ""])


def _kept(name: str) -> dict[str, Any]:
    file = RESULTS / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _of_troubles(kept: dict[str, Any]) -> Iterator[str]:
    if not kept:
        return
    size = (
        f"{kept['women']} women in {kept['worlds']} worlds, {kept['days']} days, from seed {kept['seed']} on"
    )
    yield f"| {size}, commit {kept['commit']} | |"
    yield "|---|---:|"
    for part in ("troubles", "seen"):
        yield from (f"| {what.replace('_', ' ')} | {number} |" for what, number in kept[part].items())
    yield from (
        f"| cries for help that somebody took after {minutes} minutes | {number} |"
        for minutes, number in kept["taken"].items()
    )
    yield f"| **what must never leave, and left; cries not climbed on time** | **{kept['violations']}** |"


def _of_breaks(kept: dict[str, Any]) -> Iterator[str]:
    if kept:
        red, green = len(kept["red"]), len(kept["green"])
        noticed = f"{red} were noticed by the test named for them (commit {kept['commit']})."
        yield f"Of {red + green} lines that were broken one by one, {noticed}"
        yield from (f"- not noticed: {one}" for one in kept["green"])
