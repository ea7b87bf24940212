"""What a Mentor Mother orders by text: who is due, who came, who did not, remind her, I called her."""

from typing import Final, assert_never
from uuid import UUID

from sqlalchemy import or_, select

from service.actions import tasks, visits
from service.actions.caller import Caller
from service.actions.contacts import note_contact
from service.actions.desk import StoreDesk
from service.actions.remind_now import remind_now
from service.actions.reply import answer_staff
from service.domain.care import ContactMode, VisitState
from service.domain.code import is_code
from service.domain.ids import new_id
from service.domain.permission import Go
from service.keywords import Attended, Called, Command, Due, Missed, Remind
from service.programme import Programme
from service.store.caseloads import client_in
from service.store.models.care import Visit
from service.store.models.people import Client
from service.store.records import ClientRecord
from service.store.transaction import Reading, Transaction

MOST_CODES: Final = 15
"""Client codes in the answer to DUE: as many as one text holds."""


def obey(tx: Transaction, programme: Programme, caller: Caller, staff_id: UUID, command: Command) -> None:
    """Carry out an order from a staff phone and say what came of it, by client code only.

    No PIN is asked for (docs/decisions): an order reaches nobody whom her menu would not show her, undoes
    nothing that a person could not do again, and settles no danger.
    """
    if isinstance(command, Due):
        codes = _due_today(tx, programme, staff_id)
        key = "staff_due" if codes else "staff_due_none"
        answer_staff(tx, programme, caller, staff_id, key, " ".join(codes))
        return
    caseload = StoreDesk(tx, programme, staff_id).caseload
    woman = client_in(tx, caseload, command.code) if is_code(command.code) else None
    if woman is None:
        answer_staff(tx, programme, caller, staff_id, "staff_not_found", command.code)
        return
    done = _carry_out(tx, programme, staff_id, woman, command)
    answer_staff(tx, programme, caller, staff_id, "staff_noted" if done else "staff_cannot", woman.code)


def _carry_out(
    tx: Transaction,
    programme: Programme,
    staff_id: UUID,
    woman: ClientRecord,
    command: Attended | Missed | Remind | Called,
) -> bool:
    match command:
        case Attended():
            return _mark(tx, programme, woman, VisitState.ATTENDED)
        case Missed():
            return _mark(tx, programme, woman, VisitState.MISSED)
        case Remind():
            return isinstance(remind_now(tx, programme, woman), Go)
        case Called():
            note_contact(tx, woman, ContactMode.CALL, "call", new_id(), staff_id=staff_id)
            tasks.close_calls(tx, woman.id)
            return True
        case _:
            assert_never(command)


def _mark(tx: Transaction, programme: Programme, woman: ClientRecord, outcome: VisitState) -> bool:
    """Record the outcome of her last visit up to today; ``False`` if there is none to record."""
    visit_id = tx.connection.scalar(
        select(Visit.id)
        .where(
            Visit.client_id == woman.id,
            Visit.day <= programme.today(tx.now),
            Visit.state.in_((VisitState.PLANNED, VisitState.NOT_KNOWN, VisitState.MISSED)),
            Visit.state != outcome,
        )
        .order_by(Visit.day.desc(), Visit.id)
        .limit(1)
    )
    if visit_id is None:
        return False
    visits.record_attendance(tx, programme, visit_id, outcome)
    return True


def _due_today(reading: Reading, programme: Programme, staff_id: UUID) -> tuple[str, ...]:
    """The codes of her clients who are expected today or of whom nobody knows whether they came."""
    today = programme.today(reading.now)
    due = (Visit.day == today) & (Visit.state == VisitState.PLANNED)
    codes = reading.connection.scalars(
        select(Client.code)
        .distinct()
        .join(Visit, Visit.client_id == Client.id)
        .where(Client.mentor_id == staff_id, or_(due, Visit.state == VisitState.NOT_KNOWN))
        .order_by(Client.code)
        .limit(MOST_CODES)
    )
    return tuple(codes)
