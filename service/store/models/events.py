"""Outreach days and group sessions. Who is invited to one has a visit of that day, which names it."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.care import EventState, VisitKind
from service.store.models.columns import Id, Row


class Event(Row):
    """A day on which the service comes to the people of a place, or (without one) of the whole site.

    ``day`` and ``at`` are local. ``known_at`` is when the service learnt of the day.
    """

    __tablename__ = "events"
    __table_args__ = (Index(None, "site_id", "state"),)
    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[VisitKind]
    day: Mapped[date]
    at: Mapped[time | None]
    state: Mapped[EventState]
    known_at: Mapped[datetime]
    actor: Mapped[str]
