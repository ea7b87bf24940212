"""The phones that lie on the page: which call each one is in, and what its screen shows."""

from dataclasses import dataclass
from secrets import token_hex
from threading import Lock
from typing import Final

from handlers.gateways.cumulative import COMPLETED, DROPPED, Call
from handlers.simulator.network import Network, Silence
from service.domain.phone import Phone

SEPARATOR: Final = "*"
CLOSES: Final = "#"


@dataclass(frozen=True)
class Handset:
    """``call`` is there while the service waits for an answer. ``note`` is what the phone itself says."""

    call: Call | None = None
    screen: str = ""
    note: str = ""

    @property
    def turn(self) -> int:
        """Grows with each input of a call, so that a form sent twice is known."""
        return len(self.call.inputs) if self.call else 0


IDLE: Final = Handset()
LOST: Final = "The line dropped. What was sent last may have arrived; its answer did not."
NO_SUCH_CODE: Final = "The network knows no such code."


class Desk:
    """All phones, each by its number. One key-press at a time, as a person makes them."""

    def __init__(self, network: Network, code: str) -> None:
        self._network = network
        self._code = code
        self._handsets: dict[str, Handset] = {}
        self._lock = Lock()

    def handset(self, phone: Phone) -> Handset:
        return self._handsets.get(phone.e164, IDLE)

    def dial(self, phone: Phone, dialled: str) -> None:
        """Begin a call, with the answers that the dialled code already holds."""
        with self._lock:
            answers = answers_in(dialled, self._code)
            if answers is None:
                self._handsets[phone.e164] = Handset(note=NO_SUCH_CODE)
                return
            call = Call(f"simulated-{token_hex(12)}", self._code, phone, answers)
            self._handsets[phone.e164] = self._shown(call)

    def type(self, phone: Phone, typed: str, turn: int) -> None:
        """Send an input; one that belongs to an earlier turn was sent by a double tap, and does nothing."""
        with self._lock:
            now = self.handset(phone)
            if now.call and now.turn == turn:
                self._handsets[phone.e164] = self._shown(now.call.typing(typed))

    def hang_up(self, phone: Phone) -> None:
        with self._lock:
            now = self.handset(phone)
            if now.call:
                self._network.end(now.call, DROPPED)
            self._handsets[phone.e164] = IDLE

    def drop(self, phone: Phone, typed: str) -> None:
        """Lose the line: an input still arrives, its answer does not, and nobody tells the service."""
        with self._lock:
            now = self.handset(phone)
            if now.call and typed:
                self._network.turn(now.call.typing(typed))
            self._handsets[phone.e164] = Handset(note=LOST)

    def _shown(self, call: Call) -> Handset:
        reply = self._network.turn(call)
        if isinstance(reply, Silence):
            return Handset(note=reply.why)
        if reply.goes_on:
            return Handset(call, reply.text)
        self._network.end(call, COMPLETED)
        return Handset(screen=reply.text)


def answers_in(dialled: str, code: str) -> tuple[str, ...] | None:
    """The answers behind ``code`` in a dialled string (``*123*1*2#``); ``None`` if it is another code."""
    typed = dialled.strip()
    if typed == code:
        return ()
    begins = code.removesuffix(CLOSES) + SEPARATOR
    if not typed.startswith(begins) or not typed.endswith(CLOSES):
        return None
    return tuple(typed.removeprefix(begins).removesuffix(CLOSES).split(SEPARATOR))
