"""USSD webhooks: translate, converse, translate back. Whatever is broken, the phone gets a screen."""

from typing import Final

import structlog

from service.actions import converse
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.ports import UssdEnded, UssdReply, UssdTurn

KIND: Final = "ussd"
"""The kind of webhook that a phone is waiting behind."""

log = structlog.get_logger()


def reply(parts: Parts, gateway: str, turn: UssdTurn) -> UssdReply:
    """The screen that answers a key-press. The network ends a session that gets no screen, without a word."""
    actor = Actor(ActorKind.CALLER, gateway)
    try:
        return parts.store.write(lambda tx: converse.converse(tx, parts.programme, gateway, turn), actor)
    except Exception:
        log.exception("dialogue failed", gateway=gateway)
        return sorry(parts)


def end(parts: Parts, gateway: str, ended: UssdEnded) -> None:
    parts.store.write(lambda tx: converse.hang_up(tx, gateway, ended), Actor(ActorKind.GATEWAY, gateway))


def sorry(parts: Parts) -> UssdReply:
    return converse.sorry(parts.programme)
