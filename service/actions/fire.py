"""A planned text or task whose time has come: judged once more, then put, handed over or closed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import and_, bindparam, not_, or_, select, update

from service.actions.compose import About, compose
from service.actions.dated_visit import DatedVisit, dated_visit
from service.actions.discretion import wording_now
from service.actions.hand_over import Entry, end_reminder, hand_over
from service.actions.judge import Candidate, judge
from service.actions.ledger import end_entry
from service.actions.remind import align
from service.actions.tasks import report_unsent
from service.domain.care import VisitKind
from service.domain.hours import at_local
from service.domain.ledger import LedgerKind, LedgerState
from service.domain.message import Address, MessageState, Words
from service.domain.permission import Go, Stop, Wait
from service.domain.permission_facts import AboutVisit
from service.domain.reason import Reason
from service.programme import Programme
from service.reminders.plan import After, Anchor, ChosenText, Step, Whose, text_for, text_on
from service.store import outbox
from service.store.models.messages import LedgerEntry, Message
from service.store.records import ClientRecord, NumberLink, client, links_of
from service.store.transaction import Reading, Transaction

SET_ASIDE: Final = timedelta(minutes=5)
"""How long something is left alone that a mistake of the program keeps from being decided."""

MOST_STUMBLES: Final = 3
"""How often it is tried before it is ended and a person told."""


@dataclass(frozen=True)
class _Topic:
    """What a text speaks of. ``visit`` is empty where no dated visit earned it."""

    whose: Whose
    infant_id: UUID | None = None
    visit: DatedVisit | None = None

    @property
    def kind(self) -> VisitKind | None:
        return self.visit.kind if self.visit else None


@dataclass(frozen=True)
class _Ready:
    """Everything about an entry that is needed to judge it and to put it."""

    entry: Entry
    step: Step
    topic: _Topic
    woman: ClientRecord
    link: NumberLink | None
    chosen: ChosenText
    words: Words


_NOW: Final = bindparam("now", type_=LedgerEntry.due_at.type)
_IS_PLANNED: Final = LedgerEntry.state == LedgerState.PLANNED
_IS_HELD: Final = and_(LedgerEntry.reason == Reason.PAUSED, LedgerEntry.latest >= _NOW)
_DUE: Final = (
    select(LedgerEntry.id)
    .where(
        _IS_PLANNED,
        LedgerEntry.due_at <= _NOW,
        LedgerEntry.held_at.is_(None),
        or_(LedgerEntry.reason.is_(None), not_(_IS_HELD)),
    )
    .order_by(LedgerEntry.due_at, LedgerEntry.latest, LedgerEntry.id)
    .limit(bindparam("most"))
)


def due_entries(reading: Reading, most: int) -> tuple[UUID, ...]:
    """What is planned and whose time has come, the oldest first, then those that can wait least.

    What a pause holds is looked at again when it ends, or when the last useful moment has passed.
    """
    return tuple(reading.connection.scalars(_DUE, {"now": reading.now, "most": most}))


def fire(tx: Transaction, programme: Programme, ledger_id: UUID) -> None:
    """Decide about one row that is due. Whoever comes second to the same row finds it decided.

    1. Where more than the day of a visit decides, bring her plans in line with what is known now.
    2. Lock the row and see that it is still planned and due; a task goes to its person.
    3. Choose the text that is true today and that she agreed to; without one, close the row.
    4. Ask whether it may go: put it, look again later, or close the row with the reason.
    """
    _bring_in_line(tx, programme, ledger_id)
    entry = _lock(tx, ledger_id)
    if entry is None:
        return
    if entry.reason == Reason.NOT_ASKED:
        end_entry(tx, entry.id, LedgerState.SUPPRESSED, Reason.NOT_ASKED)
        return
    if entry.kind is LedgerKind.TASK:
        hand_over(tx, programme, entry)
        return
    step = programme.step(entry.plan, entry.step)
    ready = _prepare(tx, programme, entry, step) if step else Reason.SWITCHED_OFF
    if isinstance(ready, Reason):
        end_entry(tx, entry.id, LedgerState.SUPPRESSED, ready)
        return
    match judge(tx, programme, _candidate(ready)):
        case Go():
            _put(tx, ready)
        case Wait(until, reason):
            _postpone(tx, entry.id, until, reason)
        case Stop(reason):
            _close(tx, programme, ready, reason)
        case other:
            assert_never(other)


_PLAN_OF: Final = select(LedgerEntry.client_id, LedgerEntry.plan, LedgerEntry.step).where(
    LedgerEntry.id == bindparam("this"), _IS_PLANNED
)


def _bring_in_line(tx: Transaction, programme: Programme, ledger_id: UUID) -> None:
    """What is known of a visit is asked when its text is judged; anything else is asked here."""
    row = tx.connection.execute(_PLAN_OF, {"this": ledger_id}).one_or_none()
    if row is None:
        return
    step = programme.step(row.plan, row.step)
    if step is None or step.anchor is not Anchor.VISIT or step.after is After.SILENCE:
        align(tx, programme, (row.client_id,))


_ENTRY: Final = (
    select(
        LedgerEntry.id,
        LedgerEntry.kind,
        LedgerEntry.plan,
        LedgerEntry.step,
        LedgerEntry.client_id,
        LedgerEntry.subject_id,
        LedgerEntry.latest,
        LedgerEntry.speaks_of,
        LedgerEntry.reason,
    )
    .where(LedgerEntry.id == bindparam("this"), _IS_PLANNED, LedgerEntry.due_at <= _NOW)
    .with_for_update(skip_locked=True)
)


def _lock(tx: Transaction, ledger_id: UUID) -> Entry | None:
    row = tx.connection.execute(_ENTRY, {"this": ledger_id, "now": tx.now}).one_or_none()
    return Entry(*row) if row else None


def _prepare(tx: Transaction, programme: Programme, entry: Entry, step: Step) -> _Ready | Reason:
    topic = _topic(tx, entry)
    woman = client(tx, entry.client_id)
    link = usual_link(tx, woman.id)
    if _told_already(tx, programme, entry):
        return Reason.MERGED
    allowed = wording_now(tx, programme, woman, link.phone_id if link else None)
    text = text_for(step, topic.whose, allowed, topic.kind)
    if text is None:
        return Reason.WORDING_NONE
    chosen = text_on(programme.today(tx.now), programme.known[text.key], entry.speaks_of)
    if chosen is None:
        return Reason.NOT_TRUE_ANY_MORE
    words = compose(tx, programme, chosen.key, woman, About(entry.speaks_of, topic.infant_id))
    return _Ready(entry, step, topic, woman, link, chosen, words)


def _topic(reading: Reading, entry: Entry) -> _Topic:
    if entry.subject_id == entry.client_id:
        return _Topic(Whose.SELF)
    visit = dated_visit(reading, entry.subject_id)
    return _Topic(visit.whose, visit.infant_id, visit) if visit else _Topic(Whose.CHILD, entry.subject_id)


def _told_already(reading: Reading, programme: Programme, entry: Entry) -> bool:
    """Whether she was told today of the same day: one text is enough for her and her child."""
    midnight = at_local(programme.today(reading.now), time.min, programme.calendar.zone)
    told = select(LedgerEntry.id).join(Message, Message.id == LedgerEntry.message_id)
    told = told.where(
        LedgerEntry.client_id == entry.client_id,
        LedgerEntry.plan == entry.plan,
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
        visit=about_visit(ready.topic.visit, ready.entry.speaks_of, ready.step),
        true_on=ready.chosen.true_on,
        gated=bool(ready.words.gated),
    )


def about_visit(visit: DatedVisit | None, speaks_of: date, step: Step) -> AboutVisit | None:
    if visit is None:
        return None
    return AboutVisit(
        planned_day=speaks_of,
        day=visit.day,
        state=visit.state,
        of_a_miss=step.after is After.RECORDED_MISS,
        a_person_first=visit.a_person_first,
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


def _postpone(tx: Transaction, ledger_id: UUID, until: datetime | None, reason: Reason) -> None:
    """Put a reminder off; without a moment it stays due, and its reason says what holds it."""
    when = {"due_at": until} if until else {}
    tx.connection.execute(
        update(LedgerEntry).where(LedgerEntry.id == ledger_id).values(reason=reason, **when)
    )


def _close(tx: Transaction, programme: Programme, ready: _Ready, reason: Reason) -> None:
    end_reminder(tx, programme, ready.entry.id, reason)
    if reason is Reason.GATED_WORD:
        report_unsent(tx, ready.woman.id, reason, ready.words.key)


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
    task_id = report_unsent(tx, row.client_id, Reason.NOT_DECIDED, row.step)
    end_entry(tx, ledger_id, LedgerState.FAILED, Reason.NOT_DECIDED, task_id)
