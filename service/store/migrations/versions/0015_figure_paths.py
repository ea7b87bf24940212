"""What must be counted anew is marked by source, and an infant's leaving has a moment."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Marks are made anew: without the moment of the last look, a worker marks everything."""
    op.drop_table("figure_marks")
    op.create_table(
        "figure_marks",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", "source", name=op.f("pk_figure_marks")),
    )
    op.execute(sa.text("delete from marks where name = 'figures_looked_up_to'"))
    op.add_column("infants", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
