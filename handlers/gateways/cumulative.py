"""The USSD dialect in which each request repeats all inputs of the session, joined by ``*``.

Both sides of it: the service's, for gateways, and the phone's, for those who play one.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from handlers.gateways.fields import Form, count, identifier, phone, prose
from service.domain.phone import Phone
from service.gsm import downgrade
from service.ports import Cumulative, Unreadable, UssdEnded, UssdReply, UssdTurn, WebhookAnswer

GOES_ON: Final = "CON "
ENDS: Final = "END "

COMPLETED: Final = "Success"
DROPPED: Final = "Incomplete"


# --- the service's side --------------------------------------------------------------------------------


def read_turn(form: Form) -> UssdTurn | Unreadable:
    session = identifier(form, "sessionId")
    if not session:
        return Unreadable("a USSD request without a session id")
    return UssdTurn(
        session_id=session,
        phone=phone(form, "phoneNumber"),
        service_code=identifier(form, "serviceCode"),
        typed=Cumulative(prose(form, "text")),
    )


def read_end(form: Form) -> UssdEnded | Unreadable:
    """All that was typed comes along and is left where it is: it may hold a PIN."""
    session = identifier(form, "sessionId")
    if not session:
        return Unreadable("the end of a USSD session without its id")
    return UssdEnded(
        session_id=session,
        phone=phone(form, "phoneNumber"),
        completed=identifier(form, "status") == COMPLETED,
        hops=count(form, "hopsCount"),
    )


def write_reply(reply: UssdReply) -> WebhookAnswer:
    """The network ends a session whose answer begins in any other way, a blank or BOM included."""
    prefix = GOES_ON if reply.goes_on else ENDS
    return WebhookAnswer(prefix + downgrade(reply.text, "st").text)


# --- the phone's side ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A USSD session as the phone that dials sees it. ``inputs`` before the first request are a deep dial."""

    session_id: str
    service_code: str
    phone: Phone
    inputs: tuple[str, ...] = field(default=(), repr=False)

    def typing(self, text: str) -> "Call":
        """The same call after one more input."""
        return replace(self, inputs=(*self.inputs, text))

    def before(self) -> "Call":
        """The same call before its last input."""
        return replace(self, inputs=self.inputs[:-1])

    def form(self) -> dict[str, str]:
        """The form of the request that the network makes now."""
        return self._caller() | {"text": "*".join(self.inputs)}

    def end_form(self, status: str) -> dict[str, str]:
        """The form of the network's word that the call is over: ``COMPLETED`` or ``DROPPED``."""
        return self._caller() | {"status": status, "hopsCount": str(len(self.inputs) + 1)}

    def _caller(self) -> dict[str, str]:
        return {
            "sessionId": self.session_id,
            "serviceCode": self.service_code,
            "phoneNumber": self.phone.e164,
        }


def read_reply(body: str) -> UssdReply | None:
    """The screen to show; ``None`` where the network would give up."""
    for prefix in (GOES_ON, ENDS):
        if body.startswith(prefix):
            return UssdReply(body.removeprefix(prefix), goes_on=prefix == GOES_ON)
    return None
