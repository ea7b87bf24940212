"""What a server does once for nobody before it takes calls, so that no caller waits while it gets ready."""

from threading import Thread
from typing import Final

import structlog

from service.actions import converse
from service.actions.receive import receive
from service.domain.people import SYSTEM
from service.domain.phone import Phone
from service.parts import Parts
from service.ports import Cumulative, TextReceived, UssdTurn
from service.store.spooled import Letter
from service.store.transaction import Transaction

SECONDS: Final = 10.0
"""After which a server takes calls all the same: what comes in while the database is away has its place."""

NOBODY: Final = Phone("+0")
"""No country has this code, so nobody has this number."""

_HERE: Final = "rehearsal"

log = structlog.get_logger()


class _Undone(Exception):
    """Takes back what was rehearsed."""


def rehearse(parts: Parts) -> None:
    """Answer one call and one text of nobody's in a transaction that is undone.

    All statements are put into words with their first use; where many first callers come at once, that took
    them up to two and a half seconds.
    """
    rehearsal = Thread(target=_rehearse, args=(parts,), name="khopotso-rehearsal", daemon=True)
    rehearsal.start()
    rehearsal.join(SECONDS)


def _rehearse(parts: Parts) -> None:
    def answer_nobody(tx: Transaction) -> None:
        converse.converse(tx, parts.programme, _HERE, UssdTurn(_HERE, NOBODY, _HERE, Cumulative("")))
        receive(tx, parts.programme, Letter(_HERE, TextReceived(_HERE, NOBODY.e164, NOBODY, "?", None)))
        raise _Undone

    try:
        parts.store.write(answer_nobody, SYSTEM)
    except _Undone:
        log.debug("rehearsed")
    except Exception:
        log.exception("not rehearsed")
