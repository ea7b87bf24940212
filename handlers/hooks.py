"""The door for providers: is the caller genuine, what does the request say, what is the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never
from urllib.parse import parse_qsl, urlsplit

import structlog
from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from handlers import sms, ussd
from handlers.ussd import Switchboard
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


def blueprint(parts: Parts, public_url: str, patience: float) -> Blueprint:
    """Two forms of address: with a secret in the path, and without for providers that sign."""
    hooks = Blueprint("hooks", __name__, url_prefix="/hooks")
    door = _Door(parts, Switchboard(parts, patience), public_url)

    @hooks.route("/<gateway>/<token>/<kind>", methods=METHODS)
    def with_token(gateway: str, token: str, kind: str) -> Response:
        return door.let_in(gateway, kind, lambda known: known.accepts_token(token))

    @hooks.route("/<gateway>/<kind>", methods=METHODS)
    def signed(gateway: str, kind: str) -> Response:
        return door.let_in(gateway, kind, lambda known: known.signs)

    return hooks


@dataclass(frozen=True)
class _Door:
    parts: Parts
    board: Switchboard
    public_url: str

    def let_in(self, name: str, kind: str, known_to: Callable[[Gateway], bool]) -> Response:
        """Take a request, or 404: a stranger cannot tell a wrong secret from an address that is not there."""
        gateway = self.parts.gateways.get(name)
        if gateway is None or not known_to(gateway) or kind not in gateway.hooks:
            abort(404)
        asked = _request(self.public_url, kind)
        if not gateway.authentic(asked):
            abort(403)
        answer = self._answer(gateway, kind, gateway.read(asked))
        return Response(answer.body, status=answer.status, content_type=answer.content_type)

    def _answer(self, gateway: Gateway, kind: str, event: WebhookEvent) -> WebhookAnswer:
        match event:
            case UssdTurn():
                return gateway.write_ussd(self.board.reply(gateway.name, event))
            case TextReceived() | ReceiptReceived() | OptOutReceived() | UssdEnded():
                sms.take(self.parts, gateway.name, event, self.board.desks.write)
            case Unreadable(why):
                log.warning("webhook not understood", gateway=gateway.name, hook=kind, reason=why)
                sms.unreadable(self.parts, gateway.name, self.board.desks.write)
                if kind == ussd.KIND:
                    return gateway.write_ussd(self.board.sorry())
            case _:
                assert_never(event)
        return gateway.answer(kind)


def _request(public_url: str, kind: str) -> WebhookRequest:
    """The request as the provider made it: behind a proxy only the public address is the one it signed."""
    body = request.get_data(cache=True)  # refuses what is too large
    form = _form()
    path = urlsplit(request.url)._replace(scheme="", netloc="").geturl()
    return WebhookRequest(
        kind=kind,
        url=(public_url.rstrip("/") or request.host_url.rstrip("/")) + path,
        source=request.remote_addr or "",
        headers=dict(request.headers),
        form=form.to_dict(),
        query=_query(),
        fields=tuple(form.items(multi=True)),
        body=body,
    )


def _form() -> MultiDict[str, str]:
    """A body of the right size in more parts than anybody sends says nothing, and is not sent again."""
    try:
        fields = request.form.items(multi=True)
    except RequestEntityTooLarge:
        return MultiDict()
    # The part of a multipart body may lack a name, whatever the type of this says.
    return MultiDict([(name, value) for name, value in fields if name is not None])


def _query() -> dict[str, str]:
    """The first value of each name, whatever bytes stand there."""
    said = request.query_string.decode("utf-8", "replace")
    return dict(reversed(parse_qsl(said, keep_blank_values=True)))
