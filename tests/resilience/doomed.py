"""A worker that kills itself at a named point of a text's way out.

``python -m tests.resilience.doomed POINT``, with the settings of any worker. Nothing in the program knows of
it: its store and gateways are wrapped.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from threading import Timer
from typing import Any, Final, cast

from config import logs, wiring
from config.stopping import told_to_stop
from service.domain.message import SendResult
from service.domain.people import Actor
from service.ports import Gateway, OutgoingText
from service.store.store import Store

IN_THE_MIDDLE: Final = 0.15
"""Seconds after a request began; the provider takes twice as long to answer."""


class Point(StrEnum):
    """The last three but one are those at which nobody can know whether the text left."""

    BEFORE_CLAIM = "before the claim"
    AFTER_CLAIM = "after the claim"
    AFTER_BEGIN = "after it counts as sending"
    MID_REQUEST = "in the middle of the request"
    AFTER_ANSWER = "after the answer"
    AFTER_SETTLE = "after the answer is kept"


UNSURE: Final = (Point.AFTER_BEGIN, Point.MID_REQUEST, Point.AFTER_ANSWER)

_BEFORE: Final = {"next_round": Point.BEFORE_CLAIM}
_AFTER: Final = {
    "next_round": Point.AFTER_CLAIM,
    "begin": Point.AFTER_BEGIN,
    "settle": Point.AFTER_SETTLE,
}
"""By the name of the action that is written."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


class DoomedStore:
    def __init__(self, store: Store, point: Point) -> None:
        self._store, self._point = store, point

    def write(self, action: Callable[[Any], Any], actor: Actor) -> Any:
        named = set(action.__code__.co_names) if hasattr(action, "__code__") else set()
        if self._point in {_BEFORE.get(name) for name in named}:
            die()
        result = self._store.write(action, actor)
        happened = result is not None and getattr(result, "claimed", True) != ()
        if self._point in {_AFTER.get(name) for name in named} and (happened or "settle" in named):
            die()
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class DoomedGateway:
    def __init__(self, gateway: Gateway, point: Point) -> None:
        self._gateway, self._point = gateway, point

    def send(self, message: OutgoingText) -> SendResult:
        if self._point is Point.MID_REQUEST:
            Timer(IN_THE_MIDDLE, die).start()
        result = self._gateway.send(message)
        if self._point is Point.AFTER_ANSWER:
            die()
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)


def main(point: Point) -> None:
    logs.configure()
    with told_to_stop() as stop, wiring.open_parts(wiring.read_settings()) as parts:
        gateways = {
            name: cast(Gateway, DoomedGateway(gateway, point)) for name, gateway in parts.gateways.items()
        }
        store = cast(Store, DoomedStore(parts.store, point))
        wiring.run_worker(replace(parts, store=store, gateways=gateways), stop)


if __name__ == "__main__":
    main(Point(sys.argv[1]))
