"""The rows of the ledger, held against what the plans say of a family."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, assert_never
from uuid import UUID

from sqlalchemy import insert, update

from service.actions.earned import Earned
from service.actions.family import Family, Row
from service.actions.ledger import end_entry, take_back
from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.ids import new_id
from service.domain.ledger import LedgerKind, LedgerState
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.reminders.outcome import Ask, Awaits, HandToPerson, Send, Skip
from service.reminders.vocabulary import After
from service.store.models.care import Task
from service.store.models.messages import LedgerEntry, Message
from service.store.transaction import Transaction

_BY_THE_FACTS: Final = frozenset(
    {
        Reason.ATTENDED,
        Reason.MISSED,
        Reason.CANCELLED_VISIT,
        Reason.MOVED,
        Reason.MISS_NOT_RECORDED,
        Reason.ANSWERED,
        Reason.NOT_ASKED,
        Reason.OVERTAKEN,
        Reason.SWITCHED_OFF,
        Reason.SHORT_INTERVAL,
        Reason.TRANSFERRED,
        Reason.ENDED,
        Reason.DIED,
    }
)
"""Ends that another turn of the facts undoes, as long as the text or task would still be of use."""


def keep_rows(tx: Transaction, programme: Programme, family: Family, earned: Iterable[Earned]) -> None:
    """Let the ledger hold a row for everything that is earned, each as it should be now.

    1. Add the rows that are missing, and change those that stand otherwise.
    2. End what is still to come though no plan says so any more.
    3. Close the tasks that a later fact has made needless.
    """
    book = _Book(tx, programme, family)
    rows = {row.key: row for row in family.rows}
    wanted = {one.key: one for one in earned}
    book.add(one for key, one in wanted.items() if key not in rows)
    for key, row in rows.items():
        if key in wanted:
            book.keep(row, wanted[key])
        else:
            book.drop(row)
    _close_needless(tx, ((row, wanted.get(row.key)) for row in family.rows))


class _Book:
    """The rows of a family while they are being brought in line."""

    def __init__(self, tx: Transaction, programme: Programme, family: Family) -> None:
        self._tx, self._programme, self._client_id = tx, programme, family.client.id
        self._visits = {visit.id for visit in family.visits}

    def add(self, those: Iterable[Earned]) -> None:
        new = [
            self._values(one)
            | {
                "id": new_id(),
                "kind": one.kind,
                "plan": one.plan,
                "step": one.step,
                "subject_id": one.subject_id,
                "occurrence": str(one.occurrence),
                "client_id": self._client_id,
                "planned_at": self._tx.now,
            }
            for one in those
        ]
        if new:
            self._tx.connection.execute(insert(LedgerEntry), new)

    def keep(self, row: Row, one: Earned) -> None:
        match row.state:
            case LedgerState.PLANNED:
                self._keep_planned(row, one)
            case LedgerState.QUEUED if why := _stale(row, one):
                if take_back(self._tx, Message.id == row.message_id, why):
                    self._set(row, self._values(one))
            case LedgerState.SUPPRESSED | LedgerState.HANDED_TO_PERSON if self._reopens(row, one):
                self._set(row, self._values(one))
            case _:
                pass  # a text that has left goes its way

    def drop(self, row: Row) -> None:
        """A row that is still to come, and of which no plan speaks any more."""
        ahead = row.state is LedgerState.PLANNED and row.due_at > self._tx.now
        why = Reason.OVERTAKEN if self._programme.knows(row.plan, row.step) else Reason.SWITCHED_OFF
        if ahead or (
            row.state is LedgerState.QUEUED and take_back(self._tx, Message.id == row.message_id, why)
        ):
            end_entry(self._tx, row.id, LedgerState.SUPPRESSED, why)

    def _keep_planned(self, row: Row, one: Earned) -> None:
        values = self._values(one)
        if _is_put_off(row, one, self._tx.now):
            values |= {"due_at": row.due_at, "reason": row.reason, "held_at": row.held_at}
        if any(getattr(row, name) != value for name, value in values.items() if name != "ended_at"):
            self._set(row, values)

    def _reopens(self, row: Row, one: Earned) -> bool:
        """Whether an end that was reached is to be another, or none."""
        by_the_facts = row.state is LedgerState.SUPPRESSED and row.reason in _BY_THE_FACTS
        match one.outcome:
            case Skip(reason):
                return by_the_facts and reason != row.reason
            case HandToPerson() | Awaits():
                return row.speaks_of != one.about
            case Send(at) | Ask(at):
                of_use = one.kind is LedgerKind.TASK or one.latest >= self._tx.now
                retimed = row.timing_version != self._version(one) and at >= self._tx.now
                return row.speaks_of != one.about or retimed or (by_the_facts and of_use)
            case _:
                assert_never(one.outcome)

    def _values(self, one: Earned) -> dict[str, Any]:
        """The columns of a row as it is to be."""
        values: dict[str, Any] = {
            "due_at": one.due_at,
            "latest": one.latest,
            "speaks_of": one.about,
            "timing_version": self._version(one),
            "state": LedgerState.PLANNED,
            "reason": None,
            "ended_at": None,
            "task_id": None,
            "held_at": None,
        }
        match one.outcome:
            case Send() | Ask():
                return values
            case Awaits(what):
                return values | {"reason": Reason.NOT_ASKED if what is After.SILENCE else None}
            case Skip(reason):
                return values | _end(LedgerState.SUPPRESSED, reason, self._tx.now)
            case HandToPerson(reason):
                handed = _end(LedgerState.HANDED_TO_PERSON, reason, self._tx.now)
                return values | handed | {"task_id": self._open_task(one)}
            case _:
                assert_never(one.outcome)

    def _open_task(self, one: Earned) -> UUID:
        visit_id = one.subject_id if one.subject_id in self._visits else None
        return open_task(
            self._tx, NewTask(TaskKind.NOT_DELIVERED, self._client_id, visit_id=visit_id, about=one.step)
        )

    def _version(self, one: Earned) -> str:
        return self._programme.timing[one.plan]

    def _set(self, row: Row, values: Mapping[str, Any]) -> None:
        self._tx.connection.execute(update(LedgerEntry).where(LedgerEntry.id == row.id).values(**values))


def _end(state: LedgerState, reason: Reason, at: datetime) -> dict[str, Any]:
    return {"state": state, "reason": reason, "ended_at": at}


def _stale(row: Row, one: Earned) -> Reason | None:
    """Why a text that may still wait in the outbox should not go as it is."""
    if isinstance(one.outcome, Skip) and one.outcome.reason in _BY_THE_FACTS:
        return one.outcome.reason
    return Reason.MOVED if row.speaks_of != one.about else None


def _is_put_off(row: Row, one: Earned, now: datetime) -> bool:
    """Whether it was looked at when it was due, and is to be looked at again at another moment."""
    if row.reason == Reason.NOT_ASKED:
        return False
    same = row.speaks_of == one.about and one.due_at <= row.due_at
    return (row.reason is not None or one.due_at <= now) and same and isinstance(one.outcome, Send | Ask)


def _close_needless(tx: Transaction, rows: Iterable[tuple[Row, Earned | None]]) -> None:
    needless: dict[Reason, list[UUID]] = defaultdict(list)
    for row, one in rows:
        handed = row.kind is LedgerKind.TASK and row.state is LedgerState.HANDED_TO_PERSON
        if handed and row.task_id and one and isinstance(one.outcome, Skip):
            needless[one.outcome.reason].append(row.task_id)
    for reason, task_ids in needless.items():
        close_where(tx, Task.id.in_(task_ids), Ending(reason))
