"""Prints each text to a terminal, for engineers who have no provider yet. Nothing comes in."""

from typing import Final

from handlers.gateways.definition import Definition, GatewaySettings, Surroundings
from handlers.gateways.unsigned import UnsignedWebhooks
from service.domain.message import Accepted, SendResult
from service.ports import (
    Capabilities,
    OutgoingText,
    UssdReply,
    WebhookAnswer,
)

NAME: Final = "console"


class Settings(GatewaySettings):
    pass


class Console(UnsignedWebhooks):
    """A terminal is often a log as well, so it shows a number's last digits only."""

    name = NAME
    capabilities = Capabilities(two_way=False, ussd=False)

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:  # noqa: ARG002
        super().__init__({})
        self._terminal = surroundings.terminal

    def send(self, message: OutgoingText) -> SendResult:
        self._terminal.write(f"{message.to.masked}  {message.text}\n")
        self._terminal.flush()
        return Accepted(f"console-{message.attempt_id}")

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        return WebhookAnswer(reply.text)


DEFINITION: Final = Definition(NAME, Settings, Console)
