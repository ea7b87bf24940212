"""Visits, what happened to them, contacts, and the tasks that people are asked to do."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.care import ContactMode, VisitFact, VisitKind, VisitState
from service.domain.people import Role
from service.domain.tasks import (
    FollowUpMethod,
    FollowUpOutcome,
    InformationSource,
    TaskKind,
    TaskState,
    Urgency,
)
from service.store.models.columns import Id, Row, Sealed, where_given


class Visit(Row):
    """A dated visit of a client, for herself or for an infant (``subject_id``). ``day`` is a local date.

    ``interval_days`` is how long she was supplied for when this date was given, ``days_supplied`` what was
    handed out at this visit. ``earned_step``, ``earned_from`` (a client, infant, visit or sample) and
    ``earned_occurrence`` name what a plan asked it for, if one did. ``dated_by_person``: its day was written
    or moved by a person, so no plan changes it. ``known_at`` is when the service learnt of the day.
    ``event_id``: she is invited to an event, of which this is her visit.
    """

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("client_id", "subject_id", "kind", "day"),
        Index(None, "day", "state"),
        Index(None, "subject_id"),
        where_given("earned_from"),
        where_given("import_id"),
        Index("ix_visits_earned", "earned_step", "earned_from", "earned_occurrence", unique=True),
    )
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[VisitKind]
    day: Mapped[date]
    at: Mapped[time | None]
    interval_days: Mapped[int | None]
    days_supplied: Mapped[int | None]
    state: Mapped[VisitState]
    confirmed_at: Mapped[datetime | None]
    known_at: Mapped[datetime]
    earned_step: Mapped[str | None]
    earned_from: Mapped[UUID | None]
    earned_occurrence: Mapped[int | None]
    dated_by_person: Mapped[bool] = mapped_column(server_default=true())
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("events.id"), index=True)
    actor: Mapped[str]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("imports.id"))


class VisitEvent(Row):
    """One fact about a visit, append-only. ``day`` is the date that the fact speaks of.

    ``import_id`` is the file that said so, if one did.
    """

    __tablename__ = "visit_events"
    id: Mapped[Id]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"), index=True)
    fact: Mapped[VisitFact]
    day: Mapped[date | None]
    reason: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    import_id: Mapped[UUID | None] = mapped_column(index=True)


class SiteDay(Row):
    """That a site's day is closed: whoever was due and not marked attended was missed."""

    __tablename__ = "site_days"
    __table_args__ = (UniqueConstraint("site_id", "day"),)
    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    day: Mapped[date]
    closed_at: Mapped[datetime]
    actor: Mapped[str]


class Contact(Row):
    """A completed two-way contact with a client; the source of every eServices figure."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("source", "source_id", "client_id"), Index(None, "occurred_at"))
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    mode: Mapped[ContactMode]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    source: Mapped[str]
    source_id: Mapped[UUID]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]


class Task(Row):
    """Something for a person to do. ``owner_id`` is empty only until somebody is on the roster.

    ``owner_role`` says whose it is where that is not the client's own mentor, ``subject_id`` which of her
    infants it is about, ``tries`` how often to try before it may be closed in vain.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index(None, "owner_id", "state", "due_at"),
        Index(None, "site_id", "state", "due_at"),
        where_given("visit_id"),
        where_given("phone_id"),
    )
    id: Mapped[Id]
    kind: Mapped[TaskKind]
    urgency: Mapped[Urgency]
    state: Mapped[TaskState]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("clients.id"), index=True)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phones.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    owner_role: Mapped[Role | None]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    open_key: Mapped[str | None] = mapped_column(unique=True)
    note: Mapped[Sealed | None]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    method: Mapped[FollowUpMethod | None]
    outcome: Mapped[FollowUpOutcome | None]
    reason: Mapped[str | None]
    tries: Mapped[int | None]
    escalations: Mapped[int]
    escalate_at: Mapped[datetime | None] = mapped_column(index=True)
    actor: Mapped[str]


class TaskEvent(Row):
    """One step in the life of a task, append-only. ``owner_id`` is who got it in that step, if anybody."""

    __tablename__ = "task_events"
    id: Mapped[Id]
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), index=True)
    event: Mapped[str]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    method: Mapped[FollowUpMethod | None]
    outcome: Mapped[FollowUpOutcome | None]
    reason: Mapped[str | None]
    source: Mapped[InformationSource | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
