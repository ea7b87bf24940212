"""Claims what waits in the outbox and hands it to the gateway, a few texts at a time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Final

import structlog

from service.actions import deliver
from service.domain.message import SendResult, Unknown
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.store import outbox

ACTOR: Final = Actor(ActorKind.SYSTEM, "dispatcher")
SEATS: Final = 8
"""Texts in the gateway's hands at one time, per worker."""

log = structlog.get_logger()


class Dispatcher:
    """Empties the outbox whenever it is run. After ``stop`` it finishes what it began and begins no more."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopping = Event()
        self._seats = ThreadPoolExecutor(SEATS, thread_name_prefix="khopotso-seat")

    def run(self) -> int:
        """Send all that waits; how many messages were taken in hand."""
        taken = 0
        while not self._stopping.is_set():
            claimed = self._parts.store.write(lambda tx: outbox.claim(tx, SEATS), ACTOR)
            if not claimed:
                break
            taken += len(claimed)
            for _ in self._seats.map(self._deliver, claimed):
                pass
        return taken

    def stop(self) -> None:
        self._stopping.set()
        self._seats.shutdown(wait=True)

    def _deliver(self, claimed: outbox.Claimed) -> None:
        try:
            self._send(claimed)
        except Exception:
            # Its lease will lapse; until then the other messages go on.
            log.exception("message failed", message=str(claimed.id))

    def _send(self, claimed: outbox.Claimed) -> None:
        """Judge and commit as *sending*; call the gateway with nothing open; settle.

        Each of the three is a transaction of its own, or none: the provider may take many seconds.
        """
        store, programme = self._parts.store, self._parts.programme
        gateway = self._parts.first_gateway
        sending = store.write(lambda tx: deliver.begin(tx, programme, claimed, gateway.name), ACTOR)
        if sending is None:
            return
        result = self._hand_over(sending)
        store.write(lambda tx: deliver.settle(tx, sending, result), ACTOR)
        log.info(
            "sent", message=str(sending.message_id), gateway=sending.gateway, outcome=type(result).__name__
        )

    def _hand_over(self, sending: deliver.Sending) -> SendResult:
        try:
            return self._parts.gateways[sending.gateway].send(sending.text)
        except Exception as error:
            # A mistake in a gateway's module: nobody can tell whether the text left.
            log.exception("gateway failed", gateway=sending.gateway)
            return Unknown(type(error).__name__)
