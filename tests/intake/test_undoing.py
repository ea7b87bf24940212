"""A whole import is taken back, unless something has happened to it since."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, true, update

from service.actions import visits
from service.actions.contacts import note_contact
from service.actions.next_look import look_again, to_be_aligned
from service.domain.care import ContactMode, VisitState
from service.domain.ids import new_id
from service.domain.message import MessageState
from service.domain.people import OPERATOR, Actor, ActorKind
from service.intake import taking
from service.intake.attendance import AttendanceFile
from service.intake.brought import Since
from service.intake.clients import ClientFile
from service.intake.infants import InfantFile
from service.intake.undoing import undo
from service.intake.visits import VisitFile
from service.reports.imports import imports
from service.store.models.care import Task, Visit, VisitEvent
from service.store.models.columns import Row
from service.store.models.messages import DedupeKey, LedgerEntry, Message
from service.store.models.operations import AuditRow
from service.store.models.people import Client, Consent, Import, Infant, Person, PersonPhone, PhoneNumber
from service.store.models.plans import RungTaken
from service.store.records import client
from tests.intake.office import Office
from tests.intake.people import LINEO, MPHO, enrol_women

HEADER = "phone,nickname,language,site,consent_sms,enrolled_on,phone_confirmed,kind"
TABLES = (
    *(Client, Infant, Person, PersonPhone, PhoneNumber, Consent, Visit, VisitEvent),
    *(LedgerEntry, Message, DedupeKey, Task, RungTaken),
)
NURSE = Actor(ActorKind.STAFF, "nurse")


def take_back(office: Office, import_id: UUID | None) -> tuple[Since, ...]:
    assert import_id
    return office.store.write(lambda tx: undo(tx, import_id), OPERATOR)


def align_everybody(office: Office) -> None:
    """What the worker does at each tick."""
    programme = office.place.programme
    office.store.write(lambda tx: visits.go_on(tx, programme, to_be_aligned(tx, programme, 100)), OPERATOR)


def everything(office: Office, tables: tuple[type[Row], ...] = TABLES) -> dict[str, Any]:
    """The ids of every row."""
    keys = {table.__tablename__: next(iter(table.__table__.primary_key)) for table in tables}
    return {name: sorted(office.answers(select(key)), key=str) for name, key in keys.items()}


@pytest.fixture
def village(office: Office) -> Office:
    """Women and infants who came with earlier files; a week has passed since."""
    enrol_women(office)
    office.clock.moment += timedelta(days=7)
    office.store.write(lambda tx: look_again(tx, true()), OPERATOR)
    align_everybody(office)
    return office


def test_nothing_of_an_import_is_left(village: Office) -> None:
    before = everything(village)
    report = village.takes(
        ClientFile(village.place, welcomes=True),
        f"{HEADER}\n58100011,Puleng,st,Ha Demo,yes,2026-11-02,yes,pregnant\n"
        f"{LINEO},Sister,st,Ha Demo,yes,2026-11-02,yes,art\n58100012,Neo,st,Ha Demo,yes,2026-11-02,no,art",
    )
    align_everybody(village)
    assert everything(village) != before
    assert take_back(village, report.import_id) == ()
    assert everything(village) == before
    (newest, *_) = village.store.read(imports)
    assert (newest.id, newest.state) == (report.import_id, "undone")
    assert ("undo", report.import_id) in village.rows(AuditRow.verb, AuditRow.noun_id)


def test_visits_and_infants_go_with_what_plans_made_of_them(village: Office) -> None:
    before = everything(village)
    babies = village.takes(InfantFile(village.place), f"mother,nickname,born_on\n{LINEO},Thuso,2026-11-01")
    days = village.takes(
        VisitFile(village.place), f"client,kind,date\n{LINEO},anc,2026-12-20\n{MPHO},lab,2026-12-21"
    )
    assert village.has(LedgerEntry) > len(before["ledger"])
    assert take_back(village, days.import_id) == ()
    assert take_back(village, babies.import_id) == ()
    align_everybody(village)
    after = everything(village)
    assert {table: len(rows) for table, rows in after.items()} == {
        table: len(rows) for table, rows in before.items()
    }
    assert after["visits"] == before["visits"]


def test_a_visit_gets_the_state_back_that_it_had_and_nobody_is_sought(village: Office) -> None:
    village.takes(VisitFile(village.place), f"client,kind,date\n{LINEO},refill,2026-11-20")
    of_visit = (
        select(LedgerEntry.step, LedgerEntry.state)
        .join(Visit, Visit.id == LedgerEntry.subject_id)
        .where(Visit.import_id.is_not(None))
    )
    planned = sorted(village.answers(of_visit))
    report = village.takes(
        AttendanceFile(village.place), f"client,date,outcome,next_date\n{LINEO},2026-11-20,missed,2026-12-18"
    )
    assert village.has(RungTaken)
    assert take_back(village, report.import_id) == ()
    align_everybody(village)
    states = village.answers(select(Visit.state).where(Visit.import_id.is_not(None)))
    assert states == [(VisitState.PLANNED,)]
    assert village.has(RungTaken) == 0
    assert ("reopened",) in village.rows(VisitEvent.fact)
    assert sorted(village.answers(of_visit)) == planned


ON_ONE = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def later(office: Office) -> None:
    office.clock.moment += timedelta(hours=1)


@ON_ONE
def test_what_has_happened_since_is_said_and_nothing_is_taken_back(village: Office) -> None:
    report = village.takes(
        ClientFile(village.place, welcomes=True),
        f"{HEADER}\n58100011,Puleng,st,Ha Demo,yes,2026-11-02,yes,pregnant",
    )
    ((woman,),) = village.answers(select(Client.id).where(Client.import_id == report.import_id))
    later(village)
    village.store.write(
        lambda tx: tx.connection.execute(
            update(Message).where(Message.person_id == woman).values(attempts=1, state=MessageState.SENDING)
        ),
        OPERATOR,
    )
    village.store.write(
        lambda tx: note_contact(tx, client(tx, woman), ContactMode.CALL, "call", new_id()), NURSE
    )
    before = everything(village)
    assert set(take_back(village, report.import_id)) == {
        Since("texts that left, or are about to", 1),
        Since("contacts", 1),
    }
    assert everything(village) == before


@ON_ONE
def test_an_attendance_stands_in_the_way_of_undoing_its_visit(village: Office) -> None:
    days = village.takes(VisitFile(village.place), f"client,kind,date\n{LINEO},refill,2026-11-20")
    later(village)
    came = village.takes(AttendanceFile(village.place), f"client,date,outcome\n{LINEO},2026-11-20,attended")
    assert take_back(village, days.import_id) == (Since("entries about attendance or dates", 1),)
    later(village)
    ((visit,),) = village.answers(select(Visit.id).where(Visit.import_id == days.import_id))
    village.store.write(
        lambda tx: visits.record_attendance(tx, village.place.programme, visit, VisitState.MISSED), NURSE
    )
    assert Since("entries about attendance or dates", 1) in take_back(village, came.import_id)


@ON_ONE
def test_a_file_is_taken_some_rows_at_a_time(village: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 2)
    rows = "\n".join(f"5810002{n},Neo{n},st,Ha Demo,yes,2026-11-02" for n in range(5))
    table = f"phone,nickname,language,site,consent_sms,enrolled_on\n{rows}"
    report = village.takes(ClientFile(village.place), table)
    assert (report.taken, village.rows(Import.finished_at)[-1]) == (5, (village.clock.moment,))
    assert len(village.answers(select(Client.id).where(Client.import_id == report.import_id))) == 5
    assert village.takes(ClientFile(village.place), table).known == (2, 3, 4, 5, 6)
