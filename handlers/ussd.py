"""USSD webhooks: translate, converse, translate back. Whatever is broken, the phone gets a screen in time."""

from typing import Final

import structlog

from handlers.desks import PATIENCE, Desks
from service.actions import converse
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import UssdReply, UssdTurn

KIND: Final = "ussd"
"""The kind of webhook that a phone is waiting behind."""

log = structlog.get_logger()


class Switchboard:
    """Answers key-presses, each in time. What comes too late is kept for a repeated request."""

    def __init__(self, parts: Parts, patience: float = PATIENCE) -> None:
        self._parts = parts
        self.desks = Desks(parts.store, patience)

    def reply(self, gateway: str, turn: UssdTurn) -> UssdReply:
        """The screen that answers a key-press, or a polite end."""
        try:
            return self._converse(gateway, turn)
        except Exception:
            log.exception("dialogue failed", gateway=gateway)
            return self.sorry()

    def sorry(self) -> UssdReply:
        return converse.sorry(self._parts.programme)

    def _converse(self, gateway: str, turn: UssdTurn) -> UssdReply:
        return self.desks.write(
            lambda tx: converse.converse(tx, self._parts.programme, gateway, turn),
            Actor(ActorKind.CALLER, gateway),
        )
