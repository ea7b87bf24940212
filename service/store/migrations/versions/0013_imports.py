"""What an import said of visits that were known already, and whether it came to its end."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit_events", sa.Column("import_id", sa.Uuid(), nullable=True))
    op.create_index("ix_visit_events_import_id", "visit_events", ["import_id"])
    op.add_column("imports", sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE imports SET finished_at = recorded_at")
