"""What a Mentor Mother does on her phone, behind her PIN; each answer says what came of it."""

from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import select

from service.actions import at_desk_babies, at_desk_clients, leave, task_life, tasks, visits
from service.actions.desk import StoreDesk
from service.actions.remind_now import remind_now
from service.actions.task_life import Closing, TaskFault
from service.actions.tasks import NewTask, open_task
from service.domain.care import VisitKind, VisitState
from service.domain.effects import Outcome
from service.domain.ids import new_id
from service.domain.permission import Go, Permission, Wait
from service.domain.reason import Reason
from service.domain.staff_effects import (
    AddBaby,
    CloseCall,
    CloseDay,
    GoOnLeave,
    MarkVisit,
    NoteContact,
    NoteResult,
    NoteSample,
    NoteWeaning,
    SendReminder,
    SetDate,
    StaffEffect,
    TakeTask,
    VerifyBaby,
)
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, InformationSource, TaskKind
from service.store.caseloads import client_in, has_task, visit_in
from service.store.models.care import Task, Visit
from service.store.records import ClientRecord
from service.store.transaction import Transaction


def act(tx: Transaction, desk: StoreDesk, effect: StaffEffect) -> str:
    """Do one thing for somebody in her care, or say that it is not hers to do."""
    match effect:
        case TakeTask() | CloseCall() | NoteContact():
            return _about_task(tx, desk, effect)
        case MarkVisit() | SetDate() | SendReminder() | CloseDay():
            return _about_visits(tx, desk, effect)
        case AddBaby() | NoteWeaning() | NoteSample() | NoteResult() | VerifyBaby():
            return at_desk_babies.act(tx, desk, effect)
        case GoOnLeave(until, stand_in):
            if stand_in:
                leave.set_backup(tx, desk.staff_id, stand_in)
            zone = desk.programme.calendar.zone
            leave.record_leave(tx, zone, desk.staff_id, desk.today, until)
            return Outcome.DONE
        case _:
            return at_desk_clients.act(tx, desk, effect)


# --- tasks --------------------------------------------------------------------------------------------------


def _about_task(tx: Transaction, desk: StoreDesk, effect: TakeTask | CloseCall | NoteContact) -> str:
    match effect:
        case TakeTask(task_id):
            if not has_task(tx, desk.caseload, task_id):
                return Outcome.NOT_HERS
            return _said(task_life.acknowledge(tx, task_id, desk.staff_id))
        case CloseCall(task_id):
            if not has_task(tx, desk.caseload, task_id):
                return Outcome.NOT_HERS
            called = Closing(FollowUpOutcome.DONE, FollowUpMethod.PHONE)
            return _said(task_life.close_task(tx, desk.programme, task_id, called))
        case NoteContact():
            return _note_contact(tx, desk, effect)
        case _:
            assert_never(effect)


def _said(fault: TaskFault | None) -> str:
    return Outcome.NOT_HERS if fault else Outcome.DONE


_SAID_BY_HER: Final = (FollowUpOutcome.DONE, FollowUpOutcome.RETURNING, FollowUpOutcome.REFUSED)


def _note_contact(tx: Transaction, desk: StoreDesk, made: NoteContact) -> str:
    """Settle the task behind it; a call for which nobody had asked is noted as a task of its own."""
    woman = client_in(tx, desk.caseload, made.code)
    if woman is None:
        return Outcome.NOT_HERS
    task_id = _task_of(tx, woman, made.task_id)
    if made.outcome is None:
        if task_id:
            task_life.note_try(tx, task_id, made.method)
        return Outcome.TRIED
    source = InformationSource.CLIENT if made.outcome in _SAID_BY_HER else InformationSource.OTHER
    closing = Closing(made.outcome, made.method, source=source)
    task_id = task_id or open_task(tx, NewTask(TaskKind.CONTACT, woman.id, about=str(new_id())))
    fault = task_life.close_task(tx, desk.programme, task_id, closing)
    if fault is TaskFault.TRIED_TOO_LITTLE:
        task_life.note_try(tx, task_id, made.method)
        return Outcome.TRIED
    if fault is TaskFault.STILL_TO_TELL:
        return Outcome.NOT_HERS
    if made.outcome in _SAID_BY_HER and made.method is FollowUpMethod.PHONE:
        tasks.close_calls(tx, woman.id)
    return Outcome.DONE


def _task_of(tx: Transaction, woman: ClientRecord, task_id: UUID | None) -> UUID | None:
    return tx.connection.scalar(select(Task.id).where(Task.id == task_id, Task.client_id == woman.id))


# --- visits -------------------------------------------------------------------------------------------------


def _about_visits(
    tx: Transaction, desk: StoreDesk, effect: MarkVisit | SetDate | SendReminder | CloseDay
) -> str:
    match effect:
        case MarkVisit():
            return _mark(tx, desk, effect)
        case CloseDay():
            return _close_day(tx, desk, effect)
        case SetDate() | SendReminder():
            woman = client_in(tx, desk.caseload, effect.code)
            if woman is None:
                return Outcome.NOT_HERS
            if isinstance(effect, SendReminder):
                return _remind(remind_now(tx, desk.programme, woman))
            return _set_date(tx, desk, woman, effect)
        case _:
            assert_never(effect)


def _mark(tx: Transaction, desk: StoreDesk, mark: MarkVisit) -> str:
    day = visit_in(tx, desk.caseload, mark.visit_id)
    if day is None or day > desk.today:
        return Outcome.NOT_HERS
    found = VisitState.ATTENDED if mark.came else VisitState.MISSED
    visits.record_attendance(tx, desk.programme, mark.visit_id, found, why=mark.why)
    return Outcome.DONE


def _close_day(tx: Transaction, desk: StoreDesk, close: CloseDay) -> str:
    if (close.site_id, close.day) not in {(day.site_id, day.day) for day in desk.unclosed()}:
        return Outcome.NOT_HERS
    return f"{Outcome.DAY_CLOSED} {visits.close_day(tx, desk.programme, close.site_id, close.day)}"


def _set_date(tx: Transaction, desk: StoreDesk, woman: ClientRecord, wanted: SetDate) -> str:
    hers = select(Visit.id).where(Visit.client_id == woman.id)
    next_one = tx.connection.scalar(
        hers.where(Visit.day > desk.today, Visit.state == VisitState.PLANNED)
        .order_by(Visit.day, Visit.id)
        .limit(1)
    )
    if next_one:
        return _moved(visits.move_visit(tx, desk.programme, next_one, wanted.day))
    last = tx.connection.execute(
        select(Visit.subject_id, Visit.kind)
        .where(Visit.client_id == woman.id)
        .order_by(Visit.day.desc(), Visit.id)
        .limit(1)
    ).one_or_none()
    subject, kind = (last.subject_id, last.kind) if last else (woman.id, VisitKind.OTHER)
    new = visits.NewVisit(woman.id, subject, kind, wanted.day)
    return _moved(visits.plan_visit(tx, desk.programme, new) is not None)


def _moved(done: bool) -> str:
    return Outcome.DONE if done else Outcome.DATE_TAKEN


_WHY_NOT: Final = {
    Reason.OPTED_OUT: Outcome.STOPPED,
    Reason.NO_CONSENT: Outcome.STOPPED,
    Reason.WORDING_NONE: Outcome.STOPPED,
    Reason.NUMBER_NOT_CONFIRMED: Outcome.UNCONFIRMED,
    Reason.NUMBER_SUSPENDED: Outcome.UNCONFIRMED,
    Reason.NO_PHONE: Outcome.UNCONFIRMED,
    Reason.NOT_TRUE_ANY_MORE: Outcome.NO_DATE,
}


def _remind(permission: Permission) -> str:
    match permission:
        case Go():
            return Outcome.REMINDED
        case Wait():
            return Outcome.NOT_NOW
        case _:
            return _WHY_NOT.get(permission.reason, Outcome.NOT_NOW)
