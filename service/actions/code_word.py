"""The word by which whoever calls a client proves to her who is calling. It is in no text and in no log."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.domain.tasks import TaskKind, TaskState
from service.store.models.care import Task
from service.store.models.people import Client
from service.store.transaction import Reading

CALLS: Final = frozenset(
    {
        TaskKind.DANGER,
        TaskKind.CALL_ME,
        TaskKind.NEEDS_HELP,
        TaskKind.HELP_ASKED,
        TaskKind.NO_ANSWER,
        TaskKind.CALL_MISSED,
        TaskKind.SAFETY,
    }
)
"""What is done by calling her."""


def code_word_for(reading: Reading, task_id: UUID, staff_id: UUID) -> str | None:
    """Her code word, for whoever owns an open task to call her; ``None`` for anybody and anything else."""
    row = reading.connection.execute(
        select(Client.id, Client.code_word)
        .join(Task, Task.client_id == Client.id)
        .where(
            Task.id == task_id,
            Task.owner_id == staff_id,
            Task.kind.in_(CALLS),
            Task.state != TaskState.CLOSED,
        )
    ).one_or_none()
    return reading.vault.open_if(Client.code_word, row.id, row.code_word) if row else None
