"""Figures that are counted before somebody asks, and frozen when a month has settled."""

from typing import Final

from service.actions import publish, roll_up
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.reports.figures import Counting, shipped

ACTOR: Final = Actor(ActorKind.SYSTEM, "figures")
AT_ONCE: Final = 10
"""Periods that one tick counts; a worker that is told to stop waits for no more."""


def refresh_figures(parts: Parts) -> int:
    """Count anew what has changed; how many periods."""
    return roll_up.refresh(parts.store, _counting(parts), ACTOR, AT_ONCE)


def publish_figures(parts: Parts) -> int:
    """Freeze the month before, once its late data had time to come; how many were frozen."""
    counting = _counting(parts)
    return int(parts.store.write(lambda tx: publish.publish_last_month(tx, counting), ACTOR))


def _counting(parts: Parts) -> Counting:
    return Counting(shipped(), parts.programme.calendar.zone)
