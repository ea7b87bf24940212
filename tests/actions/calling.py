"""Dialling the village's service and pressing keys."""

from itertools import count

from service.actions import converse
from service.domain.people import Actor, ActorKind
from service.domain.phone import Phone
from service.ports import Cumulative, UssdTurn
from tests.worker.village import Village

HERS = "+26658100001"

CUT_OFF = ("You were cut off", "Mohala o khaohile")

_calls = count(1)


class Call:
    """A phone that dials the service; ``screen`` is what it shows now."""

    def __init__(self, village: Village, phone: str = HERS) -> None:
        self._village = village
        self._phone = Phone(phone)
        self.screen = ""
        self.dial()

    def dial(self) -> str:
        """A new session, whatever became of the last."""
        self._session, self._typed = f"call-{next(_calls)}", ""
        return self._ask()

    def type(self, *keys: str) -> str:
        for key in keys:
            self._typed = f"{self._typed}*{key}" if self._typed else key
            self._ask()
        return self.screen

    def _ask(self) -> str:
        turn = UssdTurn(self._session, self._phone, "*123#", Cumulative(self._typed))
        parts = self._village.parts
        reply = parts.store.write(
            lambda tx: converse.converse(tx, parts.programme, "fake", turn), Actor(ActorKind.CALLER, "fake")
        )
        self.screen = reply.text
        return self.screen


def press(village: Village, *keys: str, phone: str = HERS) -> str:
    """The screen after these keys of a new call, whatever was left of an earlier one."""
    call = Call(village, phone)
    for key in ("", *keys):
        if key:
            call.type(key)
        if call.screen.startswith(CUT_OFF):
            call.type("2")
    return call.screen
