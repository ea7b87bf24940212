"""What is out of the ordinary about clients: losses, wishes, merged records, transfers, incidents."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import aliased

from service.domain.caseload import Caseload
from service.domain.people import Choice
from service.domain.safety import LossKind, TransferState
from service.store.caseloads import clients_in
from service.store.models.people import Client, Person, Site
from service.store.models.plans import ClientChoice
from service.store.models.safety import Incident, Loss, Merge, Transfer
from service.store.records import first_name
from service.store.transaction import Reading


@dataclass(frozen=True)
class LossRow:
    """``holds``: her texts wait until somebody says that her care goes on."""

    id: UUID
    kind: LossKind
    infant: str | None = field(repr=False)
    happened_on: date | None
    recorded_at: datetime
    holds: bool


def losses_of(reading: Reading, client_id: UUID) -> tuple[LossRow, ...]:
    """Those that nobody took back, the last one in front."""
    rows = reading.connection.execute(
        select(Loss.id, Loss.kind, Loss.infant_id, Loss.happened_on, Loss.recorded_at, Loss.care_goes_on_at)
        .where(Loss.client_id == client_id, Loss.undone_at.is_(None))
        .order_by(Loss.recorded_at.desc(), Loss.id)
    )
    return tuple(
        LossRow(
            row.id,
            row.kind,
            first_name(reading, row.infant_id),
            row.happened_on,
            row.recorded_at,
            row.care_goes_on_at is None,
        )
        for row in rows
    )


@dataclass(frozen=True)
class ChoiceRow:
    choice: Choice
    at: time | None


def choices_of(reading: Reading, client_id: UUID) -> tuple[ChoiceRow, ...]:
    """What she wishes for now."""
    rows = reading.connection.execute(
        select(ClientChoice.choice, ClientChoice.at)
        .where(ClientChoice.client_id == client_id, ClientChoice.ended_at.is_(None))
        .order_by(ClientChoice.choice)
    )
    return tuple(ChoiceRow(*row) for row in rows)


@dataclass(frozen=True)
class MergeRow:
    """That the record with ``code`` went into another."""

    id: UUID
    code: str
    merged_at: datetime


def merges_into(reading: Reading, client_id: UUID) -> tuple[MergeRow, ...]:
    """Those that nobody took back."""
    rows = reading.connection.execute(
        select(Merge.id, Client.code, Merge.merged_at)
        .join(Client, Client.id == Merge.merged_id)
        .where(Merge.kept_id == client_id, Merge.undone_at.is_(None))
        .order_by(Merge.merged_at.desc(), Merge.id)
    )
    return tuple(MergeRow(*row) for row in rows)


@dataclass(frozen=True)
class TransferRow:
    """A client who is offered to another site; ``to_mentor`` is who is proposed there."""

    id: UUID
    code: str
    nickname: str = field(repr=False)
    from_site: str
    to_site_id: UUID
    to_site: str
    to_mentor_id: UUID | None
    to_mentor: str | None = field(repr=False)
    answer_by: datetime


def offered_to(reading: Reading, site_ids: Collection[UUID] | None) -> tuple[TransferRow, ...]:
    """Who is offered to these sites (``None``: to any), the first to be answered in front."""
    return _offered(reading, true() if site_ids is None else Transfer.to_site_id.in_(site_ids))


def offered_from(reading: Reading, site_ids: Collection[UUID] | None) -> tuple[TransferRow, ...]:
    """Whom these sites have offered to others."""
    return _offered(reading, true() if site_ids is None else Transfer.from_site_id.in_(site_ids))


def _offered(reading: Reading, which: ColumnElement[bool]) -> tuple[TransferRow, ...]:
    sender, receiver = aliased(Site), aliased(Site)
    rows = reading.connection.execute(
        select(
            Transfer.id,
            Client.id.label("client_id"),
            Client.code,
            Person.name,
            sender.name.label("sender"),
            receiver.id.label("receiver_id"),
            receiver.name.label("receiver"),
            Transfer.to_mentor_id,
            Transfer.answer_by,
        )
        .join(Client, Client.id == Transfer.client_id)
        .join(Person, Person.id == Client.id)
        .join(sender, sender.id == Transfer.from_site_id)
        .join(receiver, receiver.id == Transfer.to_site_id)
        .where(and_(which, Transfer.state == TransferState.OFFERED))
        .order_by(Transfer.answer_by, Transfer.id)
    )
    return tuple(
        TransferRow(
            row.id,
            row.code,
            reading.vault.open_if(Person.name, row.client_id, row.name) or "",
            row.sender,
            row.receiver_id,
            row.receiver,
            row.to_mentor_id,
            first_name(reading, row.to_mentor_id),
            row.answer_by,
        )
        for row in rows
    )


@dataclass(frozen=True)
class IncidentLine:
    """``note`` is what happened, in the words of whoever told it; ``safe`` what a supervisor found out."""

    id: UUID
    code: str
    nickname: str = field(repr=False)
    reported_at: datetime
    note: str | None = field(repr=False)
    record_opened: bool
    safe: bool | None
    referred: bool | None
    resumed_at: datetime | None


def incidents_in(
    reading: Reading, caseload: Caseload, most: int, client_id: UUID | None = None
) -> tuple[IncidentLine, ...]:
    """Of a caseload or of one client in it; those in front that nobody has looked into, then the newest."""
    rows = reading.connection.execute(
        select(
            Incident.id,
            Incident.note,
            Incident.reported_at,
            Incident.record_opened,
            Incident.safe,
            Incident.referred,
            Incident.resumed_at,
            Client.code,
            Client.id.label("her_id"),
            Person.name,
        )
        .join(Client, Client.id == Incident.client_id)
        .join(Person, Person.id == Client.id)
        .where(clients_in(caseload), Incident.client_id == client_id if client_id else true())
        .order_by(Incident.resumed_at.is_not(None), Incident.reported_at.desc(), Incident.id)
        .limit(most)
    )
    return tuple(
        IncidentLine(
            id=row.id,
            code=row.code,
            nickname=reading.vault.open_if(Person.name, row.her_id, row.name) or "",
            reported_at=row.reported_at,
            note=reading.vault.open_if(Incident.note, row.id, row.note),
            record_opened=row.record_opened,
            safe=row.safe,
            referred=row.referred,
            resumed_at=row.resumed_at,
        )
        for row in rows
    )
