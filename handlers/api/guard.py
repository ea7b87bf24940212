"""Before each request of the API: whose token is it, may it, and can the body be read at all."""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, UnsupportedMediaType

from handlers.api import outcome, refusal
from handlers.api.desk import Desk, enter_as
from handlers.api.problem import Refused
from handlers.api.rights import RIGHTS
from service.actions.api_tokens import Holder, holder_of, let_in
from service.actions.names import NameRefused
from service.actions.sign_in_tries import count_address
from service.domain.people import SYSTEM
from service.domain.throttle import REQUESTS

_SCHEME: Final = "Bearer"
_NO_TOKEN: Final = "Send a token: Authorization: Bearer TOKEN."  # noqa: S105 - a sentence, not a secret
_BAD_TOKEN: Final = "This token is nobody's, or it was revoked."  # noqa: S105 - the same
_WRONG_TOO_OFTEN: Final = "Too many wrong tokens came from this address."
_TOO_OFTEN: Final = (
    f"A token may ask {REQUESTS} times in a minute; nothing was done, so ask again with the same key."
)


def add_guard(api: Blueprint, desk: Desk) -> None:
    @api.before_request
    def check() -> Response | None:
        found = _holder(desk)
        if isinstance(found, Response):
            return found
        if found.role not in RIGHTS.get(request.endpoint or "", frozenset()):
            raise Forbidden
        enter_as(found)
        _insist_on_an_object()
        return None

    api.register_error_handler(Refused, refusal.of_refusal)
    api.register_error_handler(NameRefused, refusal.of_name)
    api.register_error_handler(HTTPException, refusal.of_http)
    api.register_error_handler(Exception, refusal.of_failure)


def _holder(desk: Desk) -> Holder | Response:
    """Whoever shows a good token, and not too often. Wrong ones are answered ever later."""
    given = request.authorization
    if given is None or given.type.casefold() != _SCHEME.casefold() or not given.token:
        return refusal.answer(401, "Unauthorized", _NO_TOKEN, headers={"WWW-Authenticate": _SCHEME})
    token = given.token
    holder = desk.ask(lambda reading: holder_of(reading, token))
    if holder is None:
        return _stranger(desk)
    seconds = desk.parts.store.write(lambda tx: let_in(tx, holder), SYSTEM)
    return _later(seconds, _TOO_OFTEN) if seconds else holder


def _stranger(desk: Desk) -> Response:
    address = request.remote_addr or ""
    seconds = desk.parts.store.write(lambda tx: count_address(tx, address), SYSTEM)
    if seconds:
        return _later(seconds, _WRONG_TOO_OFTEN)
    asked = {"WWW-Authenticate": f'{_SCHEME} error="invalid_token"'}
    return refusal.answer(401, "Unauthorized", _BAD_TOKEN, headers=asked)


def _later(seconds: float, why: str) -> Response:
    wait = {"Retry-After": str(int(seconds) + 1)}
    return refusal.answer(429, "Too Many Requests", why, headers=wait)


def _insist_on_an_object() -> None:
    """Raises ``UnsupportedMediaType`` or ``BadRequest``; what is in the object is for the view to judge."""
    if request.method not in {"POST", "PUT", "PATCH"}:
        return
    if request.mimetype not in {"application/json", outcome.MEDIA_TYPE}:
        raise UnsupportedMediaType
    try:
        body = request.get_json()
    except RecursionError:
        raise BadRequest from None
    if not isinstance(body, dict):
        raise BadRequest
