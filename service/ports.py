"""What the core asks of the outside world, and how the outside world's requests look inside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from service.domain.message import Accepted, MessageState, Money, SendResult
from service.domain.phone import Phone


class Clock(Protocol):
    """The one source of business time. Aware, UTC."""

    def now(self) -> datetime: ...


@dataclass(frozen=True)
class Capabilities:
    """What a gateway's line can do; texts adapt to it.

    ``two_way`` means that a reply to a text reaches us. ``longest`` is in parts. ``texts``: it carries any.
    """

    two_way: bool
    ussd: bool
    longest: int = 4
    texts: bool = True


@dataclass(frozen=True)
class OutgoingText:
    """One text for one phone. ``attempt_id`` is ours; a provider may echo it in its receipts."""

    attempt_id: UUID
    to: Phone
    text: str = field(repr=False)


@dataclass(frozen=True)
class WebhookRequest:
    """A request from a provider, with nothing of the web framework left in it.

    ``form`` and ``query`` hold the first value of each name; ``fields`` all of them, in order.
    ``url`` is the public address that the provider called, query included; ``source`` the IP address
    that it called from, as far as trusted proxies tell.
    """

    kind: str
    url: str
    headers: Mapping[str, str]
    form: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    fields: tuple[tuple[str, str], ...] = field(repr=False, default=())
    body: bytes = field(repr=False, default=b"")
    source: str = ""


@dataclass(frozen=True)
class TextReceived:
    """An inbound SMS. ``sender`` is what the provider wrote, ``phone`` its number if it is one."""

    external_id: str
    sender: str = field(repr=False)
    phone: Phone | None
    text: str = field(repr=False)
    occurred_at: datetime | None


@dataclass(frozen=True)
class ReceiptReceived:
    """A delivery report. ``state`` is ``None`` for a word that this gateway does not know.

    ``attempt_id`` is our own id where the provider echoes it.
    """

    provider_id: str
    word: str
    state: MessageState | None
    phone: Phone | None
    reason: str = ""
    opted_out: bool = False
    attempt_id: UUID | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class OptOutReceived:
    phone: Phone | None
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class Cumulative:
    """All that she typed in this session so far, joined by ``*`` (nothing on the first request)."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class LastInput:
    """What she typed last; ``None`` when the session begins. ``turn`` numbers it, if the network does."""

    text: str | None = field(repr=False)
    turn: str | None = None


@dataclass(frozen=True)
class UssdTurn:
    session_id: str
    phone: Phone | None
    service_code: str
    typed: Cumulative | LastInput


@dataclass(frozen=True)
class UssdEnded:
    """The network's word that a session is over. ``completed`` is false when she was still being asked."""

    session_id: str
    phone: Phone | None
    completed: bool
    hops: int | None = None


@dataclass(frozen=True)
class Unreadable:
    """A genuine request (right token) that says nothing this service can act on; counted, answered 200."""

    why: str


WebhookEvent = TextReceived | ReceiptReceived | OptOutReceived | UssdTurn | UssdEnded | Unreadable


@dataclass(frozen=True)
class UssdReply:
    """The text of a screen, and whether the network should wait for another input."""

    text: str = field(repr=False)
    goes_on: bool


@dataclass(frozen=True)
class WebhookAnswer:
    body: str = field(repr=False)
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """What a provider's own list holds. ``gap`` says why the list is not whole, and is empty when it is."""

    items: tuple[T, ...]
    gap: str = ""


class Gateway(Protocol):
    """One provider, both directions. A module in ``handlers/gateways`` each.

    ``hooks`` names the kinds of webhook that the provider calls (``ussd``, ``sms``, ``receipt`` …);
    each is a path under the gateway's own.
    """

    @property
    def name(self) -> str: ...
    @property
    def capabilities(self) -> Capabilities: ...
    @property
    def hooks(self) -> tuple[str, ...]: ...
    @property
    def signs(self) -> bool:
        """Whether the provider signs its requests, so that its addresses need no secret in the path."""

    def send(self, message: OutgoingText) -> SendResult:
        """Hand one text to the provider. Does not raise for what providers do every day."""

    def accepts_token(self, token: str) -> bool:
        """Whether ``token`` from the path is one of ours, compared in constant time."""

    def authentic(self, request: WebhookRequest) -> bool:
        """Whether the request is signed as this provider signs, and comes from where it calls from."""

    def read(self, request: WebhookRequest) -> WebhookEvent:
        """The request in our words. Never raises on odd content."""

    def answer(self, kind: str) -> WebhookAnswer:
        """What this provider wants to hear once a request has been taken."""

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        """A screen in this provider's dialect."""


@runtime_checkable
class ListsInbound(Protocol):
    """A gateway whose provider keeps a list of what people wrote, so that nothing is lost for good."""

    def inbound_since(self, moment: datetime) -> Listed[TextReceived]:
        """Every text that came in since then, under the same ids as by webhook."""


@runtime_checkable
class FindsSent(Protocol):
    """A gateway whose provider keeps a list of what it took, as evidence for a send without an answer."""

    def find(self, message: OutgoingText, since: datetime) -> Listed[Accepted]:
        """Each text of these words that was taken for that phone since then.

        Those of other attempts with the same words are among them: leave out ids that are known already.
        To find nothing is evidence only where the list has no gap and the send is some minutes old.
        """


@runtime_checkable
class TellsCredit(Protocol):
    """A gateway whose provider says how much money is left in our account there."""

    def credit(self) -> Money | None:
        """What is left; ``None`` if it cannot be told now. Never raises for what networks do."""


class Courier(Protocol):
    """Carries news to systems whose addresses an operator wrote down. Never raises for what networks do."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        """``None`` once it was taken, else a word of ours for why not."""

    def fetch(self, url: str) -> str | None:
        """The same for an address that is only to be asked, such as one that waits for a sign of life."""
