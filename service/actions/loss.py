"""The loss of a pregnancy, an infant or a mother: one entry, and no text about it ever again.

Nothing is said to a phone that others may read; a person calls. Each kind of loss keeps its own name.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update

from service.actions.cancelled_visits import reopen_visits
from service.actions.compose import compose
from service.actions.fire import usual_link
from service.actions.ledger import put_back
from service.actions.loss_chain import OF_A_PREGNANCY, NewLoss, end_chain
from service.actions.reply import alert_owner
from service.actions.silence import settle_state, silence
from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.ids import new_id
from service.domain.message import Address, MessageClass
from service.domain.people import ClientState, PhoneOwner, Wording
from service.domain.reason import Reason
from service.domain.safety import LossKind
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store import outbox
from service.store.models.care import Task
from service.store.models.people import Client, Infant
from service.store.models.safety import Loss
from service.store.records import client, clients_at
from service.store.transaction import Reading, Transaction

__all__ = ["NewLoss", "go_on_with_care", "losses", "record_loss", "send_condolence", "undo_loss"]

CONDOLENCE_USEFUL_FOR: Final = timedelta(days=2)


def record_loss(tx: Transaction, programme: Programme, new: NewLoss) -> UUID:
    """Mute everything, what waits to leave included, and have her Mentor Mother call; the loss's id.

    1. Note the loss and what it changes, so that a mistake can be undone.
    2. End what was planned for the pregnancy or infant; silence the rest until somebody says that it goes on.
    3. Open the task of a person.

    What she only hinted at herself is no loss beside another, and settled by the entry that says which.
    """
    if new.kind is LossKind.NOT_SAID and (known := losses(tx, new.client_id)):
        return known[0]
    _settle_hints(tx, new.client_id)
    loss_id = _note(tx, new)
    if new.infant_id:
        _set_infant(tx, new.infant_id, ClientState.DIED)
    _change_client(tx, new)
    end_chain(tx, programme, loss_id, new)
    silence(tx, new.client_id, Reason.DIED if new.kind is LossKind.MATERNAL_DEATH else Reason.MUTED)
    settle_state(tx, new.client_id)
    _ask_people(tx, programme, loss_id, new)
    tx.audit("record", "loss", loss_id, new.kind)
    return loss_id


def _settle_hints(tx: Transaction, client_id: UUID) -> None:
    hints = tx.connection.scalars(
        select(Loss.id).where(
            Loss.client_id == client_id, Loss.kind == LossKind.NOT_SAID, Loss.care_goes_on_at.is_(None)
        )
    ).all()
    for loss_id in hints:
        go_on_with_care(tx, loss_id)


def _note(tx: Transaction, new: NewLoss) -> UUID:
    before = tx.connection.execute(
        select(Client.edd, Client.wording, Client.state).where(Client.id == new.client_id).with_for_update()
    ).one()
    return tx.add(
        Loss,
        id=new_id(),
        client_id=new.client_id,
        infant_id=new.infant_id,
        kind=new.kind,
        happened_on=new.happened_on,
        edd_before=before.edd,
        wording_before=before.wording,
        state_before=before.state,
        recorded_at=tx.now,
        actor=str(tx.actor),
    )


def _set_infant(tx: Transaction, infant_id: UUID, state: ClientState) -> None:
    tx.connection.execute(update(Infant).where(Infant.id == infant_id).values(state=state))


def _change_client(tx: Transaction, new: NewLoss) -> None:
    """No text speaks of mother and baby to her any more, unless she chooses those words anew."""
    hers = update(Client).where(Client.id == new.client_id)
    tx.connection.execute(hers.where(Client.wording == Wording.T1).values(wording=Wording.T0))
    if new.kind in OF_A_PREGNANCY:
        tx.connection.execute(hers.values(edd=None))


def _ask_people(tx: Transaction, programme: Programme, loss_id: UUID, new: NewLoss) -> None:
    """A call to her; or, if she died, somebody who is told of her children's visits from now on."""
    if new.kind is LossKind.MATERNAL_DEATH:
        for infant_id in _alive(tx, new.client_id):
            open_task(tx, _guardian(new.client_id, infant_id))
        return
    task_id = open_task(tx, _call(new.client_id, loss_id))
    alert_owner(tx, programme, task_id, "staff_task")


def _call(client_id: UUID, loss_id: UUID) -> NewTask:
    return NewTask(TaskKind.LOSS, client_id, about=str(loss_id))


def _guardian(client_id: UUID, infant_id: UUID) -> NewTask:
    return NewTask(TaskKind.FIND_GUARDIAN, client_id, subject_id=infant_id, about=str(infant_id))


def _alive(reading: Reading, mother_id: UUID) -> tuple[UUID, ...]:
    alive = select(Infant.id).where(Infant.mother_id == mother_id, Infant.state == ClientState.ACTIVE)
    return tuple(reading.connection.scalars(alive.order_by(Infant.id)))


def go_on_with_care(tx: Transaction, loss_id: UUID) -> bool:
    """Her own reminders and those of her other children go on, as her Mentor Mother found with her.

    ``False`` if that was said before, or cannot be: the loss was undone, or she died.
    """
    loss = tx.connection.execute(
        update(Loss)
        .where(
            Loss.id == loss_id,
            Loss.kind != LossKind.MATERNAL_DEATH,
            Loss.undone_at.is_(None),
            Loss.care_goes_on_at.is_(None),
        )
        .values(care_goes_on_at=tx.now, care_goes_on_by=str(tx.actor))
        .returning(Loss.client_id, Loss.recorded_at)
    ).one_or_none()
    if loss is None:
        return False
    close_where(tx, Task.open_key == _call(loss.client_id, loss_id).open_key, Ending("care_goes_on"))
    _let_go_on(tx, loss.client_id, loss.recorded_at)
    tx.audit("go_on", "loss", loss_id)
    return True


def _let_go_on(tx: Transaction, client_id: UUID, since: datetime) -> None:
    """Unless something else holds her still."""
    if settle_state(tx, client_id) is ClientState.ACTIVE:
        put_back(tx, client_id, (Reason.MUTED, Reason.DIED), since)


def undo_loss(tx: Transaction, loss_id: UUID, why: str) -> bool:
    """Take back an entry that was a mistake; what it ended goes on where it is still useful.

    ``False`` if that was done before.
    """
    loss = tx.connection.execute(
        update(Loss)
        .where(Loss.id == loss_id, Loss.undone_at.is_(None))
        .values(
            undone_at=tx.now,
            undone_by=str(tx.actor),
            undone_why=tx.vault.seal(Loss.undone_why, loss_id, why),
        )
        .returning(Loss.client_id, Loss.infant_id, Loss.recorded_at)
    ).one_or_none()
    if loss is None:
        return False
    if loss.infant_id:
        _set_infant(tx, loss.infant_id, ClientState.ACTIVE)
    _restore_client(tx, loss_id)
    reopen_visits(tx, loss_id)
    _close_tasks(tx, loss_id)
    put_back(tx, loss.client_id, (Reason.LOSS,), loss.recorded_at)
    _let_go_on(tx, loss.client_id, loss.recorded_at)
    tx.audit("undo", "loss", loss_id)
    return True


def _restore_client(tx: Transaction, loss_id: UUID) -> None:
    """As she was before the entry, except for what people have changed since."""
    loss = tx.connection.execute(
        select(Loss.client_id, Loss.edd_before, Loss.wording_before, Loss.state_before).where(
            Loss.id == loss_id
        )
    ).one()
    hers = update(Client).where(Client.id == loss.client_id)
    tx.connection.execute(hers.where(Client.edd.is_(None)).values(edd=loss.edd_before))
    tx.connection.execute(hers.where(Client.wording == Wording.T0).values(wording=loss.wording_before))
    tx.connection.execute(hers.where(Client.state == ClientState.DIED).values(state=loss.state_before))


def _close_tasks(tx: Transaction, loss_id: UUID) -> None:
    client_id, kind = tx.connection.execute(select(Loss.client_id, Loss.kind).where(Loss.id == loss_id)).one()
    guardians = (Task.client_id == client_id) & (Task.kind == TaskKind.FIND_GUARDIAN)
    call = Task.open_key == _call(client_id, loss_id).open_key
    close_where(tx, guardians if kind is LossKind.MATERNAL_DEATH else call, Ending("undone"))


def losses(reading: Reading, client_id: UUID) -> tuple[UUID, ...]:
    """A client's losses that hold her texts back, the last one in front."""
    found = select(Loss.id).where(
        Loss.client_id == client_id, Loss.undone_at.is_(None), Loss.care_goes_on_at.is_(None)
    )
    return tuple(reading.connection.scalars(found.order_by(Loss.recorded_at.desc())))


def end_what_was_lost(tx: Transaction, programme: Programme, client_id: UUID) -> bool:
    """End for all of a client's record what a loss ended, since another record became hers.

    That of an infant ends what is planned for it also when her own care goes on; any other ends nothing then.
    Says whether a pregnancy was lost.
    """
    kinds = set()
    ends = or_(Loss.care_goes_on_at.is_(None), Loss.infant_id.is_not(None))
    known = select(Loss.id, Loss.kind, Loss.infant_id)
    of_hers = known.where(Loss.client_id == client_id, Loss.undone_at.is_(None), ends)
    for loss_id, kind, infant_id in tx.connection.execute(of_hers.order_by(Loss.recorded_at.desc())).all():
        end_chain(tx, programme, loss_id, NewLoss(client_id, kind, infant_id))
        kinds.add(kind)
    return not kinds.isdisjoint(OF_A_PREGNANCY)


def send_condolence(tx: Transaction, programme: Programme, loss_id: UUID) -> bool:
    """Send the words of comfort that she asked for, once. ``False`` where others may read her phone."""
    client_id, kind = tx.connection.execute(select(Loss.client_id, Loss.kind).where(Loss.id == loss_id)).one()
    link = usual_link(tx, client_id)
    if kind is LossKind.MATERNAL_DEATH or link is None or link.phone is None or not link.confirmed_at:
        return False
    if link.owner is not PhoneOwner.OWN or len(clients_at(tx, link.phone_id)) > 1:
        return False
    woman = client(tx, client_id)
    new = outbox.NewMessage(
        to=Address(woman.id, link.phone_id, link.phone),
        words=compose(tx, programme, "loss_optin", woman),
        message_class=MessageClass.A,
        not_before=tx.now,
        not_after=tx.now + CONDOLENCE_USEFUL_FOR,
        site_id=woman.site_id,
    )
    sent = outbox.put(tx, new, f"condolence:{loss_id}") is not None
    if sent:
        tx.audit("comfort", "loss", loss_id)
    return sent
