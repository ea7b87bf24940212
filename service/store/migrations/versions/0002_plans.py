"""What the care plans keep beside the visits: samples, choices, switches of a site, rungs that were taken."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_columns()
    _tell_supplies_apart()
    _look_at_everybody()
    op.create_index(
        "ix_visits_earned", "visits", ["earned_step", "earned_from", "earned_occurrence"], unique=True
    )
    op.create_index(op.f("ix_clients_look_again_on"), "clients", ["look_again_on"])
    _add_tables()


def _add_columns() -> None:
    moment, word = sa.DateTime(timezone=True), sa.String()
    added: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
        "visits": {
            "interval_days": sa.Integer(),
            "earned_step": word,
            "earned_from": sa.Uuid(),
            "earned_occurrence": sa.Integer(),
        },
        "clients": {
            "edd_known_at": moment,
            "delivered_on": sa.Date(),
            "delivered_known_at": moment,
            "art_start": sa.Date(),
            "art_start_known_at": moment,
            "look_again_on": sa.Date(),
        },
        "infants": {"born_known_at": moment, "weaned_known_at": moment, "in_care_on": sa.Date()},
    }
    for table, columns in added.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.add_column(
        "visits", sa.Column("dated_by_person", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("ledger", sa.Column("kind", sa.String(32), nullable=False, server_default="text"))


def _tell_supplies_apart() -> None:
    """So far one column held both. What was known before the day of the visit led up to it."""
    visits = sa.table("visits", *map(sa.column, ("day", "known_at", "days_supplied", "interval_days")))
    op.execute(
        visits.update()
        .where(visits.c.day > visits.c.known_at)
        .values(interval_days=visits.c.days_supplied, days_supplied=None)
    )


def _look_at_everybody() -> None:
    """Plans that so far spoke of visits alone have more to say now."""
    clients = sa.table("clients", sa.column("look_again_on"), sa.column("enrolled_on"))
    op.execute(clients.update().values(look_again_on=clients.c.enrolled_on))


def _add_tables() -> None:
    op.create_table(
        "infant_samples",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("infant_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(32), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["infant_id"], ["infants.id"], name=op.f("fk_infant_samples_infant_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_infant_samples_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infant_samples")),
        sa.UniqueConstraint("infant_id", "taken_on", name=op.f("uq_infant_samples_infant_id_taken_on")),
    )
    op.create_table(
        "done_at_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("done", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_done_at_visits_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_done_at_visits")),
        sa.UniqueConstraint("visit_id", "done", name=op.f("uq_done_at_visits_visit_id_done")),
    )
    op.create_table(
        "client_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(32), nullable=False),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_client_choices_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_choices")),
    )
    op.create_index(
        "ix_client_choices_current",
        "client_choices",
        ["client_id", "choice"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "site_switches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_switches_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_switches")),
        sa.UniqueConstraint("site_id", "step", name=op.f("uq_site_switches_site_id_step")),
    )
    op.create_table(
        "rungs_taken",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_rungs_taken_task_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_rungs_taken_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rungs_taken")),
        sa.UniqueConstraint("visit_id", "day", "rung", name=op.f("uq_rungs_taken_visit_id_day_rung")),
    )
