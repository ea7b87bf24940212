"""``visits.csv`` from its columns to the rows that it becomes."""

from datetime import date, time

import pytest
from sqlalchemy import select

from service.actions.visits import move_visit
from service.domain.care import VisitKind, VisitState
from service.domain.ledger import LedgerState
from service.domain.people import OPERATOR
from service.intake import visits as say
from service.intake.cells import Problem
from service.intake.place import NOT_A_CODE, Place
from service.intake.taking import read_rows
from service.intake.visits import VisitFile
from service.store.models.care import Visit
from service.store.models.messages import LedgerEntry, Message
from service.store.models.people import Client
from tests.intake.office import Office, complaints, sheet_of
from tests.intake.people import LINEO, MPHO, SHARED, code_of, enrol_women

HEADER = "client,kind,date"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("client=12345", "client"),
        ("client=", "client"),
        ("kind=check-up", "kind"),
        ("kind=", "kind"),
        ("date=2025-11-21", "date"),
        ("date=2029-11-26", "date"),
        ("date=11/30/2026", "date"),
        ("time=9h", "time"),
        ("days_supplied=0", "days_supplied"),
        ("days_supplied=401", "days_supplied"),
    ],
)
def test_a_bad_value_is_reported_with_its_column(place: Place, cells: str, column: str) -> None:
    name, _, cell = cells.partition("=")
    given = {"client": LINEO, "kind": "anc", "date": "2026-12-03", name: cell}
    (line,) = read_rows(VisitFile(place), sheet_of(",".join(given) + "\n" + ",".join(given.values()))).lines
    assert complaints(line.problems) == [(2, column)]


@pytest.mark.parametrize("kind", list(VisitKind))
def test_every_kind_of_visit_can_be_written(place: Place, kind: VisitKind) -> None:
    sheet = sheet_of(f"{HEADER}\n{LINEO},{kind.value.replace('_', ' ').title()},2026-12-03")
    (line,) = read_rows(VisitFile(place), sheet).lines
    assert (line.row.kind, line.problems) == (kind, ())


def test_a_visit_is_planned_with_its_reminders(office: Office) -> None:
    enrol_women(office)
    hers = f"{code_of(office, MPHO)},anc,03/12/2026,,"
    table = f"{HEADER},time,days_supplied\n{LINEO},refill,2026-12-03,9:30,90\n{hers}"
    report = office.takes(VisitFile(office.place), table)
    assert (report.taken, report.notes) == (2, ())
    assert sorted(
        office.visits(Visit.kind, Visit.day, Visit.at, Visit.interval_days, Visit.state), key=str
    ) == [
        (VisitKind.ANC, date(2026, 12, 3), None, None, VisitState.PLANNED),
        (VisitKind.REFILL, date(2026, 12, 3), time(9, 30), 90, VisitState.PLANNED),
    ]
    assert office.visits(Visit.import_id) == [(report.import_id,)] * 2
    brought = LedgerEntry.subject_id.in_(select(Visit.id).where(Visit.import_id == report.import_id))
    planned = select(LedgerEntry.step).where(LedgerEntry.state == LedgerState.PLANNED, brought)
    assert sorted(office.answers(planned)).count(("visit_d1",)) == 2


def test_the_same_visit_again_is_known(office: Office) -> None:
    enrol_women(office)
    table = f"{HEADER}\n{LINEO},anc,2026-12-03\n{LINEO},ANC,03/12/2026"
    assert office.takes(VisitFile(office.place), table).known == (3,)
    assert office.takes(VisitFile(office.place), table).known == (2, 3)
    assert len(office.visits(Visit.id)) == 1


def test_an_old_file_does_not_bring_back_a_date_that_was_moved(office: Office) -> None:
    enrol_women(office)
    table = f"{HEADER}\n{LINEO},anc,2026-12-03"
    office.takes(VisitFile(office.place), table)
    ((visit_id,),) = office.visits(Visit.id)
    programme = office.place.programme
    office.store.write(lambda tx: move_visit(tx, programme, visit_id, date(2026, 12, 8)), OPERATOR)
    assert office.takes(VisitFile(office.place), table).known == (2,)
    assert office.visits(Visit.day) == [(date(2026, 12, 8),)]


def test_a_visit_may_be_an_infants(office: Office) -> None:
    enrol_women(office)
    report = office.takes(VisitFile(office.place), f"{HEADER},for\n{MPHO},vaccine,2026-12-03,pule")
    assert report.taken == 1
    ((client_id, subject_id),) = office.visits(Visit.client_id, Visit.subject_id)
    assert client_id != subject_id


@pytest.mark.parametrize("whose", ["", "self", "SELF"])
def test_a_visit_is_her_own_unless_the_file_says_otherwise(office: Office, whose: str) -> None:
    enrol_women(office)
    office.takes(VisitFile(office.place), f"{HEADER},for\n{MPHO},vaccine,2026-12-03,{whose}")
    ((client_id, subject_id),) = office.visits(Visit.client_id, Visit.subject_id)
    assert client_id == subject_id


def test_at_a_shared_number_only_an_infants_name_says_whose_visit_it_is(office: Office) -> None:
    enrol_women(office)
    report = office.takes(
        VisitFile(office.place),
        f"{HEADER},for\n{SHARED},vaccine,2026-12-03,Lerato\n{SHARED},anc,2026-12-03,\n{SHARED},anc,2026-12-03,Pule",
    )
    assert report.problems == (Problem(3, "client", say.SHARED), Problem(4, "for", say.NO_INFANT))
    assert report.good == 1


def test_a_code_tells_those_apart_who_share_a_number(office: Office) -> None:
    enrol_women(office)
    assert (
        office.takes(VisitFile(office.place), f"{HEADER}\n{code_of(office, SHARED)},anc,2026-12-03").taken
        == 1
    )


def test_an_unknown_client_is_reported_with_what_else_is_wrong(office: Office) -> None:
    enrol_women(office)
    report = office.takes(
        VisitFile(office.place), f"{HEADER}\n58100099,nothing,2026-12-03\n1234,anc,2026-12-03"
    )
    assert complaints(report.problems) == [(2, "kind"), (2, "client"), (3, "client")]
    assert [problem.reason for problem in report.problems[1:]] == [say.NO_CLIENT, NOT_A_CODE.reason]


def test_a_bad_row_keeps_every_visit_out(office: Office) -> None:
    enrol_women(office)
    office.takes(VisitFile(office.place), f"{HEADER}\n{LINEO},anc,2026-12-03\n58100099,anc,2026-12-03")
    assert office.visits(Visit.id) == []


def test_a_visit_that_is_over_is_taken_and_sends_nothing(office: Office) -> None:
    enrol_women(office)
    report = office.takes(VisitFile(office.place), f"{HEADER}\n{LINEO},anc,2026-10-05")
    assert report.taken == 1
    assert report.notes[0].endswith("line 2.")
    ahead = select(LedgerEntry.id).where(LedgerEntry.state.in_((LedgerState.QUEUED, LedgerState.DELIVERED)))
    assert not office.answers(ahead)
    ended = select(LedgerEntry.step).where(
        LedgerEntry.subject_id.in_(select(Visit.id).where(Visit.import_id.is_not(None))),
        LedgerEntry.state == LedgerState.SUPPRESSED,
    )
    before = {step for (step,) in office.answers(ended)}
    assert before == {"visit_d14", "visit_d7", "visit_d1"}
    assert office.has(Message) == 0


def test_visits_know_nobody_without_clients(office: Office) -> None:
    report = office.takes(VisitFile(office.place), f"{HEADER}\n{LINEO},anc,2026-12-03")
    assert (office.has(Client), complaints(report.problems)) == (0, [(2, "client")])
