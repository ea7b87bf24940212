"""USSD webhooks: translate, converse, translate back. Whatever is broken, the phone gets a screen in time."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from service.actions import converse
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import UssdReply, UssdTurn

KIND: Final = "ussd"
"""The kind of webhook that a phone is waiting behind."""

PATIENCE: Final = 1.8
"""Seconds after which the phone is told to try again; networks give up on a silent service."""

DESKS: Final = 32

log = structlog.get_logger()


class Switchboard:
    """Answers key-presses, each within ``PATIENCE``. What comes too late is kept for a repeated request."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desks = ThreadPoolExecutor(DESKS, thread_name_prefix="khopotso-desk")

    def reply(self, gateway: str, turn: UssdTurn) -> UssdReply:
        """The screen that answers a key-press, or a polite end."""
        try:
            return self._desks.submit(self._converse, gateway, turn).result(PATIENCE)
        except Exception:
            log.exception("dialogue failed", gateway=gateway)
            return self.sorry()

    def sorry(self) -> UssdReply:
        return converse.sorry(self._parts.programme)

    def _converse(self, gateway: str, turn: UssdTurn) -> UssdReply:
        return self._parts.store.write(
            lambda tx: converse.converse(tx, self._parts.programme, gateway, turn),
            Actor(ActorKind.CALLER, gateway),
        )
