"""What came in and was answered 200, and whether it has reached the database."""

import time
from typing import Final

from sqlalchemy import select

from service.store.models.messages import Inbound
from tests.resilience.rig import Rig

STANDSTILL: Final = 60.0
"""Seconds without one more text in the database, after which those that are missing count as lost."""


def stored(rig: Rig) -> set[str]:
    """The names under which texts came in that are in the database."""
    return set(rig.store.read(lambda tx: tx.connection.scalars(select(Inbound.external_id)).all()))


def missing(rig: Rig, taken: set[str]) -> set[str]:
    """Which of them are lost. A spool that still empties is waited for, however slow the machine."""
    left, moved = taken - stored(rig), time.monotonic()
    while left and time.monotonic() - moved < STANDSTILL:
        time.sleep(0.25)
        still = left - stored(rig)
        left, moved = still, time.monotonic() if len(still) < len(left) else moved
    return left
