"""What can become of a request to Africa's Talking, as values: its own answers and a network's failures."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

JSON: Final = ("Content-Type", "application/json")
HTML: Final = ("Content-Type", "text/html")


class Manner(StrEnum):
    """How an answer is said."""

    WHOLE = "whole"
    SILENT = "silent"  # nothing until the stand-in stops
    RESET = "reset"  # TCP reset instead of an answer
    CLOSED = "closed"  # the connection is closed in silence
    HALF = "half"  # half of the body, and then closed
    DRIP = "drip"  # a byte now and then, without an end
    CHUNKED = "chunked"  # whole, in chunks of unannounced length


@dataclass(frozen=True)
class Answering:
    """What becomes of one request. An empty ``body`` is the provider's own word for ``code``."""

    accepts: bool = True
    status: int = 201
    code: int = 101
    body: str = ""
    headers: tuple[tuple[str, str], ...] = (JSON,)
    manner: Manner = Manner.WHOLE
    after_s: float = 0.0


def _refusing(code: int) -> Answering:
    return Answering(accepts=False, code=code)


MODES: Final = {
    "ok": Answering(),
    "slow": Answering(after_s=1.0),
    "charset": Answering(headers=(("Content-Type", "application/json; charset=utf-8"),)),
    "chunked": Answering(manner=Manner.CHUNKED),
    # The text was taken, and the sender cannot know.
    "stall": Answering(manner=Manner.SILENT),
    "reset": Answering(manner=Manner.RESET),
    "closed": Answering(manner=Manner.CLOSED),
    "half": Answering(manner=Manner.HALF),
    "drip": Answering(manner=Manner.DRIP),
    "html": Answering(status=200, body="<html><h1>It works!</h1></html>", headers=(HTML,)),
    "broken": Answering(body='{"SMSMessageData": {"Recipients": [{"number"'),
    "gateway-timeout": Answering(status=504, body="<html>504</html>", headers=(HTML,)),
    # The text was not taken, and the sender cannot know.
    "stall-before": Answering(accepts=False, manner=Manner.SILENT),
    "down": Answering(accepts=False, status=503, body="<html>503</html>", headers=(HTML,)),
    # The text was not taken, and the answer says so.
    "busy": Answering(accepts=False, status=429, body="Too Many Requests", headers=(("Retry-After", "2"),)),
    "bad-key": Answering(accepts=False, status=401, body="The supplied authentication is invalid"),
    "no-credit": _refusing(405),
    "bad-number": _refusing(403),
    "opted-out": _refusing(406),
    "no-route": _refusing(407),
    "provider-error": _refusing(500),
}
WORDS: Final = {
    101: "Success",
    403: "InvalidPhoneNumber",
    405: "InsufficientBalance",
    406: "UserInBlacklist",
    407: "CouldNotRoute",
    500: "InternalServerError",
}

Choose = Callable[[dict[str, str]], Answering]
"""Picks what becomes of a request from its form."""


def always(mode: str) -> Choose:
    return lambda _: MODES[mode]


OK: Final = always("ok")


def mixed(weights: dict[str, int], seed: int) -> Choose:
    """Modes in the given proportions, in an order that ``seed`` decides."""
    dice = random.Random(seed)
    return lambda _: MODES[dice.choices([*weights], [*weights.values()])[0]]


def document(form: dict[str, str], code: int, provider_id: str) -> str:
    """The provider's own answer to a text for one number."""
    good = code == 101
    recipient = {
        "statusCode": code,
        "number": form.get("to", ""),
        "status": WORDS[code],
        "cost": "KES 0.8000" if good else "0",
        "messageId": provider_id if good else "None",
    }
    said = f"Sent to {int(good)}/1 Total Cost: {recipient['cost']}"
    return json.dumps({"SMSMessageData": {"Message": said, "Recipients": [recipient]}})
