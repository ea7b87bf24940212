"""Gathering the facts on which it depends whether a text may go, and asking."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select

from service.actions.consent import STOPPED
from service.actions.discretion import wording_now
from service.actions.numbers import silent_since
from service.domain.ledger import LedgerState
from service.domain.message import MessageClass, MessageState
from service.domain.people import ConsentChannel, PersonKind, Wording
from service.domain.permission import CAPPED, Permission, permit
from service.domain.permission_facts import (
    AboutVisit,
    Acknowledgement,
    InstanceFacts,
    MessageFacts,
    RecipientFacts,
)
from service.domain.phone import Phone
from service.programme import Programme
from service.reminders.plan import After, Step
from service.store.models.messages import LedgerEntry, Message
from service.store.models.operations import Counter, Pause
from service.store.models.people import Person, PersonPhone, PhoneNumber, Site
from service.store.records import SILENCE, ClientRecord, client, last_word
from service.store.transaction import Reading

TEXTS: Final = "texts"
"""The counter of texts that left in a local day."""

SPENT: Final = "spent"
"""The counter of what providers said their texts cost that day, in millionths of their currency."""

_WAITS: Final = (MessageState.QUEUED, MessageState.CLAIMED)
_NEVER_LEAVES: Final = (MessageState.CANCELLED, MessageState.FAILED)


@dataclass(frozen=True)
class Candidate:
    """A text that wants to leave, as far as the rules look at it.

    ``queued``: it stands in the outbox, where others that stand there too are no reason to wait.
    """

    message_class: MessageClass
    person_id: UUID | None
    phone_id: UUID | None
    phone: Phone | None
    wording: Wording
    site_id: UUID | None = None
    plan: str | None = None
    gateway: str | None = None
    not_after: datetime | None = None
    answers: datetime | None = None
    acknowledges: Acknowledgement | None = None
    visit: AboutVisit | None = None
    true_on: date | None = None
    gated: bool = False
    queued: bool = False


def judge(reading: Reading, programme: Programme, candidate: Candidate) -> Permission:
    """Whether the text may go now; the same question when it falls due and inside the claim."""
    message = MessageFacts(
        message_class=candidate.message_class,
        not_after=candidate.not_after,
        answers=candidate.answers,
        acknowledges=candidate.acknowledges,
        visit=candidate.visit,
        true_on=candidate.true_on,
        gated=candidate.gated,
        wording=candidate.wording,
    )
    return permit(
        message,
        _recipient(reading, programme, candidate),
        _instance(reading, programme, candidate),
        reading.now,
    )


def _recipient(reading: Reading, programme: Programme, candidate: Candidate) -> RecipientFacts:
    woman = _client(reading, candidate.person_id)
    consents, stopped = _consent(reading, candidate.person_id)
    number = _number(reading, programme, candidate)
    return RecipientFacts(
        has_phone=candidate.phone is not None,
        destination_allowed=candidate.phone is not None and programme.may_text(candidate.phone),
        suspended=number.suspended,
        confirmed=number.confirmed,
        opted_out=stopped or number.stopped,
        consents=consents,
        state=woman.state if woman else None,
        wording=wording_now(reading, programme, woman, candidate.phone_id) if woman else None,
        safe=woman.safe_times(programme.calendar.safe) if woman else None,
        recent=_recent(reading, candidate),
        dated_ahead=_dated_ahead(reading, programme, candidate),
    )


_KIND: Final = select(Person.kind).where(Person.id == bindparam("this"))


def _client(reading: Reading, person_id: UUID | None) -> ClientRecord | None:
    if person_id is None:
        return None
    kind = reading.connection.scalar(_KIND, {"this": person_id})
    return client(reading, person_id) if kind is PersonKind.CLIENT else None


def _consent(reading: Reading, person_id: UUID | None) -> tuple[bool, bool]:
    """Whether she agreed to texts, and whether she herself said stop."""
    word = last_word(reading, person_id, ConsentChannel.SMS) if person_id else SILENCE
    return word.given, not word.given and word.through == STOPPED


@dataclass(frozen=True)
class _Number:
    """``confirmed``: it is known to be hers, and there was a sign of that not too long ago."""

    suspended: bool
    stopped: bool
    confirmed: bool


_OF_NUMBER: Final = (
    select(
        PhoneNumber.suspended_at,
        PhoneNumber.stopped_at,
        PersonPhone.confirmed_at,
        silent_since(bindparam("heard_since", type_=PhoneNumber.heard_at.type)).label("silent"),
        Person.kind,
    )
    .outerjoin(
        PersonPhone,
        and_(
            PersonPhone.phone_id == PhoneNumber.id,
            PersonPhone.person_id == bindparam("person"),
            PersonPhone.until.is_(None),
        ),
    )
    .outerjoin(Person, Person.id == PersonPhone.person_id)
    .where(PhoneNumber.id == bindparam("number"))
)


def _number(reading: Reading, programme: Programme, candidate: Candidate) -> _Number:
    asked = {
        "number": candidate.phone_id,
        "person": candidate.person_id,
        "heard_since": reading.now - programme.reconfirm_after,
    }
    row = reading.connection.execute(_OF_NUMBER, asked).one_or_none()
    if row is None:
        return _Number(suspended=False, stopped=False, confirmed=False)
    return _Number(
        suspended=row.suspended_at is not None,
        stopped=row.stopped_at is not None and row.kind is not PersonKind.STAFF,
        confirmed=row.confirmed_at is not None and not row.silent,
    )


_MOMENT: Final = func.coalesce(Message.sent_at, Message.created_at, type_=Message.sent_at.type)
_WENT_OUT: Final = select(_MOMENT).where(
    Message.person_id == bindparam("person"),
    Message.created_at > bindparam("created_since"),
    bindparam("since") < _MOMENT,
    Message.message_class.in_(CAPPED),
    Message.state.not_in(bindparam("states", expanding=True)),
)


def _recent(reading: Reading, candidate: Candidate) -> tuple[datetime, ...]:
    """When capped texts went to her in the last days; one that still waits counts from its putting."""
    if candidate.person_id is None:
        return ()
    asked = {
        "person": candidate.person_id,
        "created_since": reading.now - timedelta(days=9),
        "since": reading.now - timedelta(days=7),
        "states": _NEVER_LEAVES + _WAITS if candidate.queued else _NEVER_LEAVES,
    }
    return tuple(reading.connection.scalars(_WENT_OUT, asked))


def _dated_ahead(reading: Reading, programme: Programme, candidate: Candidate) -> tuple[date, ...]:
    """The days of the coming week on which she is to be reminded of a date; asked for a nudge alone."""
    if candidate.message_class is not MessageClass.R1 or candidate.person_id is None:
        return ()
    dated = {step.id for plan in programme.plans for step in plan.steps if _is_dated(step)}
    due = reading.connection.scalars(
        select(LedgerEntry.due_at).where(
            LedgerEntry.client_id == candidate.person_id,
            LedgerEntry.state == LedgerState.PLANNED,
            LedgerEntry.step.in_(dated),
            LedgerEntry.due_at < reading.now + timedelta(days=7),
        )
    )
    today = programme.today(reading.now)
    days = {max(today, programme.today(at)) for at in due}
    return tuple(sorted(day for day in days if day < today + timedelta(days=7)))


def _is_dated(step: Step) -> bool:
    """A reminder of a miss is planned for every visit, and hardly ever goes."""
    return step.message_class is MessageClass.R2 and step.after is After.NONE


def _instance(reading: Reading, programme: Programme, candidate: Candidate) -> InstanceFacts:
    return InstanceFacts(
        calendar=programme.calendar,
        site_activated=_activated(reading, candidate.site_id),
        paused=_paused(reading, candidate),
        texts_today=_counted_today(reading, programme, TEXTS),
        text_cap=programme.text_cap,
        spent_out=_spent_out(reading, programme),
    )


_ACTIVATED: Final = select(Site.activated_at).where(Site.id == bindparam("this"))


def _activated(reading: Reading, site_id: UUID | None) -> bool:
    """Whether the site may send; what belongs to no site is the installation's own."""
    if site_id is None:
        return True
    return reading.connection.scalar(_ACTIVATED, {"this": site_id}) is not None


_PAUSES: Final = (
    select(Pause.id)
    .where(
        Pause.resumed_at.is_(None),
        or_(
            Pause.scope == "all",
            (Pause.scope == "site") & (Pause.target == bindparam("site")),
            (Pause.scope == "plan") & (Pause.target == bindparam("plan")),
            (Pause.scope == "gateway") & (Pause.target == bindparam("gateway")),
        ),
    )
    .limit(1)
)


def _paused(reading: Reading, candidate: Candidate) -> bool:
    asked = {
        "site": str(candidate.site_id),
        "plan": candidate.plan or "",
        "gateway": candidate.gateway or "",
    }
    return reading.connection.scalar(_PAUSES, asked) is not None


_COUNTED: Final = select(Counter.count).where(
    Counter.name == bindparam("counter"), Counter.day == bindparam("today")
)


def _counted_today(reading: Reading, programme: Programme, name: str) -> int:
    today = programme.today(reading.now)
    return reading.connection.scalar(_COUNTED, {"counter": name, "today": today}) or 0


def _spent_out(reading: Reading, programme: Programme) -> bool:
    cap = int(programme.spend_cap * 1_000_000)
    return 0 < cap <= _counted_today(reading, programme, SPENT)
