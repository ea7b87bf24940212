"""Indexes by which the rows that point at somebody are found, so that taking an import back looks at no others."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None

MOSTLY_EMPTY = (
    ("clients", "merged_into"),
    ("clients", "import_id"),
    ("infants", "import_id"),
    ("visits", "earned_from"),
    ("visits", "import_id"),
    ("tasks", "visit_id"),
    ("tasks", "phone_id"),
    ("inbound", "person_id"),
    ("ussd_sessions", "phone_id"),
    ("rungs_taken", "task_id"),
    ("infant_samples", "visit_id"),
)


def upgrade() -> None:
    op.create_index("ix_visits_subject_id", "visits", ["subject_id"])
    for table, column in MOSTLY_EMPTY:
        given = sa.text(f"{column} is not null")
        name = f"ix_{table}_{column}"
        op.create_index(name, table, [column], sqlite_where=given, postgresql_where=given)
