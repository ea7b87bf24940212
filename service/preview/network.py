"""A line over which nothing leaves: it takes every text, and says that every text arrived."""

from dataclasses import dataclass, field

from service.actions.receive import receive
from service.domain.message import Accepted, MessageState, SendResult
from service.domain.people import Actor, ActorKind
from service.ports import (
    Capabilities,
    OutgoingText,
    ReceiptReceived,
    UssdReply,
    WebhookAnswer,
    WebhookEvent,
    WebhookRequest,
)
from service.programme import Programme
from service.store.spooled import Letter
from service.store.store import Store
from service.store.transaction import Transaction


@dataclass
class Network:
    """Stands in for a gateway of that name, and can do what that one can."""

    name: str
    capabilities: Capabilities
    hooks: tuple[str, ...] = ()
    signs: bool = False
    _taken: list[OutgoingText] = field(default_factory=list)

    def send(self, message: OutgoingText) -> SendResult:
        self._taken.append(message)
        return Accepted(str(message.attempt_id))

    def deliver(self, store: Store, programme: Programme) -> None:
        """Report what became of everything that was taken."""
        taken, self._taken = self._taken, []
        if taken:
            actor = Actor(ActorKind.GATEWAY, self.name)
            store.write(lambda tx: self._report(tx, programme, taken), actor)

    def _report(self, tx: Transaction, programme: Programme, taken: list[OutgoingText]) -> None:
        for text in taken:
            state = self.fate(text)
            told = ReceiptReceived(str(text.attempt_id), state.value, state, text.to)
            receive(tx, programme, Letter(self.name, told))

    def fate(self, text: OutgoingText) -> MessageState:  # noqa: ARG002
        return MessageState.DELIVERED

    def accepts_token(self, token: str) -> bool:  # noqa: ARG002
        return False

    def authentic(self, request: WebhookRequest) -> bool:  # noqa: ARG002
        return False

    def read(self, request: WebhookRequest) -> WebhookEvent:
        raise NotImplementedError

    def answer(self, kind: str) -> WebhookAnswer:  # noqa: ARG002
        return WebhookAnswer("")

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        return WebhookAnswer(reply.text)
