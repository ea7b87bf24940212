"""What the care plans keep beside the visits: samples of infants, choices, switches of a site, rungs."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.care import Done
from service.domain.cascade import Result
from service.domain.people import Choice
from service.store.models.columns import Id, Row, where_given


class InfantSample(Row):
    """A sample of an infant and what came of it. Read by staff; nothing of it is ever said to a phone.

    ``taken_on``, ``back_on`` (the result is here) and ``given_on`` (her mother was told) are local days;
    ``recorded_at`` and ``result_recorded_at`` are when the service learnt of the sample and of its result.
    """

    __tablename__ = "infant_samples"
    __table_args__ = (UniqueConstraint("infant_id", "taken_on"), where_given("visit_id"))
    id: Mapped[Id]
    infant_id: Mapped[UUID] = mapped_column(ForeignKey("infants.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"))
    taken_on: Mapped[date]
    result: Mapped[Result | None]
    back_on: Mapped[date | None]
    given_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    result_recorded_at: Mapped[datetime | None]
    actor: Mapped[str]


class DoneAtVisit(Row):
    """One thing that was done at an attended visit."""

    __tablename__ = "done_at_visits"
    __table_args__ = (UniqueConstraint("visit_id", "done"),)
    id: Mapped[Id]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    done: Mapped[Done]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]


class ClientChoice(Row):
    """What a client wished for, until she ended it. ``at`` is the local hour that she chose, if she did."""

    __tablename__ = "client_choices"
    __table_args__ = (
        Index(
            "ix_client_choices_current",
            "client_id",
            "choice",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )
    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"))
    choice: Mapped[Choice]
    at: Mapped[time | None]
    chosen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    actor: Mapped[str]


class SiteSwitch(Row):
    """That a site has turned a step of a plan on or off. Steps without a row stand as their plan says."""

    __tablename__ = "site_switches"
    __table_args__ = (UniqueConstraint("site_id", "step"),)
    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    step: Mapped[str]
    is_on: Mapped[bool]
    switched_at: Mapped[datetime]
    actor: Mapped[str]


class RungTaken(Row):
    """That a rung of a ladder was climbed for a missed visit. ``day`` is the local day that was missed."""

    __tablename__ = "rungs_taken"
    __table_args__ = (UniqueConstraint("visit_id", "day", "rung"), where_given("task_id"))
    id: Mapped[Id]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    day: Mapped[date]
    rung: Mapped[str]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    taken_at: Mapped[datetime]
