"""Counted figures, and what was published of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_cells",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("period", "indicator", "place", "cell", name=op.f("pk_figure_cells")),
    )
    op.create_table(
        "figure_marks",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_figure_marks")),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("checksum", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_period"), "publications", ["period"], unique=False)
    op.create_table(
        "frozen_figures",
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_frozen_figures_publication_id")
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "indicator", "place", "cell", name=op.f("pk_frozen_figures")
        ),
    )
    for table, column in (
        ("contacts", "recorded_at"),
        ("visit_events", "recorded_at"),
        ("task_events", "recorded_at"),
        ("tasks", "opened_at"),
        ("ledger", "due_at"),
        ("ledger", "ended_at"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
