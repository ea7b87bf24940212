"""Whose phones there are, and which texts are on them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.domain.message import MessageState
from service.store.models.messages import Inbound, Message
from service.store.models.people import Client, District, Person, Site
from service.store.transaction import Reading

ARRIVED: Final = (
    MessageState.ACCEPTED,
    MessageState.SENT,
    MessageState.BUFFERED,
    MessageState.DELIVERED,
)
"""The states in which a text may be on her phone, as far as anybody can tell."""


@dataclass(frozen=True)
class ClientRow:
    id: UUID
    code: str
    nickname: str = field(repr=False)
    district: str
    site: str


def clients(reading: Reading) -> tuple[ClientRow, ...]:
    """All clients, by district and nickname."""
    rows = reading.connection.execute(
        select(Client.id, Client.code, Person.name, District.name.label("district"), Site.name.label("site"))
        .join(Person, Person.id == Client.id)
        .join(Site, Site.id == Client.site_id)
        .join(District, District.id == Site.district_id)
    )
    found = (
        ClientRow(
            row.id,
            row.code,
            reading.vault.open_if(Person.name, row.id, row.name) or "",
            row.district,
            row.site,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda row: (row.district, row.nickname, row.code)))


@dataclass(frozen=True)
class TextRow:
    """A text on a phone: one that it received, or one that it ``sent`` to us.

    ``text`` is ``None`` where the words were not kept. ``parts`` is what the provider counted, or we.
    """

    at: datetime
    sent: bool
    text: str | None = field(repr=False)
    language: str | None = None
    state: str = ""


def texts_at(reading: Reading, phone_id: UUID, most: int) -> tuple[TextRow, ...]:
    """The newest texts that reached a phone or came from it, the newest first."""
    both = (*_received(reading, phone_id, most), *_sent(reading, phone_id, most))
    return tuple(sorted(both, key=lambda row: row.at, reverse=True)[:most])


def _received(reading: Reading, phone_id: UUID, most: int) -> list[TextRow]:
    rows = reading.connection.execute(
        select(Message.id, Message.sent_at, Message.body, Message.language, Message.state)
        .where(Message.phone_id == phone_id, Message.state.in_(ARRIVED), Message.sent_at.is_not(None))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(most)
    )
    return [
        TextRow(
            row.sent_at,
            sent=False,
            text=reading.vault.open_if(Message.body, row.id, row.body),
            language=row.language,
            state=row.state,
        )
        for row in rows
    ]


def _sent(reading: Reading, phone_id: UUID, most: int) -> list[TextRow]:
    rows = reading.connection.execute(
        select(Inbound.id, Inbound.recorded_at, Inbound.body, Inbound.meaning)
        .where(Inbound.phone_id == phone_id, Inbound.kind == "sms")
        .order_by(Inbound.recorded_at.desc(), Inbound.id.desc())
        .limit(most)
    )
    return [
        TextRow(
            row.recorded_at,
            sent=True,
            text=reading.vault.open_if(Inbound.body, row.id, row.body),
            state=row.meaning or "",
        )
        for row in rows
    ]
