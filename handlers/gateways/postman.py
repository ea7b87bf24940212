"""Carries forms to this service's own webhooks, as a provider would from outside."""

from collections.abc import Mapping
from queue import SimpleQueue
from threading import Thread
from time import monotonic, sleep
from typing import Final

from handlers.gateways.definition import Patience
from handlers.gateways.line import Answer, Line

TRIES: Final = 5

_Letter = tuple[float, str, Mapping[str, str]]


class Postman:
    """Called with a path and a form, posts the form ``delay_s`` seconds later from a thread of its own.

    What is not answered with 200 after some tries, as far apart, is dropped, as providers do in the end.
    """

    def __init__(self, origin: str, delay_s: float = 1.0) -> None:
        self._origin = origin
        self._delay_s = delay_s
        self._line = Line(Patience())
        self._letters: SimpleQueue[_Letter] = SimpleQueue()
        Thread(target=self._carry, name="postman", daemon=True).start()

    def __call__(self, path: str, form: Mapping[str, str]) -> None:
        self._letters.put((monotonic() + self._delay_s, path, form))

    def _carry(self) -> None:
        while True:
            due, path, form = self._letters.get()
            sleep(max(0.0, due - monotonic()))
            self._deliver(path, form)

    def _deliver(self, path: str, form: Mapping[str, str]) -> None:
        for _ in range(TRIES):
            answer = self._line.post(self._origin + path, form, {})
            if isinstance(answer, Answer) and answer.status == 200:
                return
            sleep(self._delay_s)
