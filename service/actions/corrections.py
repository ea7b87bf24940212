"""What stood in a record before it was corrected, and who was given it so and must hear of the correction."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select, update

from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.hours import Calendar, at_local
from service.domain.ids import new_id
from service.domain.people import Role
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.care import Task
from service.store.models.safety import Correction, Notice, Recipient
from service.store.transaction import Reading, Transaction

TOLD_WITHIN: Final = 7
"""Working days, Monday to Friday: Data Protection Act 2011, s. 27. To be confirmed by a lawyer."""

_FRIDAY: Final = 5


@dataclass(frozen=True)
class Told:
    """Somebody outside her team who was given part of her record."""

    id: UUID
    name: str = field(repr=False)
    given_at: datetime


@dataclass(frozen=True)
class ToTell:
    """That somebody must hear, by a local day, that a field of her record was corrected."""

    id: UUID
    name: str = field(repr=False)
    field: str
    due_on: date


def note_recipient(tx: Transaction, client_id: UUID, name: str) -> UUID:
    """Note who outside her team got a client's record, in words that a colleague understands."""
    recipient_id = new_id()
    tx.add(
        Recipient,
        id=recipient_id,
        client_id=client_id,
        name=tx.vault.seal(Recipient.name, recipient_id, name),
        given_at=tx.now,
        actor=str(tx.actor),
    )
    tx.audit("give", "record", client_id)
    return recipient_id


def recipients(reading: Reading, client_id: UUID) -> tuple[Told, ...]:
    """Who was given part of a client's record, the first in front."""
    rows = reading.connection.execute(
        select(Recipient.id, Recipient.name, Recipient.given_at)
        .where(Recipient.client_id == client_id)
        .order_by(Recipient.given_at, Recipient.id)
    )
    return tuple(
        Told(row.id, reading.vault.open_if(Recipient.name, row.id, row.name) or "", row.given_at)
        for row in rows
    )


def keep_before(
    tx: Transaction, programme: Programme, client_id: UUID, person_id: UUID, what: str, before: str
) -> None:
    """Keep what stood in a field of a client's or her infant's record, and have those told who got it.

    It is sealed: a corrected result must not be told by the trace of its correction.
    """
    correction_id = new_id()
    tx.add(
        Correction,
        id=correction_id,
        client_id=client_id,
        person_id=person_id,
        field=what,
        before=tx.vault.seal(Correction.before, correction_id, before),
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
    _ask_to_tell(tx, programme, client_id, correction_id)


def _ask_to_tell(tx: Transaction, programme: Programme, client_id: UUID, correction_id: UUID) -> None:
    due_on = working_days_after(programme.today(tx.now), TOLD_WITHIN, programme.calendar)
    everybody = recipients(tx, client_id)
    for one in everybody:
        tx.add(Notice, correction_id=correction_id, recipient_id=one.id, due_on=due_on)
    if everybody:
        by = at_local(due_on, programme.calendar.safe.ends, programme.calendar.zone)
        open_task(tx, NewTask(TaskKind.TELL_RECIPIENTS, client_id, owner=Role.COORDINATOR, finish_by=by))


def working_days_after(day: date, count: int, calendar: Calendar) -> date:
    """The last of so many working days after ``day``. Saturdays are none, though texts go out on them."""
    while count:
        day += timedelta(days=1)
        count -= day.isoweekday() <= _FRIDAY and day not in calendar.holidays
    return day


def to_tell(reading: Reading, client_id: UUID) -> tuple[ToTell, ...]:
    """Whom somebody still has to tell of which correction, the most pressing in front."""
    rows = reading.connection.execute(
        select(Notice.id, Recipient.id.label("recipient_id"), Recipient.name, Correction.field, Notice.due_on)
        .join(Recipient, Recipient.id == Notice.recipient_id)
        .join(Correction, Correction.id == Notice.correction_id)
        .where(Recipient.client_id == client_id, Notice.told_at.is_(None))
        .order_by(Notice.due_on, Notice.id)
    )
    return tuple(
        ToTell(
            row.id,
            reading.vault.open_if(Recipient.name, row.recipient_id, row.name) or "",
            row.field,
            row.due_on,
        )
        for row in rows
    )


def told(tx: Transaction, notice_id: UUID) -> bool:
    """Somebody was told; with the last of them the task is done. ``False`` if that was noted before."""
    news = update(Notice).where(Notice.id == notice_id, Notice.told_at.is_(None))
    recipient_id = tx.connection.scalar(
        news.values(told_at=tx.now, told_by=str(tx.actor)).returning(Notice.recipient_id)
    )
    if recipient_id is None:
        return False
    tx.audit("tell", "correction", notice_id)
    client_id = tx.connection.execute(
        select(Recipient.client_id).where(Recipient.id == recipient_id)
    ).scalar_one()
    if not to_tell(tx, client_id):
        of_hers = and_(Task.kind == TaskKind.TELL_RECIPIENTS, Task.client_id == client_id)
        close_where(tx, of_hers, Ending("told"))
    return True
