"""Floods of odd requests at the application itself, below any web server: no failure, no growth."""

import io
import os
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing import get_context
from typing import Any, Final

from flask import Flask

from handlers.app import create_app
from handlers.gateways import GATEWAYS
from handlers.gateways.definition import Surroundings
from tests.gateways.captures import cases, settings
from tests.resilience.bodies import Asked, Bodies
from tests.resilience.memory import megabytes_in_use, new_database
from tests.resilience.outcome import Figures, Outcome, judged
from tests.worker.village import open_village

PROCESSES: Final = 2
POLITE: Final = 10
"""How far these make way, in steps of ``nice``: nobody waits for them, and what runs beside them is timed."""
WARM_UP: Final = 0.2
"""The part of the requests after which memory must not grow any more."""

MOST_GROWTH: Final = 20.0
"""Megabytes."""

SAMPLES: Final = 5
SHOWN: Final = 200


@dataclass
class _Found:
    statuses: Counter[int] = field(default_factory=Counter)
    screens: int = 0
    wrong: list[str] = field(default_factory=list)
    grown: float = 0.0


def fuzz_webhooks(bodies: int, seed: int) -> Outcome:
    """So many requests, shared by processes with a database each."""
    began = time.monotonic()
    shares = [bodies // PROCESSES] * PROCESSES
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), os.nice, (POLITE,)) as processes:
        found = list(processes.map(_fuzz, shares, range(seed, seed + PROCESSES)))
    statuses = sum((one.statuses for one in found), Counter[int]())
    failures = sum(count for status, count in statuses.items() if status >= 500)
    wrong = [sentence for one in found for sentence in one.wrong]
    grown = max(one.grown for one in found)
    figures: Figures = {
        "bodies": statuses.total(),
        "answers of 500 and above": failures,
        "answers by status": {str(status): count for status, count in sorted(statuses.items())},
        "screens": sum(one.screens for one in found),
        "memory grew MB": round(grown, 1),
        "bodies per second": round(statuses.total() / (time.monotonic() - began)),
    }
    return judged(
        figures,
        {
            f"{failures} answers of 500 and above": not failures,
            f"memory grew by {grown:.1f} MB": abs(grown) <= MOST_GROWTH,
            f"{len(wrong)} wrong answers, such as: {'; '.join(wrong[:SAMPLES])}": not wrong,
        },
    )


def _fuzz(count: int, seed: int) -> _Found:
    bodies, found = Bodies(seed), _Found()
    with ExitStack() as beside:
        village = beside.enter_context(open_village(new_database(beside)))
        app = create_app(replace(village.parts, gateways=_gateways()))
        before = 0.0
        for number in range(count):
            if number == int(count * WARM_UP):
                before = megabytes_in_use()
            asked = bodies.next()
            village.clock.moment += timedelta(seconds=1)
            _judge(asked, *_call(app, asked), found)
        found.grown = megabytes_in_use() - before
    return found


def _gateways() -> dict[str, Any]:
    """All that have webhooks, with the settings of their captures."""
    surroundings = Surroundings(terminal=io.StringIO())
    return {
        one.name: one.build(settings(one), surroundings)
        for one in GATEWAYS
        if cases(one.name, "webhooks.txt")
    }


def _call(app: Flask, asked: Asked) -> tuple[int, bytes]:
    statuses: list[int] = []

    def start_response(status: str, *_: Any) -> Any:
        statuses.append(int(status.split()[0]))

    parts: Iterable[bytes] = app(_environ(asked), start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    return statuses[-1], body


def _environ(asked: Asked) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": asked.path.encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": asked.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": asked.source,
        "HTTP_HOST": asked.host,
        "CONTENT_TYPE": asked.content_type,
        "CONTENT_LENGTH": str(len(asked.body)) if asked.length is None else asked.length,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(asked.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if asked.chunked:
        environ["wsgi.input_terminated"] = True
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    for name, value in asked.headers:
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ


SCREENS: Final = (b"CON ", b"END ", b"<request><headertext>")
"""How a screen begins in each dialect."""


def _judge(asked: Asked, status: int, body: bytes, found: _Found) -> None:
    found.statuses[status] += 1
    screen = status == 200 and body.startswith(SCREENS)
    found.screens += screen
    if not asked.is_genuine:
        return
    if status not in asked.may_be_answered:
        found.wrong.append(f"{status} to {asked} with {asked.body[:SHOWN]!r}")
    elif status == 200 and asked.is_call and not screen:
        found.wrong.append(f"no screen for {asked} with {asked.body[:SHOWN]!r}")
