"""A planned reminder whose time has come: judged once more, then put into the outbox or closed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import select, update

from service.actions.compose import About, compose
from service.actions.discretion import wording_now
from service.actions.judge import Candidate, judge
from service.actions.ledger import end_entry
from service.actions.remind import DatedVisit, dated_visit
from service.actions.tasks import NewTask, open_task
from service.domain.hours import at_local
from service.domain.ledger import LedgerState
from service.domain.message import Address, MessageState, Words
from service.domain.permission import Go, Stop, Wait
from service.domain.permission_facts import AboutVisit
from service.domain.reason import Reason
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.reminders.plan import After, ChosenText, Late, Step, text_for, text_on
from service.store import outbox
from service.store.models.messages import LedgerEntry, Message
from service.store.records import ClientRecord, NumberLink, client, links_of
from service.store.transaction import Reading, Transaction

LOOK_AGAIN: Final = timedelta(seconds=30)
"""How soon a reminder is looked at again that only a person's act can release (a pause)."""

SET_ASIDE: Final = timedelta(minutes=5)
"""How long something is left alone that a mistake of the program keeps from being decided."""

MOST_STUMBLES: Final = 3
"""How often it is tried before it is ended and a person told."""


@dataclass(frozen=True)
class Entry:
    """A row of the ledger that is still to come."""

    id: UUID
    plan: str
    step: str
    client_id: UUID
    subject_id: UUID
    latest: datetime
    speaks_of: date


@dataclass(frozen=True)
class _Ready:
    """Everything about an entry that is needed to judge it and to put it."""

    entry: Entry
    step: Step
    visit: DatedVisit
    woman: ClientRecord
    link: NumberLink | None
    chosen: ChosenText
    words: Words


def due_entries(reading: Reading, most: int) -> tuple[UUID, ...]:
    """The planned reminders whose time has come, the oldest first, then those that can wait least."""
    return tuple(
        reading.connection.scalars(
            select(LedgerEntry.id)
            .where(
                LedgerEntry.state == LedgerState.PLANNED,
                LedgerEntry.due_at <= reading.now,
                LedgerEntry.held_at.is_(None),
            )
            .order_by(LedgerEntry.due_at, LedgerEntry.latest, LedgerEntry.id)
            .limit(most)
        )
    )


def fire(tx: Transaction, programme: Programme, ledger_id: UUID) -> None:
    """Decide about one due reminder. Whoever comes second to the same row finds it decided.

    1. Lock the row and see that it is still planned.
    2. Choose the text that is true today and that she agreed to; without one, close the row.
    3. Ask whether it may go: put it, look again later, or close the row with the reason.
    """
    entry = _lock(tx, ledger_id)
    if entry is None:
        return
    step = programme.step(entry.plan, entry.step)
    if step is None:
        end_entry(tx, entry.id, LedgerState.SUPPRESSED, Reason.SWITCHED_OFF)
        return
    ready = _prepare(tx, programme, entry, step)
    if isinstance(ready, Reason):
        end_entry(tx, entry.id, LedgerState.SUPPRESSED, ready)
        return
    match judge(tx, programme, _candidate(ready)):
        case Go():
            _put(tx, ready)
        case Wait(until, reason):
            _postpone(tx, entry.id, until or tx.now + LOOK_AGAIN, reason)
        case Stop(reason):
            _close(tx, ready, reason)
        case other:
            assert_never(other)


def _lock(tx: Transaction, ledger_id: UUID) -> Entry | None:
    row = tx.connection.execute(
        select(
            LedgerEntry.id,
            LedgerEntry.plan,
            LedgerEntry.step,
            LedgerEntry.client_id,
            LedgerEntry.subject_id,
            LedgerEntry.latest,
            LedgerEntry.speaks_of,
        )
        .where(LedgerEntry.id == ledger_id, LedgerEntry.state == LedgerState.PLANNED)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return Entry(*row) if row else None


def _prepare(tx: Transaction, programme: Programme, entry: Entry, step: Step) -> _Ready | Reason:
    visit = dated_visit(tx, entry.subject_id)
    woman = client(tx, entry.client_id)
    link = usual_link(tx, woman.id)
    if _told_already(tx, programme, entry):
        return Reason.MERGED
    allowed = wording_now(tx, programme, woman, link.phone_id if link else None)
    text = text_for(step, visit.whose, allowed, visit.kind)
    if text is None:
        return Reason.WORDING_NONE
    chosen = text_on(programme.today(tx.now), programme.known[text.key], entry.speaks_of)
    if chosen is None:
        return Reason.NOT_TRUE_ANY_MORE
    infant_id = None if visit.subject_id == visit.client_id else visit.subject_id
    words = compose(tx, programme, chosen.key, woman, About(entry.speaks_of, infant_id))
    return _Ready(entry, step, visit, woman, link, chosen, words)


def _told_already(reading: Reading, programme: Programme, entry: Entry) -> bool:
    """Whether the same step has told her of the same day today: one text is enough for her and her child."""
    midnight = at_local(programme.today(reading.now), time.min, programme.calendar.zone)
    told = select(LedgerEntry.id).join(Message, Message.id == LedgerEntry.message_id)
    told = told.where(
        LedgerEntry.client_id == entry.client_id,
        LedgerEntry.plan == entry.plan,
        LedgerEntry.step == entry.step,
        LedgerEntry.speaks_of == entry.speaks_of,
        LedgerEntry.id != entry.id,
        Message.created_at >= midnight,
        Message.state.not_in((MessageState.CANCELLED, MessageState.FAILED)),
    )
    return reading.connection.scalar(told.limit(1)) is not None


def usual_link(reading: Reading, person_id: UUID) -> NumberLink | None:
    """The number that texts go to: the first that is confirmed and not suspended, else the first."""
    links = links_of(reading, person_id)
    fit = (link for link in links if link.confirmed_at and not link.suspended_at)
    return next(fit, links[0] if links else None)


def _candidate(ready: _Ready) -> Candidate:
    return Candidate(
        message_class=ready.step.message_class,
        person_id=ready.woman.id,
        phone_id=ready.link.phone_id if ready.link else None,
        phone=ready.link.phone if ready.link else None,
        wording=ready.words.wording,
        site_id=ready.woman.site_id,
        plan=ready.entry.plan,
        not_after=ready.entry.latest,
        visit=about_visit(ready.visit, ready.entry.speaks_of, ready.step),
        true_on=ready.chosen.true_on,
        gated=bool(ready.words.gated),
    )


def about_visit(visit: DatedVisit, speaks_of: date, step: Step) -> AboutVisit:
    return AboutVisit(
        planned_day=speaks_of,
        day=visit.day,
        state=visit.state,
        of_a_miss=step.after is After.RECORDED_MISS,
    )


def _put(tx: Transaction, ready: _Ready) -> None:
    link, entry = ready.link, ready.entry
    if link is None or link.phone is None:
        raise RuntimeError("A text without a number was let through.")
    new = outbox.NewMessage(
        to=Address(ready.woman.id, link.phone_id, link.phone),
        words=ready.words,
        message_class=ready.step.message_class,
        not_before=tx.now,
        not_after=entry.latest,
        plan=entry.plan,
        step=entry.step,
        site_id=ready.woman.site_id,
        ledger_id=entry.id,
        speaks_of=entry.speaks_of,
        true_on=ready.chosen.true_on,
    )
    message_id = outbox.put(tx, new, f"ledger:{entry.id}:{entry.speaks_of}")
    if message_id is None:
        end_entry(tx, entry.id, LedgerState.SUPPRESSED, Reason.DUPLICATE)
        return
    tx.connection.execute(
        update(LedgerEntry)
        .where(LedgerEntry.id == entry.id)
        .values(state=LedgerState.QUEUED, message_id=message_id, reason=None)
    )


def _postpone(tx: Transaction, ledger_id: UUID, until: datetime, reason: Reason) -> None:
    tx.connection.execute(
        update(LedgerEntry).where(LedgerEntry.id == ledger_id).values(due_at=until, reason=reason)
    )


def stumble(tx: Transaction, ledger_id: UUID) -> None:
    """Leave a reminder that a mistake of the program keeps from being decided; in the end a person hears."""
    row = tx.connection.execute(
        update(LedgerEntry)
        .where(
            LedgerEntry.id == ledger_id,
            LedgerEntry.state == LedgerState.PLANNED,
            LedgerEntry.due_at <= tx.now,
        )
        .values(stumbles=LedgerEntry.stumbles + 1, due_at=tx.now + SET_ASIDE, reason=Reason.NOT_DECIDED)
        .returning(LedgerEntry.stumbles, LedgerEntry.client_id, LedgerEntry.step)
    ).one_or_none()
    if row is None or row.stumbles < MOST_STUMBLES:
        return
    about = f"{Reason.NOT_DECIDED}: {row.step}"
    task_id = open_task(tx, NewTask(TaskKind.INCIDENT, row.client_id, note=about, about=about))
    end_entry(tx, ledger_id, LedgerState.FAILED, Reason.NOT_DECIDED, task_id)


_OUT_OF_TIME: Final = frozenset(
    {
        Reason.TOO_LATE,
        Reason.OUTSIDE_HOURS,
        Reason.DAILY_CAP,
        Reason.WEEKLY_CAP,
        Reason.INSTANCE_CAP,
        Reason.SPEND_CAP,
    }
)
"""Why a text missed its last useful moment, or could only leave after it."""


def _close(tx: Transaction, ready: _Ready, reason: Reason) -> None:
    """End the reminder; what must not end in silence goes to a person."""
    by_hand = reason is Reason.NO_SAFE_TIME or (
        reason in _OUT_OF_TIME and ready.step.late is Late.HAND_TO_PERSON
    )
    task: NewTask | None = None
    if reason is Reason.GATED_WORD:
        about = f"{reason}: {ready.words.key}"
        task = NewTask(TaskKind.INCIDENT, ready.woman.id, note=about, about=about)
    if by_hand:
        task = NewTask(
            TaskKind.NOT_DELIVERED, ready.woman.id, visit_id=ready.visit.id, about=ready.entry.step
        )
    end = LedgerState.HANDED_TO_PERSON if by_hand else LedgerState.SUPPRESSED
    end_entry(tx, ready.entry.id, end, reason, open_task(tx, task) if task else None)
