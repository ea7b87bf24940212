"""USSD dialogues as rows: found, begun and saved under the gateway's own session id."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from service.domain.ids import new_id
from service.domain.phone import Phone
from service.store.models.dialogues import ScreenShown
from service.store.models.messages import UssdSession
from service.store.transaction import Reading, Transaction

RESUMES_WITHIN: Final = timedelta(minutes=10)
"""How long a dropped dialogue may be taken up again (a gateway itself ends one after about three)."""


@dataclass(frozen=True)
class Dialogue:
    """A dialogue as it was saved. ``accepted`` is the length and keyed hash of all that was typed."""

    id: UUID
    is_callers: bool
    draft: str | None = field(repr=False)
    accepted: tuple[int, bytes] | None
    reply: str = field(repr=False)
    goes_on: bool
    screen: str
    updated_at: datetime


def find(reading: Reading, gateway: str, session_id: str, phone: Phone) -> Dialogue | None:
    row = reading.connection.execute(
        select(
            UssdSession.id,
            UssdSession.phone_index,
            UssdSession.draft,
            UssdSession.accepted_length,
            UssdSession.accepted_mac,
            UssdSession.reply,
            UssdSession.goes_on,
            UssdSession.screen,
            UssdSession.updated_at,
        )
        .where(UssdSession.gateway == gateway, UssdSession.session_id == session_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    vault = reading.vault
    return Dialogue(
        id=row.id,
        is_callers=row.phone_index in vault.indexes("phone", phone.e164),
        draft=vault.open_if(UssdSession.draft, row.id, row.draft),
        accepted=(row.accepted_length, row.accepted_mac) if row.accepted_mac else None,
        reply=vault.open_if(UssdSession.reply, row.id, row.reply) or "",
        goes_on=row.goes_on,
        screen=row.screen,
        updated_at=row.updated_at,
    )


def start(tx: Transaction, gateway: str, session_id: str, phone: Phone, service_code: str) -> UUID | None:
    """A row for a new dialogue; ``None`` if another request of the same session made it first."""
    row_id = new_id()
    added = tx.add_once(
        UssdSession,
        id=row_id,
        gateway=gateway,
        session_id=session_id,
        phone_index=tx.vault.index("phone", phone.e164),
        service_code=service_code,
        screen="",
        accepted_length=0,
        goes_on=True,
        turns=0,
        started_at=tx.now,
        updated_at=tx.now,
    )
    return row_id if added else None


@dataclass(frozen=True)
class Saved:
    """What a turn leaves behind."""

    screen: str
    draft: str = field(repr=False)
    accepted: tuple[int, bytes]
    reply: str = field(repr=False)
    goes_on: bool


def save(tx: Transaction, row_id: UUID, saved: Saved) -> None:
    tx.connection.execute(
        update(UssdSession)
        .where(UssdSession.id == row_id)
        .values(
            screen=saved.screen,
            draft=tx.vault.seal(UssdSession.draft, row_id, saved.draft),
            accepted_length=saved.accepted[0],
            accepted_mac=saved.accepted[1],
            reply=tx.vault.seal(UssdSession.reply, row_id, saved.reply),
            goes_on=saved.goes_on,
            turns=UssdSession.turns + 1,
            updated_at=tx.now,
            ended_at=None if saved.goes_on else tx.now,
            completed=None if saved.goes_on else True,
        )
    )


def note_shown(tx: Transaction, shown: str, *, goes_on: bool, after: Dialogue | None) -> None:
    """Count a screen that is shown, and the answer to the one before (``after``) that led to it."""
    tx.add(
        ScreenShown,
        screen=shown,
        came_from=after.screen if after else None,
        answered_ms=round((tx.now - after.updated_at) / timedelta(milliseconds=1)) if after else None,
        goes_on=goes_on,
        shown_at=tx.now,
    )


def last_draft(reading: Reading, phone: Phone, besides: UUID) -> str | None:
    """The draft of this phone's last dialogue, if it is a short while old.

    ``besides`` is the dialogue that has just begun. Whether there is anything to go on with, the menu knows.
    """
    row = reading.connection.execute(
        select(UssdSession.id, UssdSession.draft)
        .where(
            UssdSession.phone_index.in_(reading.vault.indexes("phone", phone.e164)),
            UssdSession.updated_at > reading.now - RESUMES_WITHIN,
            UssdSession.id != besides,
        )
        .order_by(UssdSession.updated_at.desc(), UssdSession.id.desc())
        .limit(1)
    ).one_or_none()
    return reading.vault.open_if(UssdSession.draft, row.id, row.draft) if row else None


def keep_accepted(tx: Transaction, row_id: UUID, length: int, mac: bytes) -> None:
    """Note what the gateway now says was typed, without a turn."""
    tx.connection.execute(
        update(UssdSession).where(UssdSession.id == row_id).values(accepted_length=length, accepted_mac=mac)
    )


def end(tx: Transaction, gateway: str, session_id: str, *, completed: bool) -> None:
    """Note the network's word that a session is over. Its draft stays, so that she can take it up again."""
    tx.connection.execute(
        update(UssdSession)
        .where(
            UssdSession.gateway == gateway,
            UssdSession.session_id == session_id,
            UssdSession.ended_at.is_(None),
        )
        .values(ended_at=tx.now, completed=completed)
    )
