"""Why the API does not carry out a request: a problem (RFC 9457), which repeats nothing of what was sent."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, Field

MEDIA_TYPE: Final = "application/problem+json"
STATUSES: Final = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 501, 503)
"""With which a request is refused."""


class Fault(BaseModel):
    """One thing that is wrong with a request. The name is that of a field, parameter or header."""

    name: str
    detail: str


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[Fault] = Field(default_factory=list)


class Refused(Exception):
    """The request cannot be carried out as things stand; nothing was changed."""

    def __init__(self, status: int, detail: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.faults = tuple(faults)


_WHEN_AGAIN: Final = {"Retry-After": {"description": "In how many seconds.", "schema": {"type": "integer"}}}


def described(media_type: str, schema: Mapping[str, Any]) -> dict[str | int, Any]:
    """Every refusal, for the description of the API."""
    content = {media_type: {"schema": schema}}
    return {
        status: {"content": content, **({"headers": _WHEN_AGAIN} if status in (429, 503) else {})}
        for status in STATUSES
    }
