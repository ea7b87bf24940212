"""The roster, and what was done about a missed visit."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("staff", "on_call_from", sa.Time())
    _add("staff", "on_call_to", sa.Time())
    _add("staff", "on_call_zone", sa.String())
    _add("tasks", "subject_id", sa.Uuid(), sa.ForeignKey("people.id"))
    _add("tasks", "owner_role", sa.String(32))
    _add("tasks", "tries", sa.Integer())
    _add("tasks", "escalate_at", sa.DateTime(timezone=True))
    op.create_index(op.f("ix_tasks_subject_id"), "tasks", ["subject_id"], unique=False)
    op.create_index(op.f("ix_tasks_escalate_at"), "tasks", ["escalate_at"], unique=False)
    op.execute("UPDATE tasks SET escalate_at = due_at WHERE state <> 'closed'")
    _add("task_events", "owner_id", sa.Uuid(), sa.ForeignKey("staff.id"))
    _add("task_events", "method", sa.String(32))
    _add("task_events", "outcome", sa.String(32))
    _add("task_events", "reason", sa.String())
    _add("task_events", "source", sa.String(32))
    op.create_table(
        "leaves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_leaves_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index(op.f("ix_leaves_staff_id_until"), "leaves", ["staff_id", "until"], unique=False)
    op.create_table(
        "task_troubles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("trouble", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_troubles_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_troubles")),
        sa.UniqueConstraint("task_id", "trouble", name=op.f("uq_task_troubles_task_id_trouble")),
    )


def _add(table: str, name: str, kind: sa.types.TypeEngine[Any], *keys: sa.ForeignKey) -> None:
    """In place: SQLite would otherwise build the table anew under the rows that point at it."""
    op.add_column(table, sa.Column(name, kind, *keys, nullable=True), inline_references=True)
