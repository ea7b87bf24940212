"""Losses, incidents, transfers, supporters, corrections, and records that were merged."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.people import ClientState, Wording
from service.domain.safety import LossKind, SupporterText, TransferState
from service.store.models.columns import Id, Row, Sealed


class Loss(Row):
    """That a pregnancy, an infant (``infant_id``) or a mother was lost. ``happened_on`` is a local day.

    Her own care waits until ``care_goes_on_at``. What the entry changed stands in the columns ``…_before``,
    so that a mistaken one can be undone.
    """

    __tablename__ = "losses"
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    infant_id: Mapped[UUID | None] = mapped_column(ForeignKey("infants.id"))
    kind: Mapped[LossKind]
    happened_on: Mapped[date | None]
    edd_before: Mapped[date | None]
    wording_before: Mapped[Wording]
    state_before: Mapped[ClientState]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
    care_goes_on_at: Mapped[datetime | None]
    care_goes_on_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_why: Mapped[Sealed | None]


class Incident(Row):
    """That something about a client became known to somebody whom it does not concern."""

    __tablename__ = "incidents"
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    note: Mapped[Sealed | None]
    record_opened: Mapped[bool]
    reported_at: Mapped[datetime]
    actor: Mapped[str]
    safe: Mapped[bool | None]
    referred: Mapped[bool | None]
    resumed_at: Mapped[datetime | None]
    resumed_by: Mapped[str | None]


class Transfer(Row):
    """That a client was offered to another site. Hers stays hers until that one has accepted."""

    __tablename__ = "transfers"
    __table_args__ = (
        Index(
            "ix_transfers_offered",
            "client_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    from_site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    from_mentor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    to_site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    to_mentor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[TransferState]
    offered_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    actor: Mapped[str]


class Supporter(Row):
    """Somebody whom a client chose to help her remember. Her own yes and number are kept as for everybody."""

    __tablename__ = "supporters"
    id: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    actor: Mapped[str]


class SupporterAllowance(Row):
    """A text that the client lets her supporter get."""

    __tablename__ = "supporter_allowances"
    __table_args__ = (UniqueConstraint("supporter_id", "text"),)
    id: Mapped[Id]
    supporter_id: Mapped[UUID] = mapped_column(ForeignKey("supporters.id"))
    text: Mapped[SupporterText]


class Recipient(Row):
    """Somebody outside her team who was given part of a client's record, and so must hear of corrections."""

    __tablename__ = "recipients"
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    name: Mapped[Sealed | None]
    given_at: Mapped[datetime]
    actor: Mapped[str]


class Correction(Row):
    """One corrected field of a person's record: what it was called and what stood there before."""

    __tablename__ = "corrections"
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    field: Mapped[str]
    before: Mapped[Sealed | None]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]


class Notice(Row):
    """That an earlier recipient must be told of a correction, by a local day."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("correction_id", "recipient_id"),)
    id: Mapped[Id]
    correction_id: Mapped[UUID] = mapped_column(ForeignKey("corrections.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipients.id"))
    due_on: Mapped[date]
    told_at: Mapped[datetime | None]
    told_by: Mapped[str | None]


class Merge(Row):
    """That two records were one woman's: ``merged_id`` went into ``kept_id``."""

    __tablename__ = "merges"
    id: Mapped[Id]
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    merged_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    merged_at: Mapped[datetime]
    actor: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class MergeChange(Row):
    """One value that a merge changed, as JSON before and after, so that it can be undone."""

    __tablename__ = "merge_changes"
    id: Mapped[Id]
    merge_id: Mapped[UUID] = mapped_column(ForeignKey("merges.id"), index=True)
    table: Mapped[str]
    row_id: Mapped[UUID]
    column: Mapped[str]
    before: Mapped[str | None] = mapped_column(String(400))
    after: Mapped[str | None] = mapped_column(String(400))
