"""Workers that are killed at each named point of a text's way out: what may be unknown then, and what not."""

import time
from typing import Final

from sqlalchemy import update

from service.actions import unknown
from service.domain.message import MessageClass, MessageState
from service.domain.people import SYSTEM
from service.store.models.messages import Message
from tests.gateways.faults import Answering
from tests.resilience.doomed import IN_THE_MIDDLE, UNSURE, Point
from tests.resilience.flood import Flood, pour
from tests.resilience.outcome import Figures, Outcome, judged
from tests.resilience.rig import MONDAY_AT_TEN, Rig, finish, open_rig

ONE_AT_A_TIME: Final = 2
"""Texts in a second: so few that no two are under way together."""

SLOWLY: Final = Answering(after_s=2 * IN_THE_MIDDLE)
KILLED: Final = -9


def killed_at(times: int, seed: int) -> Outcome:
    """Each point, ``times`` over. Texts of a class of which no second copy ever goes."""
    texts = times * len(Point) + 2
    with open_rig("", lambda _: SLOWLY, rate=ONE_AT_A_TIME) as rig:
        pour(rig.store, Flood(texts, (MessageClass.B,), MONDAY_AT_TEN))
        began = time.monotonic()
        doubts = dict.fromkeys(Point, 0)
        for _ in range(times):
            for point in Point:
                before = _unknown(rig)
                _die_at(rig, point)
                doubts[point] += _unknown(rig) - before
        finish(rig, [rig.worker()])
        verdict = rig.verdict(times * len(Point), began)
    wrong = {point: count for point, count in doubts.items() if count != times * (point in UNSURE)}
    figures: Figures = {
        "messages": verdict.messages,
        "kills": verdict.kills,
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "unknown by point": {point.value: count for point, count in doubts.items()},
    }
    return judged(
        figures,
        {
            f"{verdict.lost} messages lost": not verdict.lost,
            f"{verdict.doubled} messages doubled": not verdict.doubled,
            f"not what must be unknown: {wrong}": not wrong,
        },
    )


def _die_at(rig: Rig, point: Point) -> None:
    worker = rig.process("-m", "tests.resilience.doomed", point)
    assert worker.wait(60) == KILLED, f"{point}: not killed"
    rig.store.write(lambda tx: tx.connection.execute(LAPSED), SYSTEM)
    rig.store.write(unknown.recover, SYSTEM)


LAPSED: Final = update(Message).where(Message.lease_until.is_not(None)).values(lease_until=0.0)
"""As it will be half a minute later."""


def _unknown(rig: Rig) -> int:
    return rig.states()[MessageState.UNKNOWN]
