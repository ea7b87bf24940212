"""What became of the texts for one client: those that went, and those that did not and why."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from service.store.models.messages import Inbound, LedgerEntry, Message
from service.store.models.people import PersonPhone
from service.store.records import ClientRecord
from service.store.transaction import Reading


@dataclass(frozen=True)
class Past:
    """A reminder or text that came to its end, or a text of her own (``state`` is then ``heard``).

    ``step`` is the plan's, where one asked for it; ``speaks_of`` the local day that it names; ``words`` what
    it said, where that is still kept.
    """

    at: datetime
    state: str
    reason: str | None
    step: str | None
    speaks_of: date | None
    words: str | None = field(repr=False)
    language: str | None


HEARD = "heard"


def past(reading: Reading, woman: ClientRecord, most: int) -> tuple[Past, ...]:
    """The newest first."""
    found = [*_reminders(reading, woman.id, most), *_texts(reading, woman.id, most)]
    found += _heard(reading, woman.id, most)
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:most])


def _reminders(reading: Reading, client_id: UUID, most: int) -> list[Past]:
    rows = reading.connection.execute(
        select(
            LedgerEntry.ended_at,
            LedgerEntry.state,
            LedgerEntry.reason,
            LedgerEntry.step,
            LedgerEntry.speaks_of,
            Message.id,
            Message.body,
            Message.language,
        )
        .outerjoin(Message, Message.id == LedgerEntry.message_id)
        .where(LedgerEntry.client_id == client_id, LedgerEntry.ended_at.is_not(None))
        .order_by(LedgerEntry.ended_at.desc())
        .limit(most)
    )
    return [
        Past(
            row.ended_at,
            row.state,
            row.reason,
            row.step,
            row.speaks_of,
            reading.vault.open_if(Message.body, row.id, row.body),
            row.language,
        )
        for row in rows
    ]


def _texts(reading: Reading, client_id: UUID, most: int) -> list[Past]:
    """Texts to her that no plan asked for, and reminders on their way."""
    ended = select(LedgerEntry.id).where(
        LedgerEntry.message_id == Message.id, LedgerEntry.ended_at.is_not(None)
    )
    rows = reading.connection.execute(
        select(
            Message.id,
            Message.created_at,
            Message.sent_at,
            Message.state,
            Message.reason,
            Message.step,
            Message.speaks_of,
            Message.body,
            Message.language,
        )
        .where(Message.person_id == client_id, ~ended.exists())
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(most)
    )
    return [
        Past(
            row.sent_at or row.created_at,
            row.state,
            row.reason,
            row.step,
            row.speaks_of,
            reading.vault.open_if(Message.body, row.id, row.body),
            row.language,
        )
        for row in rows
    ]


def _heard(reading: Reading, client_id: UUID, most: int) -> list[Past]:
    """What came from her phone, whoever of several may have typed it."""
    rows = reading.connection.execute(
        select(Inbound.id, Inbound.recorded_at, Inbound.meaning, Inbound.body)
        .join(PersonPhone, (PersonPhone.phone_id == Inbound.phone_id) & PersonPhone.until.is_(None))
        .where(PersonPhone.person_id == client_id, Inbound.kind == "sms")
        .order_by(Inbound.recorded_at.desc(), Inbound.id.desc())
        .limit(most)
    )
    return [
        Past(
            row.recorded_at,
            HEARD,
            row.meaning,
            None,
            None,
            reading.vault.open_if(Inbound.body, row.id, row.body),
            None,
        )
        for row in rows
    ]
