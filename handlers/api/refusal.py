"""How the API says no: as a problem, and to systems that speak FHIR in their words."""

import json
from collections.abc import Iterable, Mapping
from typing import Final

import structlog
from flask import Response, request
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from handlers.api import outcome, problem
from handlers.api.problem import Fault, Problem, Refused
from service.actions.names import NameRefused

_WHAT_TO_DO: Final = {
    400: "The body is no JSON object.",
    403: "The role of this token may not do this.",
    404: "There is nothing of that name, or it is not of a site that this token may see.",
    405: "This address cannot be asked in this way; see the Allow header.",
    413: "A body has 64 KiB at most.",
    415: "Send the body as application/json.",
    500: "This is a mistake of the service; it was logged.",
    501: "This door is not installed: pip install khopotso[fhir].",
    503: "The database does not answer; ask again later with the same Idempotency-Key.",
}
_TITLES: Final = {400: "Bad Request", 409: "Conflict", 422: "Unprocessable Content"}
_NO_HEADERS: Final[Mapping[str, str]] = {}

log = structlog.get_logger()


def answer(
    status: int,
    title: str,
    detail: str | None = None,
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] = _NO_HEADERS,
) -> Response:
    said = Problem(title=title, status=status, detail=detail, errors=list(faults))
    if outcome.is_awaited(request.path):
        body, media_type = outcome.as_outcome(said), outcome.MEDIA_TYPE
    else:
        body, media_type = said.model_dump(exclude_none=True), problem.MEDIA_TYPE
    written = json.dumps(body, ensure_ascii=False)
    return Response(f"{written}\n", status=status, content_type=media_type, headers=dict(headers))


def of_refusal(refused: Refused) -> Response:
    return answer(refused.status, _TITLES[refused.status], refused.detail, refused.faults)


def of_name(refused: NameRefused) -> Response:
    return answer(422, _TITLES[422], refused.fault)


def of_http(error: HTTPException) -> Response:
    """What the web server itself refuses, such as an address that is not there."""
    status = error.code or 500
    named = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return answer(status, error.name, _WHAT_TO_DO.get(status), headers=named)


def of_validation(error: ValidationError) -> Response:
    """Everything that does not fit the description of the request, at once."""
    return answer(422, _TITLES[422], "The request does not fit its description.", _faults(error))


def _faults(error: ValidationError) -> Iterable[Fault]:
    for found in error.errors(include_input=False, include_url=False, include_context=False):
        yield Fault(name=".".join(map(str, found["loc"])) or "body", detail=found["msg"])


def of_failure(error: Exception) -> Response:
    """A mistake of ours, or a database that is away."""
    log.exception("api failed", endpoint=request.endpoint)
    if isinstance(error, OperationalError):
        return answer(503, "Service Unavailable", _WHAT_TO_DO[503], headers={"Retry-After": "10"})
    return answer(500, "Internal Server Error", _WHAT_TO_DO[500])
