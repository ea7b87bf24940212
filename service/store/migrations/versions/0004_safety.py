"""Losses, incidents, transfers, supporters, corrections, merged records, and what makes a number doubtful."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_columns()
    _note_what_was_stopped_and_delivered()
    _add_tables_of_care()
    _add_tables_of_records()


def _add_columns() -> None:
    _add("clients", "merged_into", sa.Uuid(), sa.ForeignKey("clients.id"))
    _add("consents", "basis", sa.String())
    _add("ledger", "held_at", sa.DateTime(timezone=True))
    _add("person_phones", "doubt", sa.String(32))
    _add("person_phones", "asked_at", sa.DateTime(timezone=True))
    _add("phones", "stopped_at", sa.DateTime(timezone=True))
    _add("phones", "delivered_at", sa.DateTime(timezone=True))
    held = sa.text("held_at is not null")
    op.create_index("ix_ledger_held", "ledger", ["held_at"], sqlite_where=held, postgresql_where=held)


def _add(table: str, name: str, kind: sa.types.TypeEngine[Any], *keys: sa.ForeignKey) -> None:
    """In place: SQLite would otherwise build the table anew under the rows that point at it."""
    op.add_column(table, sa.Column(name, kind, *keys, nullable=True), inline_references=True)


def _note_what_was_stopped_and_delivered() -> None:
    """So that what is known already counts: texts that arrived, and numbers at which somebody said stop."""
    phones = sa.table("phones", *map(sa.column, ("id", "delivered_at", "stopped_at")))
    messages = sa.table("messages", *map(sa.column, ("phone_id", "state", "final_at")))
    arrived = sa.select(sa.func.max(messages.c.final_at)).where(
        messages.c.phone_id == phones.c.id, messages.c.state == "delivered"
    )
    op.execute(phones.update().values(delivered_at=arrived.scalar_subquery()))
    links = sa.table("person_phones", *map(sa.column, ("person_id", "phone_id", "until")))
    said = sa.table("consents", *map(sa.column, ("person_id", "channel", "given", "through", "occurred_at")))
    later = said.alias("later")
    since = sa.exists().where(
        later.c.person_id == said.c.person_id,
        later.c.channel == "sms",
        later.c.occurred_at > said.c.occurred_at,
    )
    stopped = (
        sa.select(sa.func.max(said.c.occurred_at))
        .join(links, links.c.person_id == said.c.person_id)
        .where(
            links.c.phone_id == phones.c.id,
            links.c.until.is_(None),
            said.c.channel == "sms",
            said.c.given.is_(sa.false()),
            said.c.through == "stop",
            ~since,
        )
    )
    op.execute(phones.update().values(stopped_at=stopped.scalar_subquery()))


def _add_tables_of_care() -> None:
    op.create_table(
        "losses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("infant_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("edd_before", sa.Date(), nullable=True),
        sa.Column("wording_before", sa.String(32), nullable=False),
        sa.Column("state_before", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("care_goes_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("care_goes_on_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_why", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_losses_client_id")),
        sa.ForeignKeyConstraint(["infant_id"], ["infants.id"], name=op.f("fk_losses_infant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_losses")),
    )
    op.create_index(op.f("ix_losses_client_id"), "losses", ["client_id"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("record_opened", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("safe", sa.Boolean(), nullable=True),
        sa.Column("referred", sa.Boolean(), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_incidents_client_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_incidents_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_client_id"), "incidents", ["client_id"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("from_site_id", sa.Uuid(), nullable=False),
        sa.Column("from_mentor_id", sa.Uuid(), nullable=True),
        sa.Column("to_site_id", sa.Uuid(), nullable=False),
        sa.Column("to_mentor_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_transfers_client_id")),
        sa.ForeignKeyConstraint(["from_mentor_id"], ["staff.id"], name=op.f("fk_transfers_from_mentor_id")),
        sa.ForeignKeyConstraint(["from_site_id"], ["sites.id"], name=op.f("fk_transfers_from_site_id")),
        sa.ForeignKeyConstraint(["to_mentor_id"], ["staff.id"], name=op.f("fk_transfers_to_mentor_id")),
        sa.ForeignKeyConstraint(["to_site_id"], ["sites.id"], name=op.f("fk_transfers_to_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index(op.f("ix_transfers_client_id"), "transfers", ["client_id"], unique=False)
    op.create_index(
        "ix_transfers_offered",
        "transfers",
        ["client_id"],
        unique=True,
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_table(
        "supporters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_supporters_client_id")),
        sa.ForeignKeyConstraint(["id"], ["people.id"], name=op.f("fk_supporters_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporters")),
    )
    op.create_index(op.f("ix_supporters_client_id"), "supporters", ["client_id"], unique=False)
    op.create_table(
        "supporter_allowances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supporter_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_supporter_allowances_supporter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporter_allowances")),
        sa.UniqueConstraint("supporter_id", "text", name=op.f("uq_supporter_allowances_supporter_id_text")),
    )


def _add_tables_of_records() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_recipients_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
    )
    op.create_index(op.f("ix_recipients_client_id"), "recipients", ["client_id"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_corrections_client_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_corrections_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_client_id"), "corrections", ["client_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"], name=op.f("fk_notices_correction_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipients.id"], name=op.f("fk_notices_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "correction_id", "recipient_id", name=op.f("uq_notices_correction_id_recipient_id")
        ),
    )
    op.create_table(
        "merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["clients.id"], name=op.f("fk_merges_kept_id")),
        sa.ForeignKeyConstraint(["merged_id"], ["clients.id"], name=op.f("fk_merges_merged_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"], unique=False)
    op.create_index(op.f("ix_merges_merged_id"), "merges", ["merged_id"], unique=False)
    op.create_table(
        "merge_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("before", sa.String(length=400), nullable=True),
        sa.Column("after", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["merge_id"], ["merges.id"], name=op.f("fk_merge_changes_merge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_changes")),
    )
    op.create_index(op.f("ix_merge_changes_merge_id"), "merge_changes", ["merge_id"], unique=False)
