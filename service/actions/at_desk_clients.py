"""What a Mentor Mother does about a client herself: takes her in, verifies her, stops what goes to her."""

from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import update

from service.actions import consent, loss, numbers, pins, transfer
from service.actions.desk import StoreDesk
from service.actions.enrol import NewClient, NicknameTaken, enrol_client
from service.actions.fire import usual_link
from service.actions.incident import NewIncident, report_disclosure
from service.actions.names import call
from service.actions.reply import ask_number
from service.actions.tasks import Ending, NewTask, close_where, open_task
from service.domain.effects import Outcome
from service.domain.hours import HOURS
from service.domain.people import ClientState, ConsentChannel, EnrolledThrough
from service.domain.phone import Phone
from service.domain.staff_effects import (
    AboutClient,
    Enrol,
    LetChoosePin,
    NoteDisclosure,
    NoteLoss,
    NoteWrongNumber,
    OfferTransfer,
    TextsAgain,
    Verify,
)
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.caseloads import client_in
from service.store.models.care import Task
from service.store.models.people import Client, Person, PersonPhone
from service.store.records import ClientRecord, client, clients_at
from service.store.transaction import Transaction

BY_PHONE: Final = "reported on a phone; ask who saw what"
"""What a supervisor reads of an incident of which no more could be typed."""


def act(tx: Transaction, desk: StoreDesk, effect: AboutClient) -> str:
    if isinstance(effect, Enrol):
        return _enrol(tx, desk, effect)
    woman = client_in(tx, desk.caseload, effect.code)
    return _about(tx, desk, woman, effect) if woman else Outcome.NOT_HERS


def _about(
    tx: Transaction,
    desk: StoreDesk,
    woman: ClientRecord,
    effect: NoteLoss | OfferTransfer | NoteWrongNumber | NoteDisclosure | LetChoosePin | Verify | TextsAgain,
) -> str:
    match effect:
        case NoteLoss(_, kind, infant_id):
            loss.record_loss(tx, desk.programme, loss.NewLoss(woman.id, kind, infant_id))
        case OfferTransfer(_, site_id):
            offered = transfer.offer(tx, desk.programme, transfer.NewTransfer(woman.id, site_id))
            return Outcome.NOT_HERS if isinstance(offered, transfer.TransferFault) else Outcome.DONE
        case NoteWrongNumber():
            return _suspend(tx, woman)
        case NoteDisclosure():
            report_disclosure(tx, desk.programme, NewIncident(woman.id, BY_PHONE))
        case LetChoosePin():
            pins.let_choose(tx, woman.id)
            return Outcome.PIN
        case Verify():
            return _verify(tx, desk, woman)
        case TextsAgain():
            going_on = [loss.go_on_with_care(tx, loss_id) for loss_id in loss.losses(tx, woman.id)]
            return Outcome.DONE if any(going_on) else Outcome.NOT_HERS
        case _:
            assert_never(effect)
    return Outcome.DONE


def _suspend(tx: Transaction, woman: ClientRecord) -> str:
    """Her number is silent from now on for everybody at it; a person finds her right one."""
    link = usual_link(tx, woman.id)
    if link is None:
        return Outcome.NOT_HERS
    numbers.suspend(tx, link.phone_id, "wrong_number")
    for other in clients_at(tx, link.phone_id):
        task = NewTask(TaskKind.WRONG_NUMBER, other.id, phone_id=link.phone_id, about=str(link.phone_id))
        open_task(tx, task)
    return Outcome.DONE


# --- taking in ----------------------------------------------------------------------------------------------


def _enrol(tx: Transaction, desk: StoreDesk, form: Enrol) -> str:
    """Take her in where the Mentor Mother works, and ask her own phone whether it is hers.

    Whoever has taken herself in at that number before is the one, and keeps the PIN that she chose.
    """
    site_id = desk.own_site()
    if site_id is None:
        return Outcome.NOT_HERS
    new = _new(desk, form, site_id)
    pending = _pending_at(tx, new.phone)
    if pending:
        _correct(tx, desk.programme, pending, new)
        _verify(tx, desk, pending)
        return f"{Outcome.ENROLLED} {pending.code}"
    try:
        woman = client(tx, enrol_client(tx, new))
    except NicknameTaken:
        return Outcome.NAME_TAKEN
    ask_number(tx, desk.programme, woman)
    pins.let_choose(tx, woman.id)
    return f"{Outcome.ENROLLED} {woman.code}"


def _new(desk: StoreDesk, form: Enrol, site_id: UUID) -> NewClient:
    starts, ends = HOURS[form.hours]
    return NewClient(
        phone=Phone(form.number),
        nickname=form.nickname,
        language=form.language,
        site_id=site_id,
        enrolled_on=desk.today,
        consents=form.consents,
        phone_confirmed=False,
        mentor_id=desk.staff_id,
        kind=form.kind,
        wording=form.wording,
        phone_owner=form.owner,
        safe_from=starts,
        safe_to=ends,
    )


def _pending_at(tx: Transaction, phone: Phone) -> ClientRecord | None:
    phone_id = numbers.find(tx, phone)
    there = clients_at(tx, phone_id) if phone_id else ()
    return next((woman for woman in there if woman.state is ClientState.PENDING), None)


def _correct(tx: Transaction, programme: Programme, woman: ClientRecord, new: NewClient) -> None:
    """What she says now, face to face, in place of what she had typed."""
    call(tx, programme, woman.id, new.nickname)
    tx.connection.execute(update(Person).where(Person.id == woman.id).values(language=new.language))
    tx.connection.execute(
        update(Client)
        .where(Client.id == woman.id)
        .values(kind=new.kind, wording=new.wording, safe_from=new.safe_from, safe_to=new.safe_to)
    )
    theirs = (PersonPhone.person_id == woman.id) & PersonPhone.until.is_(None)
    tx.connection.execute(update(PersonPhone).where(theirs).values(owner=new.phone_owner))
    for channel in ConsentChannel:
        given = channel in new.consents
        consent.record(tx, woman.id, channel, given=given, through=EnrolledThrough.FACILITY)


def _verify(tx: Transaction, desk: StoreDesk, woman: ClientRecord) -> str:
    """She was spoken to: from now on she is in care where the Mentor Mother works."""
    site_id = desk.own_site()
    if woman.state is not ClientState.PENDING or site_id is None:
        return Outcome.NOT_HERS
    tx.connection.execute(
        update(Client)
        .where(Client.id == woman.id)
        .values(state=ClientState.ACTIVE, verified_at=tx.now, site_id=site_id, mentor_id=desk.staff_id)
    )
    of_her = (Task.kind == TaskKind.VERIFY) & (Task.client_id == woman.id) & Task.subject_id.is_(None)
    close_where(tx, of_her, Ending("verified"))
    ask_number(tx, desk.programme, client(tx, woman.id))
    tx.audit("verify", "client", woman.id)
    return Outcome.DONE
