"""Who is away, and what women say keeps them from coming."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.tasks import Trouble
from service.store.models.columns import Id, Row


class Leave(Row):
    """That a member of staff is away from ``since`` on and before ``until``, unless it was called off."""

    __tablename__ = "leaves"
    __table_args__ = (Index(None, "staff_id", "until"),)
    id: Mapped[Id]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    called_off_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]


class TaskTrouble(Row):
    """What she said made it hard, when the task of following her up was closed."""

    __tablename__ = "task_troubles"
    __table_args__ = (UniqueConstraint("task_id", "trouble"),)
    id: Mapped[Id]
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    trouble: Mapped[Trouble]
