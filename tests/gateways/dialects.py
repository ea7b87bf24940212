"""What a stand-in must know of each provider: how a send names its fields, and how an answer is worded."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.gateways.faults import document

TAKEN: Final = 101
"""The code of a default ``Answering``: the text was taken."""


@dataclass(frozen=True)
class Dialect:
    """``document`` words the answer to a form, a code and the id under which the text was taken."""

    names: tuple[str, str, str]  # of the number, the text and the sender
    ids: str
    document: Callable[[dict[str, str], int, str], str]


def message(form: dict[str, str], code: int, provider_id: str) -> str:
    """Twilio's own answer to a send: the message as it keeps it, or an error."""
    if code != TAKEN:
        more = f"https://www.twilio.com/docs/errors/{code}"
        return json.dumps({"code": code, "message": "no", "more_info": more, "status": 400})
    kept = {
        "sid": provider_id,
        "status": "queued",
        "to": form.get("To"),
        "from": form.get("From"),
        "body": form.get("Body"),
        "num_segments": "1",
        "error_code": None,
        "price": None,
        "price_unit": "USD",
    }
    return json.dumps(kept)


AFRICASTALKING: Final = Dialect(("to", "message", "from"), "ATXid_", document)
TWILIO: Final = Dialect(("To", "Body", "From"), "SM", message)

DIALECTS: Final = {"africastalking": AFRICASTALKING, "twilio": TWILIO}
