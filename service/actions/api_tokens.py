"""What lets other systems in: tokens, each with the rights of a role at a site or at all of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from service.actions.sign_in_session import draw_token, hashed_token
from service.actions.sign_in_tries import count_request
from service.domain.caseload import Caseload
from service.domain.ids import new_id
from service.domain.people import Actor, ActorKind, Role
from service.store.models.access import ApiToken
from service.store.models.people import Site
from service.store.transaction import Reading, Transaction

_NOTED_EVERY: Final = timedelta(hours=1)
MARK: Final = "khopotso_"
"""How every token begins, so that one that leaked is recognised where secrets are searched for."""


@dataclass(frozen=True)
class Holder:
    """A system that showed a good token. ``site_id`` is the only site that it may know of, if it is one.

    ``used_at`` is when it was last noted that it is in use.
    """

    id: UUID
    role: Role
    site_id: UUID | None
    used_at: datetime | None

    @property
    def caseload(self) -> Caseload:
        return Caseload(None, frozenset({self.site_id}) if self.site_id else None)

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.API, str(self.id))


def create_token(tx: Transaction, name: str, role: Role, site_id: UUID | None) -> str | None:
    """A new token, which is kept nowhere; ``None`` if the name was given before."""
    token, token_id = MARK + draw_token(), new_id()
    is_new = tx.add_once(
        ApiToken,
        id=token_id,
        name=name,
        token_hash=hashed_token(token),
        role=role,
        site_id=site_id,
        created_at=tx.now,
        actor=str(tx.actor),
    )
    if not is_new:
        return None
    tx.audit("create", "api_token", token_id)
    return token


def revoke_token(tx: Transaction, name: str) -> bool:
    """Shut a system out at once; ``False`` if no good token has that name."""
    revoked = tx.connection.scalar(
        update(ApiToken)
        .where(ApiToken.name == name, ApiToken.revoked_at.is_(None))
        .values(revoked_at=tx.now)
        .returning(ApiToken.id)
    )
    if revoked:
        tx.audit("revoke", "api_token", revoked)
    return revoked is not None


def holder_of(reading: Reading, token: str) -> Holder | None:
    """Whose token this is; ``None`` if it is nobody's or was revoked."""
    row = reading.connection.execute(
        select(ApiToken.id, ApiToken.role, ApiToken.site_id, ApiToken.used_at).where(
            ApiToken.token_hash == hashed_token(token), ApiToken.revoked_at.is_(None)
        )
    ).one_or_none()
    return Holder(*row) if row else None


def let_in(tx: Transaction, holder: Holder) -> float:
    """Count that a token is used; 0, or the seconds for which it was used often enough."""
    if holder.used_at is None or holder.used_at < tx.now - _NOTED_EVERY:
        tx.connection.execute(update(ApiToken).where(ApiToken.id == holder.id).values(used_at=tx.now))
    return count_request(tx, holder.id)


@dataclass(frozen=True)
class TokenRow:
    """A token as it is listed. ``site`` is empty where it is for all of them."""

    name: str
    role: Role
    site: str | None
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def all_tokens(reading: Reading) -> tuple[TokenRow, ...]:
    rows = reading.connection.execute(
        select(
            ApiToken.name,
            ApiToken.role,
            Site.name.label("site"),
            ApiToken.created_at,
            ApiToken.used_at,
            ApiToken.revoked_at,
        )
        .outerjoin(Site, Site.id == ApiToken.site_id)
        .order_by(ApiToken.name)
    )
    return tuple(TokenRow(*row) for row in rows)
