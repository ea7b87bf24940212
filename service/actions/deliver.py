"""A message in the outbox: judged inside its claim, sent by the caller, settled by what came of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import SystemRandom
from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import select

from service.actions import consent, route, supporter
from service.actions.compose import site_names
from service.actions.dated_visit import dated_visit
from service.actions.fire import MOST_STUMBLES, SET_ASIDE, about_visit
from service.actions.hand_over import end_reminder
from service.actions.judge import SPENT, TEXTS, Candidate, judge
from service.actions.ledger import follow_message, put_back
from service.actions.numbers import note_failure
from service.actions.receipts import take_up_parked
from service.actions.tally import add_to
from service.actions.tasks import report_unsent
from service.domain.message import (
    Accepted,
    MessageState,
    Refusal,
    Refused,
    SendResult,
    TryLater,
    Unknown,
)
from service.domain.permission import Go, Stop, Wait
from service.domain.permission_facts import AboutVisit, Acknowledgement
from service.domain.reason import Reason
from service.ports import OutgoingText
from service.programme import Programme
from service.store import outbox
from service.store.models.messages import Attempt, LedgerEntry, Message
from service.store.models.people import Client
from service.store.outbox import AttemptEnd
from service.store.transaction import Reading, Transaction
from service.store.waiting import Waiting, waiting

MOST_TRIES: Final = 5
"""How often one message is tried when each try provably failed."""

FIRST_PAUSE: Final = timedelta(seconds=30)
"""The wait after the first failed try; it doubles with each, with up to a quarter at random on top."""

NO_ACCOUNT_PAUSE: Final = timedelta(seconds=20)
"""The wait of a text for which the account was out of credit or refused; such a try does not count.

It lets those who waited behind it try first: the account may be refused for this one text alone.
"""

APART: Final = timedelta(seconds=3)
"""Between two messages that a lost worker had in hand: longer than from one look at the queue to the next."""

_ACKNOWLEDGES: Final = {
    "stop_ok": Acknowledgement.STOP,
    "stop_ok_no_code": Acknowledgement.STOP,
    "wrong_no": Acknowledgement.WRONG_NUMBER,
}
_PAST: Final = timedelta(seconds=1)
"""What only a person's act releases is looked at again when it is released, or past its last moment."""

_random = SystemRandom()


@dataclass(frozen=True)
class Sending:
    """A text that has been committed as *sending* and must now be handed to the gateway, once.

    ``counted_on`` is the local day to whose texts it was added.
    """

    claimed: outbox.Claimed
    attempt_id: UUID
    gateway: str
    text: OutgoingText
    counted_on: date

    @property
    def message_id(self) -> UUID:
        return self.claimed.id


def begin(tx: Transaction, programme: Programme, claimed: outbox.Claimed, gateway: str) -> Sending | None:
    """The last look before a claimed message leaves; ``None`` if it may not, or is no longer ours.

    1. Open the message, hold whom it is for, and see that it is bound to the number it would go to.
    2. Ask whether it may go now; if not, give it back or end it, with the reason.
    3. Move it to *sending* under its fence and count it.
    """
    message = waiting(tx, claimed.id)
    consent.hold_number(tx, message.phone_id)
    if message.person_id:
        consent.hold_person(tx, message.person_id)
    to = message.phone if message.bound_to_phone else None
    if to is None:
        _refuse_number(tx, claimed, message)
        return None
    if not _may_leave(tx, programme, claimed, message, gateway):
        return None
    attempt_id = outbox.begin(tx, claimed, gateway)
    if attempt_id is None:
        return None
    supporter.put_beside(tx, programme, message)
    today = programme.today(tx.now)
    add_to(tx, TEXTS, today)
    return Sending(claimed, attempt_id, gateway, OutgoingText(attempt_id, to, message.text), today)


def _refuse_number(tx: Transaction, claimed: outbox.Claimed, message: Waiting) -> None:
    """The number was erased; or the text was written for another one, which must never happen."""
    _end(tx, claimed, MessageState.FAILED, Reason.NO_PHONE)
    if message.phone:
        _report(tx, message.id, "bound_to_another_number")


def _may_leave(
    tx: Transaction, programme: Programme, claimed: outbox.Claimed, message: Waiting, gateway: str
) -> bool:
    match judge(tx, programme, _candidate(tx, programme, message, gateway)):
        case Go():
            return True
        case Wait(until, reason):
            outbox.requeue(tx, claimed, until or message.not_after + _PAST, reason)
        case Stop(reason):
            if _end(tx, claimed, MessageState.CANCELLED, reason) and message.ledger_id:
                end_reminder(tx, programme, message.ledger_id, reason)
            if reason is Reason.GATED_WORD:
                _report(tx, message.id, reason)
            if reason is Reason.TOO_TELLING and message.person_id:
                put_back(tx, message.person_id, {reason}, tx.now)
        case other:
            assert_never(other)
    return False


def _candidate(reading: Reading, programme: Programme, message: Waiting, gateway: str) -> Candidate:
    return Candidate(
        message_class=message.message_class,
        person_id=message.person_id,
        phone_id=message.phone_id,
        phone=message.phone,
        wording=message.wording,
        site_id=message.site_id,
        plan=message.plan,
        gateway=gateway,
        not_after=message.not_after,
        answers=message.created_at if message.reply_to else None,
        acknowledges=_ACKNOWLEDGES.get(message.text_id),
        visit=_visit(reading, programme, message),
        true_on=message.true_on,
        gated=bool(programme.texts.gate.hits(message.text, message.wording, site_names(reading))),
        queued=True,
    )


def _visit(reading: Reading, programme: Programme, message: Waiting) -> AboutVisit | None:
    if message.ledger_id is None or message.speaks_of is None:
        return None
    step = programme.step(message.plan or "", message.step or "")
    subject_id = reading.connection.execute(
        select(LedgerEntry.subject_id).where(LedgerEntry.id == message.ledger_id)
    ).scalar_one()
    return about_visit(dated_visit(reading, subject_id), message.speaks_of, step) if step else None


def settle(tx: Transaction, sending: Sending, result: SendResult) -> None:
    """Record what came of handing a message over, and what follows from it; once, however often asked."""
    if not outbox.is_open(tx, sending.attempt_id):
        return
    route.learn(tx, sending.gateway, result)
    match result:
        case Accepted(provider_id, parts, cost):
            outbox.close_attempt(tx, sending.attempt_id, AttemptEnd.ACCEPTED, None, provider_id)
            if cost:
                add_to(tx, SPENT, sending.counted_on, int(cost.amount * 1_000_000))
            if outbox.accept(tx, sending.message_id, parts, cost):
                follow_message(tx, sending.message_id)
            take_up_parked(tx, sending.gateway, provider_id)
        case Refused(why, word):
            outbox.close_attempt(tx, sending.attempt_id, AttemptEnd.REFUSED, word or why, None)
            add_to(tx, TEXTS, sending.counted_on, -1)
            _end(tx, sending.claimed, MessageState.FAILED, why)
            _learn(tx, sending.message_id, why)
        case TryLater():
            _try_later(tx, sending, result)
        case Unknown(why):
            outbox.close_attempt(tx, sending.attempt_id, AttemptEnd.UNKNOWN, why, None)
            _end(tx, sending.claimed, MessageState.UNKNOWN, why)
        case _:
            assert_never(result)


def give_back(tx: Transaction, claimed: outbox.Claimed) -> None:
    """Let a claimed message wait again, untouched, for a worker that is not about to stop."""
    outbox.requeue(tx, claimed, tx.now, "given_back")


def _learn(tx: Transaction, message_id: UUID, why: Refusal) -> None:
    """What a refusal says about the number."""
    phone_id = tx.connection.execute(select(Message.phone_id).where(Message.id == message_id)).scalar_one()
    if why is Refusal.OPTED_OUT:
        consent.stop_texts(tx, phone_id)
    elif why is Refusal.BAD_NUMBER:
        note_failure(tx, phone_id)


def _try_later(tx: Transaction, sending: Sending, result: TryLater) -> None:
    add_to(tx, TEXTS, sending.counted_on, -1)
    word = result.word or result.why
    if result.why in route.NEEDS_A_PERSON:
        outbox.close_attempt(tx, sending.attempt_id, AttemptEnd.NO_ACCOUNT, word, None)
        outbox.requeue(tx, sending.claimed, tx.now + NO_ACCOUNT_PAUSE, result.why)
        return
    outbox.close_attempt(tx, sending.attempt_id, AttemptEnd.TRY_LATER, word, None)
    tries = outbox.count_attempts(tx, sending.message_id, Attempt.outcome == AttemptEnd.TRY_LATER)
    if tries >= MOST_TRIES:
        _end(tx, sending.claimed, MessageState.FAILED, result.why)
        return
    pause = FIRST_PAUSE * 2 ** (tries - 1) * (1 + _random.random() / 4)
    outbox.requeue(tx, sending.claimed, tx.now + max(pause, result.after or pause), result.why)


def stumble(tx: Transaction, claimed: outbox.Claimed) -> None:
    """Leave a message that a mistake of the program keeps from being judged; a person hears of it in the end.

    One that was committed as *sending* is left as it is: its lease will tell.
    """
    stumbles = outbox.count_stumble(tx, claimed)
    if stumbles is None:
        return
    if stumbles < MOST_STUMBLES:
        outbox.requeue(tx, claimed, tx.now + SET_ASIDE, Reason.NOT_DECIDED)
    else:
        _give_up(tx, claimed)


def lose(tx: Transaction, claimed: outbox.Claimed, place: int) -> None:
    """Take a message from a worker that was lost with it in hand, perhaps because of it.

    Those that were in hand together come back one by one, by their ``place``, so that only the one of which
    workers die is given up.
    """
    stumbles = outbox.count_stumble(tx, claimed)
    if stumbles is not None and stumbles >= MOST_STUMBLES:
        _give_up(tx, claimed)
    else:
        outbox.requeue(tx, claimed, tx.now + APART * place, "worker_lost")


def _give_up(tx: Transaction, claimed: outbox.Claimed) -> None:
    _end(tx, claimed, MessageState.FAILED, Reason.NOT_DECIDED)
    _report(tx, claimed.id, Reason.NOT_DECIDED)


def _report(tx: Transaction, message_id: UUID, why: str) -> None:
    """Let a person look into a message that the service did not dare to send."""
    row = tx.connection.execute(
        select(Message.text_id, Client.id)
        .outerjoin(Client, Client.id == Message.person_id)
        .where(Message.id == message_id)
    ).one()
    report_unsent(tx, row.id, why, row.text_id)


def _end(tx: Transaction, held: outbox.Claimed, state: MessageState, reason: str) -> bool:
    """Whether it was still ours to end."""
    ended = outbox.end(tx, held, state, reason)
    if ended:
        follow_message(tx, held.id)
    return ended
