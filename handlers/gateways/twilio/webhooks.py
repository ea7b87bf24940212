"""What the provider calls us for: texts that came in, and what became of those that went out."""

from datetime import datetime
from typing import Final
from uuid import UUID

from handlers.gateways.fields import Form, count, identifier, number, out_of_base64, phone, prose, word
from handlers.gateways.signed import RequestReader, Scheme
from handlers.gateways.twilio.answers import OPTED_OUT, WAITED_TOO_LONG
from service.domain.ids import new_id
from service.domain.message import MessageState
from service.ports import (
    ReceiptReceived,
    TextReceived,
    Unreadable,
    WebhookAnswer,
    WebhookEvent,
    WebhookRequest,
)

SCHEME: Final = Scheme("X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings", "bodySHA256")

STATUS: Final = "status"
ATTEMPT: Final = "attempt"
"""The field of the address for receipts in which our own id comes back."""

RECEIPTS: Final[dict[str, MessageState]] = {
    "accepted": MessageState.ACCEPTED,
    "scheduled": MessageState.ACCEPTED,
    "queued": MessageState.ACCEPTED,
    "sending": MessageState.ACCEPTED,
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.UNDELIVERED,
    "failed": MessageState.UNDELIVERED,
    "canceled": MessageState.UNDELIVERED,
}

# What there is to answer goes out as a text of its own.
SILENT_TWIML: Final = WebhookAnswer(
    '<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml; charset=utf-8"
)
ANSWERS: Final = {"sms": SILENT_TWIML, STATUS: WebhookAnswer("")}


def read_text(form: Form, occurred_at: datetime | None = None) -> TextReceived | Unreadable:
    if not number(form, "From"):
        return Unreadable("a text whose sender is no number")
    return TextReceived(
        external_id=identifier(form, "MessageSid") or identifier(form, "SmsSid") or f"unnamed-{new_id()}",
        sender=identifier(form, "From"),
        phone=phone(form, "From"),
        text=out_of_base64(prose(form, "Body")),  # as long ones come now and then
        occurred_at=occurred_at,
    )


def _read_status(request: WebhookRequest) -> WebhookEvent:
    form = request.form
    provider_id = identifier(form, "MessageSid") or identifier(form, "SmsSid")
    if not provider_id:
        return Unreadable("a receipt without a message id")
    said, code = word(form, "MessageStatus") or word(form, "SmsStatus"), count(form, "ErrorCode")
    return ReceiptReceived(
        provider_id=provider_id,
        word=said,
        state=MessageState.EXPIRED if code == WAITED_TOO_LONG else RECEIPTS.get(said),
        phone=phone(form, "To"),
        reason=str(code or ""),
        opted_out=code == OPTED_OUT,
        attempt_id=_attempt(request.query),
    )


def _attempt(query: Form) -> UUID | None:
    try:
        return UUID(query.get(ATTEMPT, ""))
    except ValueError:
        return None


READERS: Final[dict[str, RequestReader]] = {
    "sms": lambda request: read_text(request.form),
    STATUS: _read_status,
}
