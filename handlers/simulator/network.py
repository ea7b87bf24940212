"""The telephone network between a phone that we play and the service: its own dialect, over real HTTP."""

from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from handlers.gateways.cumulative import Call, read_reply
from handlers.gateways.definition import Patience
from handlers.gateways.line import Answer, Line, NotWritten
from service.ports import UssdReply

TURN: Final = "ussd"
END: Final = "ussd-end"
TEXT: Final = "sms"

PATIENCE: Final = Patience(read=10.05, whole=12.0)
"""As long as a network waits for a screen before it gives up."""


@dataclass(frozen=True)
class Silence:
    """The phone gets nothing; ``why`` is a sentence for whoever looks for the reason."""

    why: str


Reply: TypeAlias = UssdReply | Silence


class Network:
    """Posts to the webhooks under ``hooks``, an address that ends with the gateway's token."""

    def __init__(self, hooks: str) -> None:
        self._hooks = hooks.rstrip("/")
        self._line = Line(PATIENCE)

    def turn(self, call: Call) -> Reply:
        """The screen that answers the call as it stands."""
        answer = self._post(TURN, call.form())
        if isinstance(answer, Silence):
            return answer
        screen = read_reply(answer.text)
        if screen is None:
            return Silence("The answer begins with neither CON nor END; a network would end the session.")
        return screen

    def end(self, call: Call, status: str) -> None:
        """Tell that the call is over. Networks do not insist, so it does not matter if nobody listens."""
        self._line.post(f"{self._hooks}/{END}", call.end_form(status), {})

    def text(self, text_id: str, sender: str, text: str) -> Silence | None:
        """Carry a text to the service, under the network's own id for it."""
        answer = self._post(TEXT, {"id": text_id, "from": sender, "text": text})
        return answer if isinstance(answer, Silence) else None

    def _post(self, kind: str, form: dict[str, str]) -> Answer | Silence:
        answer = self._line.post(f"{self._hooks}/{kind}", form, {})
        if isinstance(answer, Answer):
            return answer if answer.status == 200 else Silence(self._refused(answer.status))
        if isinstance(answer, NotWritten):
            return Silence(f"Nothing answers at {self._origin}. Is the service running?")
        return Silence(f"{self._origin} took the request but gave no whole answer in time.")

    def _refused(self, status: int) -> str:
        if status == 404:
            return f"{self._origin} knows no such address; is the gateway's name or token right? (404)"
        return f"{self._origin} answered {status} where a gateway expects 200."

    @property
    def _origin(self) -> str:
        """Where the service is, without the secret in the path."""
        parts = urlsplit(self._hooks)
        return f"{parts.scheme}://{parts.netloc}"
