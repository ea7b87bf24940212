"""Twilio: SMS through the official SDK, two signed webhooks, and the account's own list of messages.

https://www.twilio.com/docs/messaging. There is no idempotency key for sends; the attempt's own id goes out in
the address for receipts and comes back in it.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from handlers.gateways.definition import (
    BaseUrl,
    Definition,
    GatewaySettings,
    Secrets,
    Sender,
    Surroundings,
)
from handlers.gateways.fields import Form
from handlers.gateways.line import Answer, NoAnswer, NotWritten
from handlers.gateways.signed import SignedWebhooks
from handlers.gateways.twilio.account import Account
from handlers.gateways.twilio.answers import accepted, read_answer, read_balance
from handlers.gateways.twilio.webhooks import ANSWERS, ATTEMPT, READERS, SCHEME, STATUS, read_text
from service.domain.message import Accepted, Hurdle, Money, SendResult, TryLater, Unknown
from service.ports import (
    Capabilities,
    Listed,
    OutgoingText,
    TextReceived,
    Unreadable,
    UssdReply,
    WebhookAnswer,
)

NAME: Final = "twilio"

TEST_SENDER: Final = "+15005550006"
"""Goes with the provider's test credentials: everything succeeds and nothing is sent."""

VALIDITY: Final = timedelta(hours=4)
"""How long a text may wait at the provider, which else keeps it for ten hours, and so into the night."""

CLOCKS_APART: Final = timedelta(minutes=2)
"""By how much the provider's clock may differ from ours; it also writes whole seconds only."""

LISTED_AS: Final = {"MessageSid": "sid", "From": "from", "Body": "body"}
"""The fields of a webhook, under the names that the list has for them."""

_WRITTEN_DATE: Final = "%a, %d %b %Y %H:%M:%S %z"


class Settings(GatewaySettings):
    """The first ``auth_token`` signs in; each is good for webhooks, so that tokens can be changed.

    ``sender`` (``FROM``) is a number, which people can answer, or a name. It or ``messaging_service`` must be
    given, and both may be.
    """

    account_sid: str = Field(pattern="^AC[0-9a-fA-F]{32}$")
    auth_token: Secrets
    sender: Sender | None = Field(default=None, alias="from")
    messaging_service: Annotated[str, Field(pattern="^MG[0-9a-fA-F]{32}$")] | None = Field(
        default=None, validate_default=True
    )
    base_url: BaseUrl | None = None

    @field_validator("messaging_service")
    @classmethod
    def _somebody_sends(cls, service: str | None, info: ValidationInfo) -> str | None:
        if service is None and info.data.get("sender", "wrong") is None:
            raise ValueError("give this, or FROM: a number or a name")
        return service


def unsafe(settings: Settings) -> tuple[str, ...]:
    if settings.sender == TEST_SENDER:
        return ("KHOPOTSO_TWILIO_FROM: the sender of the test credentials reaches no real phone.",)
    return ()


def advice(settings: Settings) -> tuple[str, ...]:
    found = {
        "FROM: only a number can be answered; without one nobody can stop by SMS.": not _is_number(
            settings.sender
        ),
        "BASE_URL: texts go to this address instead of the provider.": settings.base_url is not None,
    }
    return tuple(f"KHOPOTSO_TWILIO_{sentence}" for sentence, holds in found.items() if holds)


class Twilio(SignedWebhooks):
    """One account. May be shared by threads."""

    name = NAME

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        super().__init__(READERS, SCHEME, settings.auth_token)
        self.capabilities = Capabilities(two_way=_is_number(settings.sender), ussd=False)
        self._sender = settings.sender
        self._service = settings.messaging_service
        self._public_url = surroundings.public_url.rstrip("/")
        self._account = Account(
            settings.account_sid,
            settings.auth_token[0].get_secret_value(),
            surroundings.patience,
            settings.base_url,
        )

    def send(self, message: OutgoingText) -> SendResult:
        outcome = self._account.create(
            to=message.to.e164,
            body=message.text,
            from_=self._sender,
            messaging_service_sid=self._service,
            validity_period=int(VALIDITY.total_seconds()),
            status_callback=self._callback(message.attempt_id),
        )
        match outcome:
            case Answer():
                return read_answer(outcome)
            case NotWritten(why):
                return TryLater(Hurdle.NOT_CONNECTED, word=why)
            case NoAnswer(why):
                return Unknown(why)

    def _callback(self, attempt_id: UUID) -> str | None:
        """Without a public address there are no receipts."""
        if not self._public_url:
            return None
        return f"{self._public_url}/hooks/{NAME}/{STATUS}?{ATTEMPT}={attempt_id}"

    def inbound_since(self, moment: datetime) -> Listed[TextReceived]:
        """The list goes by the day on which the provider called us; one more is asked for, and sifted."""
        day = datetime.combine(moment.astimezone(UTC).date() - timedelta(days=1), time(), UTC)
        chosen = {"to": self._sender} if self._sender and self.capabilities.two_way else {}
        listed = self._account.listed(date_sent_after=day, **chosen)
        texts = [
            _listed_text(record)
            for record in listed.items
            if record.get("direction") == "inbound" and (_created(record) or moment) >= moment
        ]
        return Listed(tuple(text for text in texts if isinstance(text, TextReceived)), listed.gap)

    def find(self, message: OutgoingText, since: datetime) -> Listed[Accepted]:
        """No date is asked for: a text that still waits at the provider may have none yet."""
        listed = self._account.listed(to=message.to.e164)
        words = message.text.split()
        found = [
            accepted(record)
            for record in listed.items
            if record.get("direction", "").startswith("outbound")
            and record.get("body", "").split() == words
            and (_created(record) or since) >= since - CLOCKS_APART
        ]
        return Listed(tuple(text for text in found if text), listed.gap)

    def credit(self) -> Money | None:
        outcome = self._account.balance()
        return read_balance(outcome) if isinstance(outcome, Answer) else None

    def answer(self, kind: str) -> WebhookAnswer:
        return ANSWERS.get(kind, WebhookAnswer(""))

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        return WebhookAnswer(reply.text)


def _listed_text(record: Form) -> TextReceived | Unreadable:
    form = {name: record.get(listed, "") for name, listed in LISTED_AS.items()}
    return read_text(form, _created(record))


def _created(record: Form) -> datetime | None:
    try:
        return datetime.strptime(record.get("date_created", ""), _WRITTEN_DATE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_number(sender: str | None) -> bool:
    return sender is not None and sender.removeprefix("+").isdigit()


DEFINITION: Final = Definition(NAME, Settings, Twilio, unsafe, advice)
