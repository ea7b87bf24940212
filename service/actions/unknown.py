"""Texts of which nobody knows whether they left: evidence first, then the policy of their class."""

from uuid import UUID

from sqlalchemy import or_, select

from service.actions import deliver
from service.actions.ledger import follow_message
from service.actions.receipts import match_parked
from service.actions.tasks import NewTask, open_task
from service.domain.message import UNKNOWN_POLICY, MessageClass, MessageState
from service.domain.tasks import TaskKind
from service.store import outbox
from service.store.models.messages import Attempt, Message
from service.store.models.people import Client
from service.store.outbox import AttemptEnd
from service.store.transaction import Reading, Transaction


def recover(tx: Transaction) -> int:
    """Free what lost workers held; how many messages became *unknown* by it."""
    for place, claimed in enumerate(outbox.lapsed(tx)):
        deliver.lose(tx, claimed, place)
    lost = outbox.expire_sending(tx)
    for message_id in lost:
        follow_message(tx, message_id)
    return len(lost)


def resolve_unknown(tx: Transaction, most: int = 200) -> int:
    """Resend unknown messages whose class allows it, once no evidence came in time; how many.

    Receipts are looked through first. Nothing else is ever resent. What is not resent stays *unknown*,
    where staff see it.
    """
    match_parked(tx)
    open_ones = tx.connection.execute(
        select(Message.id, Message.message_class, Message.sent_at, Message.not_after)
        .where(Message.state == MessageState.UNKNOWN, Message.final_at.is_(None))
        .order_by(Message.sent_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    resent = 0
    for message_id, message_class, sent_at, not_after in open_ones:
        policy = UNKNOWN_POLICY[message_class]
        if sent_at is None or sent_at + policy.after > tx.now:
            continue
        again = _copies(tx, message_id) <= policy.resends and tx.now < not_after
        if again:
            resent += outbox.resend(tx, message_id)
            follow_message(tx, message_id)
        else:
            outbox.give_up(tx, message_id)
            if message_class is MessageClass.U:
                _hand_to_a_person(tx, message_id)
    return resent


def _hand_to_a_person(tx: Transaction, message_id: UUID) -> None:
    """What was urgent and may not have arrived is for somebody to say by other means."""
    row = tx.connection.execute(
        select(Message.text_id, Message.phone_id, Client.id)
        .outerjoin(Client, Client.id == Message.person_id)
        .where(Message.id == message_id)
    ).one()
    task = NewTask(
        TaskKind.NOT_DELIVERED, row.id, phone_id=row.phone_id, note=row.text_id, about=str(message_id)
    )
    open_task(tx, task)


def _copies(reading: Reading, message_id: UUID) -> int:
    """How many copies may be at the provider: attempts that are not known to have failed."""
    taken = Attempt.outcome.in_((AttemptEnd.ACCEPTED, AttemptEnd.UNKNOWN))
    return outbox.count_attempts(reading, message_id, or_(Attempt.outcome.is_(None), taken))
