"""USSD as AAT and Vodacom Messaging carry it: each request holds the last input only, each answer is XML.

The session begins with the dialled code in ``request``. Every answer names the address of the next request,
so a mark of our own in that address tells an input from the same request repeated. It carries no texts.
"""

from dataclasses import replace
from secrets import token_urlsafe
from typing import Annotated, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from pydantic import Field

from handlers.gateways.definition import Definition, GatewaySettings, Networks, Surroundings, Tokens
from handlers.gateways.fields import Form, identifier, phone, prose
from handlers.gateways.unsigned import Reader, UnsignedWebhooks
from service.domain.message import Refusal, Refused, SendResult
from service.gsm import downgrade
from service.ports import (
    Capabilities,
    LastInput,
    OutgoingText,
    Unreadable,
    UssdReply,
    UssdTurn,
    WebhookAnswer,
    WebhookEvent,
    WebhookRequest,
)

NAME: Final = "aat"

NEXT: Final = "turn"
"""The name of our mark in the address of the next request; where it is missing a session begins."""

Code = Annotated[str, Field(pattern=r"^\*[0-9*]{1,20}#$")]


class Settings(GatewaySettings):
    """``code`` is what people dial; what a dial string holds beyond it is taken as answers."""

    webhook_tokens: Tokens = ()
    allowed_sources: Networks = ()
    code: Code = "*123#"


def _read_turn(code: str) -> Reader:
    def read(form: Form) -> WebhookEvent:
        session = identifier(form, "ussdSessionId")
        if not session:
            return Unreadable("a USSD request without a session id")
        mark, said = identifier(form, NEXT), prose(form, "request")
        first = LastInput(_beyond(code, said))
        return UssdTurn(
            session_id=session,
            phone=phone(form, "msisdn"),
            service_code=code,
            typed=LastInput(said, mark) if mark else first,
        )

    return read


def _beyond(code: str, dialled: str) -> str | None:
    """The answers that the dial string already holds: ``1*2`` of ``*123*1*2#``."""
    stem = code.removesuffix("#") + "*"
    return dialled.strip().removesuffix("#").removeprefix(stem) if dialled.startswith(stem) else None


class Aat(UnsignedWebhooks):
    """May be shared by threads."""

    name = NAME
    capabilities = Capabilities(two_way=False, ussd=True, texts=False)

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        super().__init__(
            {"ussd": _read_turn(settings.code)}, settings.webhook_tokens, settings.allowed_sources
        )
        token = settings.webhook_tokens[0].get_secret_value() if settings.webhook_tokens else ""
        self._next = f"{surroundings.public_url.rstrip('/')}/hooks/{NAME}/{token}/ussd?{NEXT}="

    def read(self, request: WebhookRequest) -> WebhookEvent:
        """What it says stands in the address."""
        return super().read(replace(request, form={**request.form, **request.query}))

    def send(self, message: OutgoingText) -> SendResult:  # noqa: ARG002 - there is no way to
        return Refused(Refusal.NO_ROUTE, "carries no texts")

    def write_ussd(self, reply: UssdReply) -> WebhookAnswer:
        page = Element("request")
        SubElement(page, "headertext").text = downgrade(reply.text, "st").text
        if reply.goes_on:
            onward = {"command": "1", "order": "1", "callback": self._next + token_urlsafe(12)}
            SubElement(SubElement(page, "options"), "option", {**onward, "display": "false"})
        return WebhookAnswer(tostring(page, encoding="unicode"), "text/xml; charset=utf-8")


DEFINITION: Final = Definition(NAME, Settings, Aat)
