"""What a scenario is, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]
"""By what they count, in words that the published table shows."""


@dataclass(frozen=True)
class Outcome:
    """Figures for the report, and every promise that they break."""

    figures: Figures
    broken: tuple[str, ...]


def judged(figures: Figures, promises: dict[str, bool]) -> Outcome:
    """An outcome from what must be so, each said as its opposite: what is wrong where it is not."""
    return Outcome(figures, tuple(wrong for wrong, kept in promises.items() if not kept))


@dataclass(frozen=True)
class Scenario:
    """``run`` takes a seed and the sizes: ``short`` with every test run, ``full`` by ``make resilience``."""

    name: str
    promise: str
    run: Callable[..., Outcome]
    short: Figures
    full: Figures
