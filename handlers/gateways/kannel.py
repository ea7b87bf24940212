"""Kannel, the SMS gateway that holds SMPP links to operators (https://www.kannel.org, user guide of 1.4.5).

It takes a text and names no message, so the attempt's own id stands for it, and comes back in the address of
each receipt. Numbers and texts travel in headers and bodies, never in addresses, which many a log keeps.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

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
from handlers.gateways.fields import Form, count, identifier, moment, number, phone, prose
from handlers.gateways.line import Answer, Line, NoAnswer, NotWritten
from handlers.gateways.unsigned import STRONG_TOKEN, Reader, UnsignedWebhooks
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
from service.gsm import Encoding, Unsendable, measure
from service.ports import (
    Capabilities,
    OutgoingText,
    ReceiptReceived,
    TextReceived,
    Unreadable,
    UssdReply,
    WebhookAnswer,
    WebhookEvent,
    WebhookRequest,
)

NAME: Final = "kannel"

SEND: Final = "/cgi-bin/sendsms"

CODINGS: Final = {Encoding.GSM7: "0", Encoding.UCS2: "2"}

TAKEN: Final = ("0: Accepted", "3: Queued", "Sent.")
"""How an answer of 202 begins. The last is said before the text is stored, by ``immediate-sendsms-reply``."""

OUTCOMES: Final[dict[str, Refused | TryLater]] = {
    "Temporal failure, try again later.": TryLater(Hurdle.BUSY, word="Temporal failure"),
    "Authorization failed for sendsms": TryLater(Hurdle.BAD_ACCOUNT, word="Authorization failed"),
    "Sender missing and no global set, rejected": TryLater(Hurdle.BAD_ACCOUNT, word="Sender missing"),
    "DLR-URL field misformed, rejected": TryLater(Hurdle.BAD_ACCOUNT, word="DLR-URL misformed"),
    "Not routable. Do not try again.": Refused(Refusal.NO_ROUTE, "Not routable"),
    "Empty receiver number not allowed, rejected": Refused(Refusal.BAD_NUMBER, "Empty receiver"),
    "Charset or body misformed, rejected": Refused(Refusal.BAD_TEXT, "Charset or body misformed"),
    # Black and white lists and forbidden characters sound alike: nobody can be said to have opted out.
    "Number(s) has/have been denied by white- and/or black-lists.": Refused(Refusal.REJECTED, "Denied"),
}
"""What the words of an answer mean, whatever its status: 403 is said of accounts and of routes alike."""

BY_STATUS: Final[dict[int, TryLater]] = {
    401: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 401"),
    402: TryLater(Hurdle.NO_CREDIT, word="HTTP 402"),
    403: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 403"),
    404: TryLater(Hurdle.BAD_ACCOUNT, word="HTTP 404"),
}
"""Answers of whatever stands before it, and of a wrong address."""

RECEIPTS: Final[dict[int, tuple[str, MessageState]]] = {
    1: ("delivered", MessageState.DELIVERED),
    2: ("failed", MessageState.UNDELIVERED),
    4: ("buffered", MessageState.BUFFERED),
    8: ("accepted by the operator", MessageState.SENT),
    16: ("refused by the operator", MessageState.UNDELIVERED),
    34: ("expired", MessageState.EXPIRED),
}
"""Types of receipt (``%d``). An operator that reports in words only makes 2 of an expired text."""

ALL_RECEIPTS: Final = "31"
"""The mask of the types 1 to 16; 34 comes under that of 2."""


# --- settings ------------------------------------------------------------------------------------------

Word = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]


class Settings(GatewaySettings):
    """``smsc`` is a word that Kannel's routes may ask for.

    ``validity_minutes`` is how long a text may wait, there and at the operator, before it is dropped: half a
    day, so that a link that comes back sends nothing at night. ``callback_base_url`` is where Kannel reaches
    this service if that is not ``PUBLIC_URL``.
    """

    username: Word
    password: Secret
    sender: Sender | None = None
    webhook_tokens: Tokens = ()
    base_url: BaseUrl = "http://127.0.0.1:13013"
    callback_base_url: BaseUrl | None = None
    smsc: Word | None = None
    validity_minutes: int = Field(default=720, ge=1, le=10080)
    allowed_sources: Networks = ()


def advice(settings: Settings) -> tuple[str, ...]:
    tokens = settings.webhook_tokens
    found = {
        "WEBHOOK_TOKENS: without one no reply and no receipt comes in.": not tokens,
        f"WEBHOOK_TOKENS: use random tokens of at least {STRONG_TOKEN} characters.": any(
            len(token) < STRONG_TOKEN for token in tokens
        ),
    }
    return tuple(f"KHOPOTSO_KANNEL_{sentence}" for sentence, holds in found.items() if holds)


# --- sending -------------------------------------------------------------------------------------------


def read_answer(answer: Answer, attempt_id: UUID) -> SendResult:
    said = answer.text.strip()
    if answer.status == 202 and said.startswith(TAKEN):
        return Accepted(str(attempt_id))
    if answer.status == 429:
        return TryLater(Hurdle.BUSY, answer.retry_after, "HTTP 429")
    return OUTCOMES.get(said) or _by_status(answer.status)


def _by_status(status: int) -> SendResult:
    """For an answer without Kannel's words. A client error is about the request, so nothing was taken."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if 400 <= status < 500 and status != 408:
        return Refused(Refusal.REJECTED, f"HTTP {status}")
    return Unknown(f"HTTP {status}, without a word that is known")


def _account(settings: Settings) -> dict[str, str]:
    """The headers that are the same for every text."""
    given = {
        "X-Kannel-Username": settings.username,
        "X-Kannel-Password": settings.password.get_secret_value(),
        "X-Kannel-From": settings.sender,
        "X-Kannel-SMSC": settings.smsc,
        "X-Kannel-Validity": str(settings.validity_minutes),
    }
    return {name: value for name, value in given.items() if value}


def _receipts(settings: Settings, public_url: str) -> str | None:
    """The address for receipts up to the attempt's id; ``None`` where Kannel could not call."""
    origin = settings.callback_base_url or public_url.rstrip("/")
    if not origin or not settings.webhook_tokens:
        return None
    return f"{origin}/hooks/{NAME}/{settings.webhook_tokens[0].get_secret_value()}/receipt"


# --- webhooks ------------------------------------------------------------------------------------------


def _gathered(request: WebhookRequest) -> Form:
    """Everything that a request says: ``from``, ``at`` and ``text`` of a ``post-url``, and its query.

    A query's own ``from`` and ``text`` (of a ``get-url``) go first. ``00`` before a number stands for ``+``.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    said = {
        "from": headers.get("x-kannel-from", ""),
        "at": headers.get("x-kannel-time", ""),
        "text": _decoded(request.body, headers.get("content-type", "")),
        **request.query,
        **request.form,
    }
    sender = said["from"].strip()
    return {**said, "from": f"+{sender[2:]}" if sender.startswith("00") else sender}


def _decoded(body: bytes, content_type: str) -> str:
    """Kannel leaves UCS-2 as it came, and turns all other alphabets into UTF-8."""
    return body.decode("utf-16-be" if "utf-16be" in content_type.lower() else "utf-8", "replace")


def _read_text(form: Form) -> WebhookEvent:
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
    try:
        attempt_id = UUID(identifier(form, "attempt"))
    except ValueError:
        return Unreadable("a receipt without the id of an attempt")
    kind = count(form, "type")
    if kind is None:
        return Unreadable("a receipt without a type")
    word, state = RECEIPTS.get(kind, (f"type {kind}", None))
    return ReceiptReceived(
        provider_id=str(attempt_id),
        word=word,
        state=state,
        phone=None,
        attempt_id=attempt_id,
        occurred_at=moment(form, "at"),
    )


READERS: Final[dict[str, Reader]] = {"sms": _read_text, "receipt": _read_receipt}


class Kannel(UnsignedWebhooks):
    """One ``sendsms-user``. May be shared by threads."""

    name = NAME

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        super().__init__(READERS, settings.webhook_tokens, settings.allowed_sources)
        self.capabilities = Capabilities(two_way=_is_number(settings.sender), ussd=False)
        self._address = settings.base_url + SEND
        self._account = _account(settings)
        self._receipts = _receipts(settings, surroundings.public_url)
        self._line = Line(surroundings.patience)

    def send(self, message: OutgoingText) -> SendResult:
        try:
            coding = CODINGS[measure(message.text).encoding]
        except Unsendable:
            return Refused(Refusal.BAD_TEXT)
        outcome = self._line.post_text(self._address, message.text, self._headers(message, coding))
        match outcome:
            case Answer():
                return read_answer(outcome, message.attempt_id)
            case NotWritten(why):
                return TryLater(Hurdle.NOT_CONNECTED, word=why)
            case NoAnswer(why):
                return Unknown(why)

    def _headers(self, message: OutgoingText, coding: str) -> Mapping[str, str]:
        headers = {**self._account, "X-Kannel-To": message.to.e164, "X-Kannel-Coding": coding}
        if self._receipts:
            headers["X-Kannel-DLR-Mask"] = ALL_RECEIPTS
            headers["X-Kannel-DLR-Url"] = f"{self._receipts}?attempt={message.attempt_id}&type=%d&at=%t"
        return headers

    def read(self, request: WebhookRequest) -> WebhookEvent:
        return super().read(replace(request, form=_gathered(request)))

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        return WebhookAnswer(reply.text)


def _is_number(sender: str | None) -> bool:
    """People can answer numbers and short codes, not names."""
    return sender is not None and sender.removeprefix("+").isdigit()


DEFINITION: Final = Definition(NAME, Settings, Kannel, advice=advice)
