"""Who is signed in, on what, which systems may call; and what staff note about a client.

Moments that are seconds are those of the database's own clock: how long somebody was away is a matter of the
real world, whatever time a demonstration plays. A token is kept as its hash alone.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.people import Role
from service.store.models.columns import Id, Row, Sealed

Seconds = Float(53)


class SignIn(Row):
    """A member of staff who came in, from one browser. ``proved_at`` is when the second step was passed."""

    __tablename__ = "sign_ins"
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"), index=True)
    began_at: Mapped[float] = mapped_column(Seconds)
    seen_at: Mapped[float] = mapped_column(Seconds)
    proved_at: Mapped[float | None] = mapped_column(Seconds)


class Device(Row):
    """A phone or tablet that a coordinator let a member of staff use. Several people may share one."""

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("token_hash", "staff_id"),)
    id: Mapped[Id]
    token_hash: Mapped[str]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    enrolled_at: Mapped[datetime]
    actor: Mapped[str]


class Tries(Row):
    """How often somebody failed to prove something, or a token asked, since ``since``.

    ``name`` is a keyed hash of who.
    """

    __tablename__ = "tries"
    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[float] = mapped_column(Seconds)
    locked_until: Mapped[float | None] = mapped_column(Seconds)


class ApiToken(Row):
    """What lets another system in, with the rights of a role at a site, or at all of them."""

    __tablename__ = "api_tokens"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    created_at: Mapped[datetime]
    actor: Mapped[str]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Row):
    """That a request was carried out, so that its repetition is answered and not carried out again.

    ``request`` is a hash of what was asked; ``answer`` says where the answer is, and nothing about anybody.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("owner", "key"), Index(None, "created_at"))
    id: Mapped[Id]
    owner: Mapped[str]
    key: Mapped[str]
    request: Mapped[str]
    answer: Mapped[str]
    created_at: Mapped[datetime]


class Note(Row):
    """What a member of staff wrote down about a client, for her colleagues."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "client_id", "written_at"),)
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    body: Mapped[Sealed | None]
    written_at: Mapped[datetime]
    actor: Mapped[str]
