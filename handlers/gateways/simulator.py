"""The gateway of the demonstration: no text leaves the machine, and everything else is as with a real one.

Receipts come in through the webhook of this gateway, as a provider's would. The end of a number decides what
becomes of a text to it, so that every failure can be shown:

    9403  refused: no such number            9408  unknown: no answer came
    9406  refused: opted out                 9901  taken, then undelivered
    9407  refused: no route                  9902  taken, then expired
    9405  try later: no credit               9903  taken, and never heard of again
    9429  try later: busy, in a minute
    9500  try later: provider down           all others  taken, then delivered
"""

from datetime import timedelta
from typing import Final

from handlers.gateways.cumulative import read_end, read_turn, write_reply
from handlers.gateways.definition import (
    Definition,
    GatewaySettings,
    Surroundings,
    Tokens,
)
from handlers.gateways.fields import Form, identifier, moment, number, phone, prose, word
from handlers.gateways.unsigned import Reader, UnsignedWebhooks
from service.domain.ids import new_id
from service.domain.message import (
    Accepted,
    Hurdle,
    MessageState,
    Refusal,
    Refused,
    SendResult,
    TryLater,
    Unknown,
)
from service.ports import (
    Capabilities,
    OptOutReceived,
    OutgoingText,
    ReceiptReceived,
    TextReceived,
    Unreadable,
    UssdReply,
    WebhookAnswer,
    WebhookEvent,
)

NAME: Final = "simulator"

NOT_TAKEN: Final[dict[str, SendResult]] = {
    "9403": Refused(Refusal.BAD_NUMBER, "no such number"),
    "9406": Refused(Refusal.OPTED_OUT, "opted out"),
    "9407": Refused(Refusal.NO_ROUTE, "no route"),
    "9405": TryLater(Hurdle.NO_CREDIT, word="no credit"),
    "9429": TryLater(Hurdle.BUSY, timedelta(minutes=1), "busy"),
    "9500": TryLater(Hurdle.PROVIDER_DOWN, word="down"),
    "9408": Unknown("no answer"),
}
REPORTED: Final[dict[str, str]] = {"9901": "undelivered", "9902": "expired", "9903": ""}
"""The word of the receipt, ``delivered`` for all other numbers; where it is empty none comes."""

RECEIPTS: Final = {
    state.value: state
    for state in (
        MessageState.SENT,
        MessageState.BUFFERED,
        MessageState.DELIVERED,
        MessageState.UNDELIVERED,
        MessageState.EXPIRED,
    )
}
OPTED_OUT: Final = "opted-out"


class Settings(GatewaySettings):
    """Without a token there are no webhooks: no USSD, no replies, no receipts."""

    webhook_tokens: Tokens = ()


# --- what the phone's side posts -----------------------------------------------------------------------


def path(token: str, kind: str) -> str:
    """Where this gateway's webhook of that kind is."""
    return f"/hooks/{NAME}/{token}/{kind}"


def _read_text(form: Form) -> WebhookEvent:
    """``id, from, text`` and perhaps ``at``, the time of sending."""
    if not number(form, "from"):
        return Unreadable("a text whose sender is no number")
    return TextReceived(
        external_id=identifier(form, "id") or f"unnamed-{new_id()}",
        sender=identifier(form, "from"),
        phone=phone(form, "from"),
        text=prose(form, "text"),
        occurred_at=moment(form, "at"),
    )


def _read_receipt(form: Form) -> WebhookEvent:
    """``id, to, word`` and perhaps ``reason`` and ``at``."""
    provider_id = identifier(form, "id")
    if not provider_id:
        return Unreadable("a receipt without a message id")
    said, reason = word(form, "word"), word(form, "reason")
    return ReceiptReceived(
        provider_id=provider_id,
        word=said,
        state=RECEIPTS.get(said),
        phone=phone(form, "to"),
        reason=reason,
        opted_out=reason == OPTED_OUT,
        occurred_at=moment(form, "at"),
    )


def _read_opt_out(form: Form) -> WebhookEvent:
    """``from`` and perhaps ``at``."""
    caller = phone(form, "from")
    return OptOutReceived(caller, moment(form, "at")) if caller else Unreadable("an opt-out without a number")


READERS: Final[dict[str, Reader]] = {
    "ussd": read_turn,
    "ussd-end": read_end,
    "sms": _read_text,
    "receipt": _read_receipt,
    "opt-out": _read_opt_out,
}


class Simulator(UnsignedWebhooks):
    name = NAME
    capabilities = Capabilities(two_way=True, ussd=True)

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        super().__init__(READERS, settings.webhook_tokens)
        self._receipts = [path(token.get_secret_value(), "receipt") for token in settings.webhook_tokens]
        self._post_home = surroundings.post_home

    def send(self, message: OutgoingText) -> SendResult:
        ending = message.to.e164[-4:]
        if ending in NOT_TAKEN:
            return NOT_TAKEN[ending]
        provider_id = f"simulated-{message.attempt_id}"
        self._report(provider_id, message.to.e164, REPORTED.get(ending, "delivered"))
        return Accepted(provider_id)

    def _report(self, provider_id: str, to: str, said: str) -> None:
        if said and self._post_home and self._receipts:
            self._post_home(self._receipts[0], {"id": provider_id, "to": to, "word": said})

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        return write_reply(reply)


DEFINITION: Final = Definition(NAME, Settings, Simulator)
