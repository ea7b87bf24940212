"""Who is signed in: sessions as rows, and what a browser that shows a token may do."""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from service.actions.credentials import CredentialKind
from service.domain.caseload import Caseload, Post, caseload_of
from service.domain.people import Role
from service.store.database import database_now
from service.store.models.access import SignIn
from service.store.models.people import Credential, Person, Staff, StaffRole
from service.store.transaction import Reading, Transaction

IDLE: Final = 15 * 60.0
"""Seconds after which she must prove again who she is."""

LONGEST: Final = 12 * 3600.0
HALF_WAY: Final = 10 * 60.0
"""Seconds to pass the second step."""

_SEEN_EVERY: Final = 60.0
"""Seconds between two notes that she is there: a write for each page would be too many."""

WITH_SECOND_STEP: Final = frozenset({Role.COORDINATOR, Role.ADMIN})
"""Whoever sees whole sites, or keeps the accounts."""


@dataclass(frozen=True)
class Colleague:
    """A member of staff who is not blocked, with what she may do where."""

    id: UUID
    name: str = field(repr=False)
    language: str
    posts: tuple[Post, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for post in self.posts)

    @property
    def caseload(self) -> Caseload:
        return caseload_of(self.id, self.posts)

    @property
    def works_by_device(self) -> bool:
        """Whether a PIN on a phone that is known to be hers lets her in, and nothing else does."""
        return self.roles <= {Role.MENTOR}


@dataclass(frozen=True)
class SignedIn:
    session_id: UUID
    colleague: Colleague


@dataclass(frozen=True)
class Locked:
    """She was away, or pressed the lock; her secret opens it again."""

    session_id: UUID
    colleague: Colleague


@dataclass(frozen=True)
class HalfWay:
    """The password was right. ``has_totp``: she has a second step, and need not set one up first."""

    session_id: UUID
    colleague: Colleague
    has_totp: bool


Standing = SignedIn | Locked | HalfWay | None


def draw_token() -> str:
    return secrets.token_urlsafe(32)


def hashed_token(token: str) -> str:
    """A token has 256 random bits, so a plain hash cannot be searched."""
    return sha256(token.encode()).hexdigest()


def begin(tx: Transaction, colleague: Colleague, device_id: UUID | None) -> str:
    """A new session; its token, which is kept nowhere."""
    token, now = draw_token(), database_now(tx.connection)
    tx.add(
        SignIn,
        token_hash=hashed_token(token),
        staff_id=colleague.id,
        device_id=device_id,
        began_at=now,
        seen_at=now,
        proved_at=None if needs_second_step(tx, colleague) else now,
    )
    tx.audit("sign_in", "staff", colleague.id)
    return token


def renew(tx: Transaction, session_id: UUID) -> str:
    """A new token for a session that has just been proved anew; the old one is good no more."""
    token, now = draw_token(), database_now(tx.connection)
    tx.connection.execute(
        update(SignIn)
        .where(SignIn.id == session_id)
        .values(token_hash=hashed_token(token), seen_at=now, proved_at=now)
    )
    return token


def standing(reading: Reading, token: str) -> Standing:
    """What a browser that shows ``token`` may do; ``None`` if it is nobody's."""
    row = reading.connection.execute(
        select(SignIn.id, SignIn.staff_id, SignIn.began_at, SignIn.seen_at, SignIn.proved_at).where(
            SignIn.token_hash == hashed_token(token)
        )
    ).one_or_none()
    colleague = row and colleague_of(reading, row.staff_id)
    if row is None or colleague is None:
        return None
    return _standing(reading, row, colleague)


def _standing(
    reading: Reading, row: Row[UUID, UUID, float, float, float | None], colleague: Colleague
) -> Standing:
    now = database_now(reading.connection)
    if now - row.began_at > (LONGEST if row.proved_at else HALF_WAY):
        return None
    if row.proved_at is None:
        return HalfWay(row.id, colleague, has_totp(reading, colleague.id))
    return (Locked if now - row.seen_at > IDLE else SignedIn)(row.id, colleague)


def note_seen(tx: Transaction, session_id: UUID) -> None:
    tx.connection.execute(
        update(SignIn)
        .where(SignIn.id == session_id, SignIn.seen_at > 0)
        .values(seen_at=database_now(tx.connection))
    )


def is_stale(reading: Reading, session_id: UUID) -> bool:
    """Whether it is time to note that she is still there."""
    seen = reading.connection.scalar(select(SignIn.seen_at).where(SignIn.id == session_id))
    return seen is not None and database_now(reading.connection) - seen > _SEEN_EVERY


def lock(tx: Transaction, session_id: UUID) -> None:
    tx.connection.execute(update(SignIn).where(SignIn.id == session_id).values(seen_at=0.0))


def end(tx: Transaction, session_id: UUID) -> None:
    tx.connection.execute(delete(SignIn).where(SignIn.id == session_id))


def end_all(tx: Transaction, staff_id: UUID) -> int:
    """Sign somebody out everywhere; how many sessions there were."""
    return tx.connection.execute(delete(SignIn).where(SignIn.staff_id == staff_id)).rowcount


def forget_old(tx: Transaction) -> int:
    """Drop sessions that nobody can use any more; how many."""
    before = database_now(tx.connection) - LONGEST
    return tx.connection.execute(delete(SignIn).where(SignIn.began_at < before)).rowcount


def colleague_of(reading: Reading, staff_id: UUID) -> Colleague | None:
    """``None`` for somebody who is blocked or was erased."""
    row = reading.connection.execute(
        select(Person.name, Person.language)
        .join(Staff, Staff.id == Person.id)
        .where(Staff.id == staff_id, Staff.blocked_at.is_(None), Person.erased_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    posts = reading.connection.execute(
        select(StaffRole.role, StaffRole.site_id).where(StaffRole.staff_id == staff_id)
    )
    return Colleague(
        staff_id,
        reading.vault.open_if(Person.name, staff_id, row.name) or "",
        row.language,
        tuple(Post(role, site_id) for role, site_id in posts),
    )


def needs_second_step(reading: Reading, colleague: Colleague) -> bool:
    """Whoever sees a whole site, or keeps the accounts; and whoever chose to have one."""
    return bool(colleague.roles & WITH_SECOND_STEP) or has_totp(reading, colleague.id)


def has_totp(reading: Reading, staff_id: UUID) -> bool:
    found = reading.connection.scalar(
        select(Credential.id).where(Credential.person_id == staff_id, Credential.kind == CredentialKind.TOTP)
    )
    return found is not None
