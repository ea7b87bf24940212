"""Africa's Talking: SMS through the official SDK, and five webhooks.

https://developers.africastalking.com/docs (SMS, USSD). Nothing is signed, so a secret in the path and, where
the operator knows it, the caller's address stand in for a signature. There is no idempotency key for sends.
"""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers.gateways.africastalking.account import Account, cost
from handlers.gateways.cumulative import read_end, read_turn, write_reply
from handlers.gateways.definition import (
    BaseUrl,
    Definition,
    GatewaySettings,
    Networks,
    Secret,
    Sender,
    Surroundings,
    Tokens,
)
from handlers.gateways.fields import Form, identifier, moment, number, phone, prose, word
from handlers.gateways.line import Answer, NoAnswer, NotWritten
from handlers.gateways.unsigned import STRONG_TOKEN, Reader, UnsignedWebhooks
from service.domain.ids import new_id
from service.domain.message import (
    Accepted,
    Hurdle,
    MessageState,
    Money,
    Refusal,
    Refused,
    SendResult,
    TryLater,
    Unknown,
)
from service.domain.phone import Phone
from service.gsm import LARGEST_PARTS
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

NAME: Final = "africastalking"

ACCEPTED: Final = frozenset({100, 101, 102})
"""Processed, Sent, Queued."""

OUTCOMES: Final[dict[int, Refused | TryLater]] = {
    401: Refused(Refusal.REJECTED, "RiskHold"),
    402: TryLater(Hurdle.BAD_ACCOUNT, word="InvalidSenderId"),
    403: Refused(Refusal.BAD_NUMBER, "InvalidPhoneNumber"),
    404: Refused(Refusal.BAD_NUMBER, "UnsupportedNumberType"),
    405: TryLater(Hurdle.NO_CREDIT, word="InsufficientBalance"),
    406: Refused(Refusal.OPTED_OUT, "UserInBlacklist"),
    407: Refused(Refusal.NO_ROUTE, "CouldNotRoute"),
    409: Refused(Refusal.REJECTED, "DoNotDisturbRejection"),
    500: TryLater(Hurdle.PROVIDER_DOWN, word="InternalServerError"),
    501: TryLater(Hurdle.PROVIDER_DOWN, word="GatewayError"),
    502: TryLater(Hurdle.PROVIDER_DOWN, word="RejectedByGateway"),
}
"""What a recipient's ``statusCode`` inside an answer means. It says nothing of the answer's HTTP status."""

BY_WORD: Final = {outcome.word: outcome for outcome in OUTCOMES.values()}
"""The same words stand alone in ``Message`` when a request fails as a whole and no recipient is listed."""

BY_STATUS: Final[dict[int, TryLater]] = {
    401: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 401"),
    402: TryLater(Hurdle.NO_CREDIT, word="HTTP 402"),
    403: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 403"),
    404: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 404"),
}
"""Answers to the account or address rather than to the text: the text waits until they are mended."""

RECEIPTS: Final[dict[str, MessageState]] = {
    "Submitted": MessageState.SENT,
    "Sent": MessageState.SENT,
    "Buffered": MessageState.BUFFERED,
    "AbsentSubscriber": MessageState.BUFFERED,  # the network goes on trying
    "Success": MessageState.DELIVERED,
    "Failed": MessageState.UNDELIVERED,
    "Rejected": MessageState.UNDELIVERED,
    "Expired": MessageState.EXPIRED,
}
OPTED_OUT: Final = "UserInBlackList"


# --- settings ------------------------------------------------------------------------------------------


class Settings(GatewaySettings):
    """``sender`` is a short code, which people can answer, or a name; by default the provider's own."""

    username: str = Field(min_length=1)
    api_key: Secret
    sender: Sender | None = None
    webhook_tokens: Tokens = ()
    base_url: BaseUrl | None = None
    allowed_sources: Networks = ()


def unsafe(settings: Settings) -> tuple[str, ...]:
    if settings.username == "sandbox":
        return ("KHOPOTSO_AFRICASTALKING_USERNAME: the sandbox account reaches no real phone.",)
    return ()


def advice(settings: Settings) -> tuple[str, ...]:
    tokens = settings.webhook_tokens
    found = {
        "WEBHOOK_TOKENS: without one no reply, receipt or USSD call comes in.": not tokens,
        f"WEBHOOK_TOKENS: use random tokens of at least {STRONG_TOKEN} characters.": any(
            len(token) < STRONG_TOKEN for token in tokens
        ),
        "BASE_URL: texts go to this address instead of the provider.": settings.base_url is not None,
    }
    return tuple(f"KHOPOTSO_AFRICASTALKING_{sentence}" for sentence, holds in found.items() if holds)


# --- sending -------------------------------------------------------------------------------------------


class _Recipient(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    number: str
    statusCode: int = Field(ge=0, le=999)
    messageId: str | None = None
    cost: str | None = None
    messageParts: int | None = None


class _Data(BaseModel):
    Message: str = ""
    Recipients: list[_Recipient] = []


class _Document(BaseModel):
    """The part of the provider's answer that we read."""

    SMSMessageData: _Data


def read_answer(answer: Answer, to: Phone) -> SendResult:
    """What the answer to a send to one number means; the recipient's own outcome counts before all else."""
    if answer.status == 429:
        return TryLater(Hurdle.BUSY, answer.retry_after, "HTTP 429")
    try:
        data = _Document.model_validate_json(answer.text).SMSMessageData
    except ValidationError:
        return _by_status(answer.status)
    ours = [recipient for recipient in data.Recipients if _same_number(recipient.number, to)]
    if ours:
        return _outcome(ours[0])
    if data.Recipients:
        return Unknown("the answer names another number")
    return BY_WORD.get(data.Message.strip()) or _by_status(answer.status)


def _by_status(status: int) -> SendResult:
    """For an answer that names no recipient. A client error is about the request, so nothing was taken."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if 400 <= status < 500 and status != 408:
        return Refused(Refusal.REJECTED, f"HTTP {status}")
    return Unknown(f"HTTP {status}, and no recipient named")


def _same_number(written: str, to: Phone) -> bool:
    return written.strip().removeprefix("+") == to.e164.removeprefix("+")


def _outcome(recipient: _Recipient) -> SendResult:
    if recipient.statusCode not in ACCEPTED:
        return OUTCOMES.get(recipient.statusCode, Unknown(f"status code {recipient.statusCode}"))
    provider_id = identifier({"messageId": recipient.messageId or ""}, "messageId")
    if provider_id in {"", "None"}:
        return Unknown("accepted without a message id")
    parts = recipient.messageParts if recipient.messageParts in range(1, LARGEST_PARTS + 1) else None
    return Accepted(provider_id, parts, cost(recipient.cost or ""))


# --- webhooks ------------------------------------------------------------------------------------------


def _read_text(form: Form) -> WebhookEvent:
    if not number(form, "from"):
        return Unreadable("a text whose sender is no number")
    return TextReceived(
        # The provider always gives an id; without one every copy counts, because none may be lost.
        external_id=identifier(form, "id") or f"unnamed-{new_id()}",
        sender=identifier(form, "from"),
        phone=phone(form, "from"),
        text=prose(form, "text"),
        occurred_at=moment(form, "date"),
    )


def _read_receipt(form: Form) -> WebhookEvent:
    provider_id = identifier(form, "id")
    if not provider_id:
        return Unreadable("a receipt without a message id")
    status, reason = word(form, "status"), word(form, "failureReason")
    return ReceiptReceived(
        provider_id=provider_id,
        word=status,
        state=RECEIPTS.get(status),
        phone=phone(form, "phoneNumber"),
        reason=reason,
        opted_out=reason == OPTED_OUT,
    )


def _read_opt_out(form: Form) -> WebhookEvent:
    caller = phone(form, "phoneNumber")
    return OptOutReceived(caller) if caller else Unreadable("an opt-out without a number")


READERS: Final[dict[str, Reader]] = {
    "ussd": read_turn,
    "ussd-end": read_end,
    "sms": _read_text,
    "receipt": _read_receipt,
    "opt-out": _read_opt_out,
}


class AfricasTalking(UnsignedWebhooks):
    """One account. May be shared by threads."""

    name = NAME

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        super().__init__(READERS, settings.webhook_tokens, settings.allowed_sources)
        self.capabilities = Capabilities(two_way=_is_short_code(settings.sender), ussd=True)
        self._sender = settings.sender
        self._account = Account(
            settings.username, settings.api_key.get_secret_value(), surroundings.patience, settings.base_url
        )

    def send(self, message: OutgoingText) -> SendResult:
        outcome = self._account.send(message.text, message.to, self._sender)
        match outcome:
            case Answer():
                return read_answer(outcome, message.to)
            case NotWritten(why):
                return TryLater(Hurdle.NOT_CONNECTED, word=why)
            case NoAnswer(why):
                return Unknown(why)

    def credit(self) -> Money | None:
        return self._account.credit()

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        return write_reply(reply)


def _is_short_code(sender: str | None) -> bool:
    return sender is not None and sender.removeprefix("+").isdigit()


DEFINITION: Final = Definition(NAME, Settings, AfricasTalking, unsafe, advice)
