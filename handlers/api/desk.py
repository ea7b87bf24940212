"""What every view of the API works with: who asks, and one way each to read and to act once."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Generic, Protocol, TypeVar
from uuid import UUID

from flask import Response, g, request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from werkzeug.exceptions import NotFound

from handlers.api.problem import Refused
from service.actions.api_tokens import Holder
from service.actions.once import Asked, OtherRequest, once
from service.parts import Parts
from service.reports.paging import Page
from service.store.transaction import Reading, Transaction

T = TypeVar("T")

MOST_ROWS: Final = 200
_REUSED: Final = "This Idempotency-Key came with another request before; draw a new one for each request."


class Shape(BaseModel):
    """What is answered, read from a row of a report."""

    model_config = ConfigDict(from_attributes=True)


class Listed(Protocol):
    @property
    def id(self) -> UUID: ...


class Listing(BaseModel, Generic[T]):
    """``next`` is the cursor of the next page."""

    items: Sequence[T]
    next: UUID | None


class Strict(BaseModel):
    """What is asked. A name that is not known is refused, for it may be a misspelt one that matters."""

    model_config = ConfigDict(extra="forbid")


class Once(BaseModel):
    """The headers of a request that changes something."""

    idempotency_key: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")] = Field(
        alias="Idempotency-Key",
        description="Drawn anew for each request. The same request with the same key is carried out once.",
    )


class Paging(Strict):
    limit: int = Field(50, ge=1, le=MOST_ROWS)
    cursor: UUID | None = Field(None, description="What the page before named as next.")


@dataclass(frozen=True)
class Desk:
    parts: Parts

    def ask(self, question: Callable[[Reading], T]) -> T:
        return self.parts.store.read(question)

    def act(self, header: Once, action: Callable[[Transaction], str]) -> str:
        """Carry out the request, once however often it comes; what ``action`` said then.

        Raises whatever ``action`` raises, which then has changed nothing. Raises ``Refused`` where the key
        belongs to another request.
        """
        holder, asked = me(), _asked(me(), header.idempotency_key)
        done = self.parts.store.write(lambda tx: once(tx, asked, action), holder.actor)
        if isinstance(done, OtherRequest):
            raise Refused(422, _REUSED)
        return done

    def today(self) -> date:
        """The local day."""
        return self.parts.programme.today(self.parts.clock.now())


def enter_as(holder: Holder) -> None:
    g.holder = holder


def me() -> Holder:
    found: Holder = g.holder
    return found


def shown(shape: BaseModel, status: int = 200, location: str = "") -> Response:
    body = shape.model_dump_json()
    headers = {"Location": location} if location else {}
    return Response(f"{body}\n", status=status, content_type="application/json", headers=headers)


def page_for(query: Paging) -> Page:
    """One row more than is wanted, by which one sees whether there is a next page."""
    return Page(query.limit + 1, query.cursor)


def listed(shape: type[BaseModel], rows: Sequence[Listed], query: Paging) -> Response:
    """The rows of the page, and the cursor of the next one if there is one."""
    page = rows[: query.limit]
    following = page[-1].id if len(rows) > query.limit else None
    return shown(shape.model_validate({"items": page, "next": following}))


def only(rows: Sequence[T]) -> T:
    """The one row that was asked for. Raises ``NotFound``."""
    if not rows:
        raise NotFound
    return rows[0]


def _asked(holder: Holder, key: str) -> Asked:
    whole = b"\0".join((request.method.encode(), request.path.encode(), request.get_data()))
    return Asked(f"api:{holder.id}", key, hashlib.sha256(whole).hexdigest())
