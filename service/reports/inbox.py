"""What came in by SMS, as it was written."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from service.domain.caseload import Caseload
from service.store.caseloads import clients_in
from service.store.models.messages import Inbound
from service.store.models.people import Client, Person, PersonPhone
from service.store.transaction import Reading


@dataclass(frozen=True)
class Reply:
    """A text from a client's phone; ``meaning`` is what the service took it for, if for anything."""

    at: datetime
    code: str
    nickname: str = field(repr=False)
    text: str | None = field(repr=False)
    meaning: str | None


def replies(reading: Reading, caseload: Caseload, most: int) -> tuple[Reply, ...]:
    """Texts from the phones of these clients, the newest first; one from a shared phone stands for each.

    ``text`` is empty where only the fact is kept.
    """
    rows = reading.connection.execute(
        select(
            Inbound.id,
            Inbound.recorded_at,
            Inbound.body,
            Inbound.meaning,
            Client.id.label("client_id"),
            Client.code,
            Person.name,
        )
        .join(PersonPhone, (PersonPhone.phone_id == Inbound.phone_id) & PersonPhone.until.is_(None))
        .join(Client, Client.id == PersonPhone.person_id)
        .join(Person, Person.id == Client.id)
        .where(Inbound.kind == "sms", clients_in(caseload))
        .order_by(Inbound.recorded_at.desc(), Inbound.id.desc(), Client.code)
        .limit(most)
    )
    return tuple(
        Reply(
            row.recorded_at,
            row.code,
            _name(reading, row.client_id, row.name),
            reading.vault.open_if(Inbound.body, row.id, row.body),
            row.meaning,
        )
        for row in rows
    )


def _name(reading: Reading, person_id: UUID, sealed: bytes | None) -> str:
    return reading.vault.open_if(Person.name, person_id, sealed) or ""
