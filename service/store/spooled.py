"""Webhook events as text and back, so that they can wait in the spool."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from service.domain.message import MessageState
from service.domain.phone import Phone
from service.ports import OptOutReceived, ReceiptReceived, TextReceived, UssdEnded

Spoolable = TextReceived | ReceiptReceived | OptOutReceived | UssdEnded

_KINDS: Final = {kind.__name__: kind for kind in (TextReceived, ReceiptReceived, OptOutReceived, UssdEnded)}
_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "phone": Phone,
    "state": MessageState,
    "attempt_id": UUID,
    "occurred_at": datetime.fromisoformat,
}
"""How the fields that are not plain JSON are read, by name."""


@dataclass(frozen=True)
class Letter:
    """An event and the gateway that it came through."""

    gateway: str
    event: Spoolable


def to_text(letter: Letter) -> str:
    event = letter.event
    values = {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
    return json.dumps({"gateway": letter.gateway, "kind": type(event).__name__, "values": values})


def from_text(text: str) -> Letter:
    """A letter from ``to_text`` of this release or the one before."""
    content = json.loads(text)
    values = {
        name: _READ[name](value) if name in _READ and value is not None else value
        for name, value in content["values"].items()
    }
    return Letter(content["gateway"], _KINDS[content["kind"]](**values))


def _plain(value: object) -> object:
    if isinstance(value, Phone):
        return value.e164
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
