"""Turning what a caller's answers cause into writes, in the transaction of the dialogue."""

from dataclasses import replace
from typing import assert_never
from uuid import UUID

from sqlalchemy import select, update

from service.actions import consent, invitations, numbers, visits
from service.actions.at_desk import act
from service.actions.caller import Caller
from service.actions.desk import StoreDesk
from service.actions.next_look import look_again
from service.actions.register import register
from service.actions.reply import alert_owner, answer
from service.actions.self_reports import says_attended
from service.actions.task_life import alarm_anew
from service.actions.tasks import NewTask, open_task
from service.actions.tell import tell
from service.domain.care import VisitFact
from service.domain.effects import (
    AskForCall,
    AskNewDay,
    ConfirmVisit,
    DeclineInvitation,
    Effect,
    HersAlone,
    InFrontOfTheDoor,
    NotWell,
    Outcome,
    Register,
    ReportDanger,
    SaysAttended,
    SetLanguage,
    SetSafeTimes,
    StartMessages,
    StopMessages,
)
from service.domain.hours import HOURS, PartOfDay
from service.domain.message import MessageClass
from service.domain.staff_effects import StaffEffect
from service.domain.tasks import TaskKind
from service.programme import Programme
from service.store.models.care import Visit
from service.store.models.people import Client, Person, PhoneNumber
from service.store.transaction import Reading, Transaction


def carry_out(tx: Transaction, programme: Programme, caller: Caller, effect: Effect) -> str:
    """Do what one effect asks; what came of it, for the screen that follows.

    It is the caller's phone, and her PIN where she typed it, that says who she is; nothing else she sent.
    """
    if isinstance(effect, StaffEffect):
        desk = StoreDesk(tx, programme, caller.staff_id) if caller.staff_id else None
        return act(tx, desk, effect) if desk else Outcome.NOT_HERS
    if isinstance(effect, Register):
        return register(tx, programme, caller, effect.nickname, effect.pin)
    if isinstance(effect, HersAlone):
        tell(tx, programme, caller, effect)
    else:
        _carry_out(tx, programme, caller, effect)
    return Outcome.DONE


def _carry_out(tx: Transaction, programme: Programme, caller: Caller, effect: InFrontOfTheDoor) -> None:
    match effect:
        case ConfirmVisit() | AskNewDay() | DeclineInvitation() | SaysAttended():
            _about_visit(tx, programme, caller, effect)
        case AskForCall():
            open_task(tx, about_caller(tx, caller, TaskKind.CALL_ME))
        case NotWell(who):
            open_task(tx, about_caller(tx, caller, TaskKind.NEEDS_HELP, note=who))
        case ReportDanger(who, signs):
            report_danger(tx, programme, caller, f"{who}: {signs}")
        case SetLanguage() | SetSafeTimes() | StopMessages() | StartMessages():
            _about_texts(tx, caller, effect)
        case _:
            assert_never(effect)


def _about_visit(
    tx: Transaction,
    programme: Programme,
    caller: Caller,
    effect: ConfirmVisit | AskNewDay | DeclineInvitation | SaysAttended,
) -> None:
    match effect:
        case ConfirmVisit(visit_id):
            if _is_callers(tx, caller, visit_id):
                visits.confirm_visit(tx, visit_id)
        case AskNewDay(visit_id, day):
            if _is_callers(tx, caller, visit_id):
                ask_new_day(tx, caller, visit_id, day.isoformat() if day else None)
        case DeclineInvitation(visit_id):
            if _is_callers(tx, caller, visit_id):
                invitations.decline(tx, visit_id)
        case SaysAttended(who):
            says_attended(tx, programme, caller, about_caller(tx, caller, TaskKind.SAYS_ATTENDED, who), who)
        case _:
            assert_never(effect)


def _about_texts(
    tx: Transaction, caller: Caller, effect: SetLanguage | SetSafeTimes | StopMessages | StartMessages
) -> None:
    match effect:
        case SetLanguage(language):
            _set_language(tx, caller, language)
        case SetSafeTimes(part):
            _set_safe_times(tx, caller, part)
        case StopMessages():
            consent.stop_texts(tx, numbers.note(tx, caller.phone))
        case StartMessages():
            consent.start_texts(tx, numbers.note(tx, caller.phone), caller.source)
        case _:
            assert_never(effect)


def about_caller(tx: Transaction, caller: Caller, kind: TaskKind, note: str | None = None) -> NewTask:
    """A task for whoever looks after the caller, or for whoever is on call where nobody knows her."""
    woman = caller.only_client
    return NewTask(
        kind,
        client_id=woman.id if woman else None,
        phone_id=numbers.note(tx, caller.phone),
        note=note,
    )


def ask_new_day(tx: Transaction, caller: Caller, visit_id: UUID, wish: str | None) -> None:
    """Open the task of agreeing on another day; her date stays until then."""
    client_id = tx.connection.execute(select(Visit.client_id).where(Visit.id == visit_id)).scalar_one()
    visits.note(tx, visit_id, VisitFact.CHANGE_ASKED)
    task = NewTask(
        TaskKind.NEW_DATE,
        client_id,
        visit_id=visit_id,
        phone_id=caller.phone_id,
        note=wish,
        about=str(visit_id),
    )
    open_task(tx, task)


def report_danger(tx: Transaction, programme: Programme, caller: Caller, note: str) -> None:
    """Open the most urgent task there is, alert its owner by text, and answer the caller at once.

    Danger on another day is another matter, even if nobody has closed the task of the first. Who cries again
    on the same day needs somebody once more, though somebody had it then.
    """
    task = about_caller(tx, caller, TaskKind.DANGER, note=note)
    task_id = open_task(tx, replace(task, about=programme.today(tx.now).isoformat()))
    alarm_anew(tx, task_id)
    alert_owner(tx, programme, task_id, "staff_danger")
    answer(tx, programme, caller, "danger", message_class=MessageClass.U)


def _is_callers(reading: Reading, caller: Caller, visit_id: UUID) -> bool:
    """Whether a visit belongs to somebody at this phone; anything else is not hers to change."""
    client_id = reading.connection.scalar(select(Visit.client_id).where(Visit.id == visit_id))
    return client_id in {woman.id for woman in caller.clients}


def _set_language(tx: Transaction, caller: Caller, language: str) -> None:
    """For the phone too, so that it says nothing of a caller that she is greeted in her language."""
    phone_id = numbers.note(tx, caller.phone)
    tx.connection.execute(update(PhoneNumber).where(PhoneNumber.id == phone_id).values(language=language))
    for woman in caller.clients:
        tx.connection.execute(update(Person).where(Person.id == woman.id).values(language=language))


def _set_safe_times(tx: Transaction, caller: Caller, part: PartOfDay) -> None:
    starts, ends = HOURS[part]
    for woman in caller.clients:
        tx.connection.execute(
            update(Client).where(Client.id == woman.id).values(safe_from=starts, safe_to=ends)
        )
        look_again(tx, Client.id == woman.id)
