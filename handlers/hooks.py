"""The door for providers: is the caller genuine, what does the request say, what is the answer."""

from collections.abc import Callable
from typing import Final, assert_never
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, abort, request

from handlers import sms, ussd
from service.parts import Parts
from service.ports import (
    Gateway,
    OptOutReceived,
    ReceiptReceived,
    TextReceived,
    Unreadable,
    UssdEnded,
    UssdTurn,
    WebhookAnswer,
    WebhookEvent,
    WebhookRequest,
)

METHODS: Final = ("GET", "POST")

log = structlog.get_logger()


def blueprint(parts: Parts, public_url: str) -> Blueprint:
    """Two forms of address: with a secret in the path, and without for providers that sign."""
    hooks = Blueprint("hooks", __name__, url_prefix="/hooks")

    @hooks.route("/<gateway>/<token>/<kind>", methods=METHODS)
    def with_token(gateway: str, token: str, kind: str) -> Response:
        return _take(
            parts, public_url, _found(parts, gateway, kind, lambda known: known.accepts_token(token))
        )

    @hooks.route("/<gateway>/<kind>", methods=METHODS)
    def signed(gateway: str, kind: str) -> Response:
        return _take(parts, public_url, _found(parts, gateway, kind, lambda known: known.signs))

    return hooks


def _found(parts: Parts, name: str, kind: str, lets_in: Callable[[Gateway], bool]) -> tuple[Gateway, str]:
    """The gateway, or 404: a stranger cannot tell a wrong secret from an address that does not exist."""
    gateway = parts.gateways.get(name)
    if gateway is None or not lets_in(gateway) or kind not in gateway.hooks:
        abort(404)
    return gateway, kind


def _take(parts: Parts, public_url: str, found: tuple[Gateway, str]) -> Response:
    gateway, kind = found
    asked = _request(public_url, kind)
    if not gateway.authentic(asked):
        abort(403)
    answer = _answer(parts, gateway, kind, gateway.read(asked))
    return Response(answer.body, status=answer.status, content_type=answer.content_type)


def _request(public_url: str, kind: str) -> WebhookRequest:
    """The request as the provider made it: behind a proxy only the public address is the one it signed."""
    body = request.get_data(cache=True)
    path = urlsplit(request.url)._replace(scheme="", netloc="").geturl()
    return WebhookRequest(
        kind=kind,
        url=(public_url.rstrip("/") or request.host_url.rstrip("/")) + path,
        source=request.remote_addr or "",
        headers=dict(request.headers),
        form=request.form.to_dict(),
        query=request.args.to_dict(),
        fields=tuple(request.form.items(multi=True)),
        body=body,
    )


def _answer(parts: Parts, gateway: Gateway, kind: str, event: WebhookEvent) -> WebhookAnswer:
    match event:
        case UssdTurn():
            return gateway.write_ussd(ussd.reply(parts, gateway.name, event))
        case UssdEnded():
            ussd.end(parts, gateway.name, event)
        case TextReceived():
            sms.text(parts, gateway.name, event)
        case ReceiptReceived():
            sms.receipt(parts, gateway.name, event)
        case OptOutReceived():
            sms.opt_out(parts, gateway.name, event)
        case Unreadable(why):
            log.warning("webhook not understood", gateway=gateway.name, hook=kind, reason=why)
            sms.unreadable(parts, gateway.name)
            if kind == ussd.KIND:
                return gateway.write_ussd(ussd.sorry(parts))
        case _:
            assert_never(event)
    return gateway.answer(kind)
