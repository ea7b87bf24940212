"""A client goes to another site: offered, and hers where she is until the other site has accepted."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select, update

from service.actions.compose import compose
from service.actions.fire import usual_link
from service.actions.ledger import take_back
from service.actions.next_look import look_again
from service.actions.reply import alert_owner
from service.actions.task_life import give
from service.actions.tasks import Ending, NewTask, close_where, open_task, whose
from service.domain.message import Address, MessageClass
from service.domain.people import ClientState, ConsentChannel, Role
from service.domain.reason import Reason
from service.domain.safety import TransferState
from service.domain.tasks import TaskFact, TaskKind, TaskState
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Task
from service.store.models.messages import Message
from service.store.models.people import Client, Site, StaffRole
from service.store.models.safety import Transfer
from service.store.records import client, consents_to
from service.store.transaction import Reading, Transaction
from service.store.waiting import WAITS

ANSWER_WITHIN: Final = timedelta(days=7)
"""How long the receiving site has; then she goes back to the sender. To be approved."""

TOLD_WITHIN: Final = timedelta(days=7)
"""How long it is of use to her to hear who helps her from now on."""


class TransferFault(StrEnum):
    """Why nothing was changed, and what to do instead."""

    SAME_SITE = "She is at that site already."
    SENDS_NOTHING = "That site is not activated, so nobody would remind her there. Activate it first."
    OFFERED = "She is offered to a site already. Take that back first, or wait for its answer."
    NOT_OPEN = "This transfer was answered, taken back or given back already."
    NOT_THERE = "She does not work at the receiving site. Choose somebody who does."


@dataclass(frozen=True)
class NewTransfer:
    """``to_mentor_id`` is who is proposed there; the site may accept with another."""

    client_id: UUID
    to_site_id: UUID
    to_mentor_id: UUID | None = None


def offer(tx: Transaction, programme: Programme, new: NewTransfer) -> UUID | TransferFault:
    """Ask another site to take a client over; the transfer's id. She hears nothing of it yet."""
    woman = client(tx, new.client_id)
    if fault := _refused(tx, new, woman.site_id):
        return fault
    transfer_id = tx.add(
        Transfer,
        client_id=new.client_id,
        from_site_id=woman.site_id,
        from_mentor_id=woman.mentor_id,
        to_site_id=new.to_site_id,
        to_mentor_id=new.to_mentor_id,
        state=TransferState.OFFERED,
        offered_at=tx.now,
        answer_by=tx.now + ANSWER_WITHIN,
        actor=str(tx.actor),
    )
    task_id = open_task(tx, _asked(transfer_id, new.client_id, new.to_site_id))
    if new.to_mentor_id:
        give(tx, task_id, new.to_mentor_id, TaskFact.REASSIGNED)
    alert_owner(tx, programme, task_id, "staff_task")
    tx.audit("offer", "transfer", transfer_id)
    return transfer_id


def _refused(reading: Reading, new: NewTransfer, from_site_id: UUID) -> TransferFault | None:
    if new.to_site_id == from_site_id:
        return TransferFault.SAME_SITE
    active = select(Site.activated_at).where(Site.id == new.to_site_id)
    if reading.connection.scalar(active) is None:
        return TransferFault.SENDS_NOTHING
    offered = and_(Transfer.client_id == new.client_id, Transfer.state == TransferState.OFFERED)
    if reading.connection.scalar(select(Transfer.id).where(offered)):
        return TransferFault.OFFERED
    return _not_there(reading, new.to_mentor_id, new.to_site_id)


def _not_there(reading: Reading, mentor_id: UUID | None, site_id: UUID) -> TransferFault | None:
    works = select(StaffRole.id).where(
        StaffRole.staff_id == mentor_id,
        StaffRole.role.in_((Role.MENTOR, Role.COORDINATOR)),
        StaffRole.site_id.is_(None) | (StaffRole.site_id == site_id),
    )
    there = mentor_id is None or reading.connection.scalar(works.limit(1))
    return None if there else TransferFault.NOT_THERE


def _asked(transfer_id: UUID, client_id: UUID, to_site_id: UUID) -> NewTask:
    return NewTask(TaskKind.ACCEPT_TRANSFER, client_id, site_id=to_site_id, about=str(transfer_id))


@dataclass(frozen=True)
class _Offered:
    id: UUID
    client_id: UUID
    to_site_id: UUID


def _answer(tx: Transaction, transfer_id: UUID, state: TransferState) -> _Offered | None:
    """End an offer, once, and what was asked of the receiving site with it."""
    row = tx.connection.execute(
        update(Transfer)
        .where(Transfer.id == transfer_id, Transfer.state == TransferState.OFFERED)
        .values(state=state, answered_at=tx.now, answered_by=str(tx.actor))
        .returning(Transfer.id, Transfer.client_id, Transfer.to_site_id)
    ).one_or_none()
    if row is None:
        return None
    offered = _Offered(*row)
    asked = _asked(offered.id, offered.client_id, offered.to_site_id)
    close_where(tx, Task.open_key == asked.open_key, Ending(state))
    tx.audit(state, "transfer", transfer_id)
    return offered


def accept(
    tx: Transaction, programme: Programme, transfer_id: UUID, mentor_id: UUID | None = None
) -> TransferFault | None:
    """Take a client over, with everything that is open about her; she is told who helps her now.

    Without a ``mentor_id`` it is whoever was proposed.

    1. She belongs to the site and its mentor from this commit on.
    2. What waits to leave is written anew, for it names the mentor; her open tasks get new owners.
    3. The one text about it is put.
    """
    to_site_id, proposed = tx.connection.execute(
        select(Transfer.to_site_id, Transfer.to_mentor_id).where(Transfer.id == transfer_id)
    ).one()
    mentor_id = mentor_id or proposed
    if fault := _not_there(tx, mentor_id, to_site_id):
        return fault
    offered = _answer(tx, transfer_id, TransferState.ACCEPTED)
    if offered is None:
        return TransferFault.NOT_OPEN
    hers = {"site_id": offered.to_site_id, "mentor_id": mentor_id}
    tx.connection.execute(update(Client).where(Client.id == offered.client_id).values(hers))
    look_again(tx, Client.id == offered.client_id)
    _move_texts(tx, offered)
    _move_tasks(tx, offered)
    _tell_her(tx, programme, offered)
    return None


def _move_texts(tx: Transaction, offered: _Offered) -> None:
    take_back(tx, Message.person_id == offered.client_id, Reason.TRANSFERRED)
    waiting = and_(Message.person_id == offered.client_id, Message.state.in_(WAITS))
    tx.connection.execute(update(Message).where(waiting).values(site_id=offered.to_site_id))


def _move_tasks(tx: Transaction, offered: _Offered) -> None:
    open_ones = and_(Task.client_id == offered.client_id, Task.state != TaskState.CLOSED)
    tx.connection.execute(update(Task).where(open_ones).values(site_id=offered.to_site_id))
    for task_id, role in tx.connection.execute(select(Task.id, Task.owner_role).where(open_ones)).all():
        _, owner_id = whose(tx, offered.client_id, offered.to_site_id, role or Role.MENTOR)
        if owner_id:
            give(tx, task_id, owner_id, TaskFact.PASSED_ON)


def _tell_her(tx: Transaction, programme: Programme, offered: _Offered) -> None:
    """Of a class that takes no reminder's place: her date matters more than who helps her."""
    woman, link = client(tx, offered.client_id), usual_link(tx, offered.client_id)
    if link is None or link.phone is None or not link.confirmed_at or woman.state is not ClientState.ACTIVE:
        return
    if not consents_to(tx, woman.id, ConsentChannel.SMS):
        return
    new = outbox.NewMessage(
        to=Address(woman.id, link.phone_id, link.phone),
        words=compose(tx, programme, "transfer", woman),
        message_class=MessageClass.C,
        not_before=tx.now,
        not_after=tx.now + TOLD_WITHIN,
        site_id=woman.site_id,
    )
    outbox.put(tx, new, f"transfer:{offered.id}")


def decline(tx: Transaction, programme: Programme, transfer_id: UUID) -> TransferFault | None:
    """Refuse a client who was offered; the sender hears of it at once."""
    return _go_back(tx, programme, transfer_id, TransferState.DECLINED)


def withdraw_offer(tx: Transaction, transfer_id: UUID) -> TransferFault | None:
    """Take an offer back."""
    return None if _answer(tx, transfer_id, TransferState.WITHDRAWN) else TransferFault.NOT_OPEN


def return_unanswered(tx: Transaction, programme: Programme) -> int:
    """Give back to the sender, with an alert, whoever was not accepted in time; how many."""
    late = and_(Transfer.state == TransferState.OFFERED, Transfer.answer_by <= tx.now)
    ids = tx.connection.scalars(select(Transfer.id).where(late).order_by(Transfer.id)).all()
    for transfer_id in ids:
        _go_back(tx, programme, transfer_id, TransferState.RETURNED)
    return len(ids)


def _go_back(
    tx: Transaction, programme: Programme, transfer_id: UUID, state: TransferState
) -> TransferFault | None:
    offered = _answer(tx, transfer_id, state)
    if offered is None:
        return TransferFault.NOT_OPEN
    task = NewTask(TaskKind.TRANSFER_RETURNED, offered.client_id, about=str(offered.id))
    alert_owner(tx, programme, open_task(tx, task), "staff_task")
    return None
