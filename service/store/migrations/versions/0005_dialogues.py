"""What happened on each screen, counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("phones", sa.Column("language", sa.String(), nullable=True))
    op.create_table(
        "screens_shown",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("screen", sa.String(), nullable=False),
        sa.Column("came_from", sa.String(), nullable=True),
        sa.Column("answered_ms", sa.Integer(), nullable=True),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screens_shown")),
    )
    op.create_index(op.f("ix_screens_shown_shown_at"), "screens_shown", ["shown_at"])
