"""Those who call the service from outside: paced, timed, and with their answers kept."""

import http.client
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

TOKEN: Final = "the-token-of-the-rig-1234"
MOST_AT_ONCE: Final = 128
PATIENCE: Final = 30.0
"""Seconds that a caller waits; longer than any provider does, so that the answer's time is known."""


@dataclass(frozen=True)
class Answer:
    """``status`` is 0 where none came. ``name`` is what the caller called the request."""

    name: str
    status: int
    body: str = field(repr=False)
    seconds: float

    @property
    def is_screen(self) -> bool:
        return self.status == 200 and self.body.startswith(("CON ", "END "))

    @property
    def is_sorry(self) -> bool:
        return self.body.startswith("END ")


@dataclass(frozen=True)
class Door:
    """The webhooks of a service that runs at ``address``."""

    address: str

    def text(self, name: str, number: str, said: str) -> Answer:
        """An inbound SMS, under the provider's id ``name``."""
        form = {"id": name, "from": number, "to": "12345", "text": said, "date": "2026-11-23 08:00:00"}
        return self._post("sms", name, form)

    def dials(self, name: str, number: str, typed: str = "") -> Answer:
        """A request of the USSD session ``name``."""
        form = {"sessionId": name, "serviceCode": "*123#", "phoneNumber": number, "text": typed}
        return self._post("ussd", name, form)

    def _post(self, kind: str, name: str, form: dict[str, str]) -> Answer:
        began = time.monotonic()
        place = urlsplit(self.address)
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        try:
            head = {"Content-Type": "application/x-www-form-urlencoded"}
            line.request("POST", f"/hooks/africastalking/{TOKEN}/{kind}", urlencode(form), head)
            answer = line.getresponse()
            status, body = answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            status, body = 0, ""
        finally:
            line.close()
        return Answer(name, status, body, time.monotonic() - began)


class Stream:
    """Calls ``act`` with 0, 1, 2 … at an even pace inside its block; a late answer holds nobody up."""

    def __init__(self, act: Callable[[int], Answer], per_second: float) -> None:
        self._act, self._every = act, 1 / per_second
        self._enough = Event()
        self._pacer = Thread(target=self._pace)
        self.answers: list[Answer] = []

    def __enter__(self) -> Self:
        self._pacer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._enough.set()
        self._pacer.join()

    def _pace(self) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(MOST_AT_ONCE) as callers:
            number = 0
            while not self._enough.wait(max(0.0, began + number * self._every - time.monotonic())):
                callers.submit(self._call, number)
                number += 1

    def _call(self, number: int) -> None:
        self.answers.append(self._act(number))


def percentile(seconds: list[float], part: float) -> float:
    """The time within which ``part`` of the answers came."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 3) if ordered else 0.0
