"""Claims what waits in the outbox and hands it to a gateway, a few texts at a time."""

from threading import Event
from typing import Final

import structlog
from sqlalchemy.exc import OperationalError

from scheduler.seats import Seats
from service.actions import deliver, route
from service.domain.message import SendResult, Unknown
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.store import outbox

ACTOR: Final = Actor(ActorKind.SYSTEM, "dispatcher")
SEATS: Final = 8
"""Texts in the gateways' hands at one time, per worker."""

PACED_LOOK: Final = 0.02
"""Seconds between two looks while the gateway's pace is used up."""

SETTLE_AGAIN: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before a database that was away is asked once more to take what a provider said."""

SEAT_WAIT: Final = 1.0
TO_FINISH: Final = 8.0
"""Seconds that a worker which is told to stop waits for the texts in its hands."""

log = structlog.get_logger()


class Dispatcher:
    """Empties the outbox whenever it is run. After ``stop`` it finishes what it began and begins no more."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopping = Event()
        self._seats = Seats(SEATS)

    def run(self) -> int:
        """Take in hand all that waits; how many messages. The last of them may still be under way."""
        begun = 0
        while not self._stopping.is_set():
            free = self._seats.take(within=SEAT_WAIT)
            if not free:
                continue
            following = self._next_round(free)
            begun += len(following.claimed)
            if following.paced:
                self._stopping.wait(PACED_LOOK)
            elif not following.claimed:
                break
        return begun

    def rest(self, within: float) -> bool:
        """Wait up to ``within`` seconds until nothing is in hand; says whether it is so."""
        return self._seats.empty(within)

    def stop(self) -> None:
        self._stopping.set()
        if not self.rest(within=TO_FINISH):
            log.warning("stopped while a gateway was answering")
        self._seats.close()

    def _next_round(self, free: int) -> route.Round:
        """Claim for the seats that were taken, and give back those that are not needed."""
        following = route.NOTHING
        try:
            following = self._parts.store.write(
                lambda tx: route.next_round(tx, self._parts.lines, free), ACTOR
            )
        finally:
            self._seats.leave(free - len(following.claimed))
        for claimed in following.claimed:
            self._seats.send(lambda claimed=claimed: self._deliver(following.gateway, claimed))  # type: ignore[misc]
        return following

    def _deliver(self, gateway: str, claimed: outbox.Claimed) -> None:
        try:
            if self._stopping.is_set():
                self._parts.store.write(lambda tx: deliver.give_back(tx, claimed), ACTOR)
            else:
                self._send(gateway, claimed)
        except OperationalError:
            # The database is away, which is nothing about this message. Its lease will lapse.
            log.exception("message left", message=str(claimed.id))
        except Exception:
            log.exception("message failed", message=str(claimed.id))
            self._set_aside(claimed)

    def _set_aside(self, claimed: outbox.Claimed) -> None:
        try:
            self._parts.store.write(lambda tx: deliver.stumble(tx, claimed), ACTOR)
        except Exception:
            # Its lease will lapse; until then the other messages go on.
            log.exception("message not set aside", message=str(claimed.id))

    def _send(self, gateway: str, claimed: outbox.Claimed) -> None:
        """Judge and commit as *sending*; call the gateway with nothing open; settle.

        Each of the three is a transaction of its own, or none: the provider may take many seconds.
        """
        store, programme = self._parts.store, self._parts.programme
        sending = store.write(lambda tx: deliver.begin(tx, programme, claimed, gateway), ACTOR)
        if sending is None:
            return
        result = self._hand_over(sending)
        self._settle(sending, result)
        log.info("sent", message=str(sending.message_id), gateway=gateway, outcome=type(result).__name__)

    def _settle(self, sending: deliver.Sending, result: SendResult) -> None:
        """What the provider said is known here alone, so a database that does not take it is asked again.

        Meanwhile the seat stays taken: nothing is begun that could not be settled either.
        """

        def settle() -> None:
            self._parts.store.write(lambda tx: deliver.settle(tx, sending, result), ACTOR)

        for pause in SETTLE_AGAIN:
            try:
                settle()
            except OperationalError:
                log.warning("not settled yet", message=str(sending.message_id))
                self._stopping.wait(pause)
            else:
                return
        settle()

    def _hand_over(self, sending: deliver.Sending) -> SendResult:
        try:
            return self._parts.gateways[sending.gateway].send(sending.text)
        except Exception as error:
            # A mistake in a gateway's module: nobody can tell whether the text left.
            log.exception("gateway failed", gateway=sending.gateway)
            return Unknown(type(error).__name__)
