"""A reminder that a Mentor Mother triggers herself: approved words, the same rules as for any other."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.actions.compose import About, compose
from service.actions.fire import usual_link
from service.actions.judge import Candidate, judge
from service.actions.tasks import report_unsent
from service.domain.care import VisitState
from service.domain.hours import at_local
from service.domain.message import Address, MessageClass
from service.domain.permission import Go, Permission, Stop
from service.domain.reason import Reason
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Visit
from service.store.models.messages import DedupeKey, Message
from service.store.records import ClientRecord
from service.store.transaction import Reading, Transaction

ONE_DAY: Final = timedelta(days=1)
_KEY: Final = "by_hand"


@dataclass(frozen=True)
class ByHand:
    """A reminder as it would go now: its exact words, and whether they may."""

    visit_id: UUID
    message: outbox.NewMessage
    permission: Permission


def by_hand(reading: Reading, programme: Programme, woman: ClientRecord) -> ByHand | Stop:
    """The text that tells a client the date of her next visit; why not, if there is nothing to say."""
    visit = reading.connection.execute(
        select(Visit.id, Visit.day, Visit.subject_id)
        .where(
            Visit.client_id == woman.id,
            Visit.day > programme.today(reading.now),
            Visit.state == VisitState.PLANNED,
        )
        .order_by(Visit.day, Visit.id)
        .limit(1)
    ).one_or_none()
    link = usual_link(reading, woman.id)
    if visit is None or link is None or link.phone is None:
        return Stop(Reason.NO_PHONE if visit else Reason.NOT_TRUE_ANY_MORE)
    key = "visit_d7" if visit.subject_id == woman.id else "child_d7"
    message = outbox.NewMessage(
        to=Address(woman.id, link.phone_id, link.phone),
        words=compose(reading, programme, key, woman, About(visit.day)),
        message_class=MessageClass.R2,
        not_before=reading.now,
        not_after=at_local(visit.day - ONE_DAY, programme.calendar.safe.ends, programme.calendar.zone),
        site_id=woman.site_id,
        speaks_of=visit.day,
    )
    return ByHand(visit.id, message, judge(reading, programme, _candidate(message)))


def _candidate(message: outbox.NewMessage) -> Candidate:
    return Candidate(
        message_class=message.message_class,
        person_id=message.to.person_id,
        phone_id=message.to.phone_id,
        phone=message.to.phone,
        site_id=message.site_id,
        wording=message.words.wording,
        not_after=message.not_after,
        gated=bool(message.words.gated),
    )


def last_by_hand(reading: Reading, client_id: UUID) -> UUID | None:
    """The last text to a client that somebody triggered so."""
    return reading.connection.scalar(
        select(Message.id)
        .join(DedupeKey, DedupeKey.message_id == Message.id)
        .where(Message.person_id == client_id, DedupeKey.key.startswith(f"{_KEY}:"))
        .order_by(Message.id.desc())
        .limit(1)
    )


def remind_now(tx: Transaction, programme: Programme, woman: ClientRecord) -> Permission:
    """Text a client the date of her next visit, once a day at most; what stood in the way if it cannot go.

    Words that may not leave are looked into by a person, as those of every other text.
    """
    reminder = by_hand(tx, programme, woman)
    if isinstance(reminder, Stop):
        return reminder
    if isinstance(reminder.permission, Go):
        outbox.put(tx, reminder.message, f"{_KEY}:{reminder.visit_id}:{programme.today(tx.now)}")
        tx.audit("remind", "visit", reminder.visit_id)
    elif reminder.permission == Stop(Reason.GATED_WORD):
        report_unsent(tx, woman.id, Reason.GATED_WORD, reminder.message.words.key)
    return reminder.permission
