"""How often a bad provider fails, and how."""

from typing import Final

from tests.gateways.faults import Choose, mixed

WEIGHTS: Final = {"ok": 95, "reset": 1, "stall": 1, "down": 2, "busy": 1}
"""Per cent: taken and then reset, taken and never answered, a bare 503, and too many requests."""


def harms(seed: int) -> Choose:
    return mixed(WEIGHTS, seed)
