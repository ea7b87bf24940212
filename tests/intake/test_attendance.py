"""``attendance.csv`` from its columns to what it changes."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.ledger import LedgerState
from service.intake import attendance as say
from service.intake.attendance import AttendanceFile
from service.intake.cells import Problem
from service.intake.place import Place
from service.intake.taking import read_rows
from service.intake.visits import NO_CLIENT, VisitFile
from service.intake.visits import SHARED as SHARED_NUMBER
from service.store.models.care import Visit, VisitEvent
from service.store.models.messages import LedgerEntry
from tests.intake.office import Office, complaints, sheet_of
from tests.intake.people import LINEO, MPHO, SHARED, enrol_women

HEADER = "client,date,outcome,next_date"


@pytest.fixture
def clinic(office: Office) -> Office:
    """Lineo was expected on Friday; on the same day Mpho for herself and for Pule."""
    enrol_women(office)
    office.takes(
        VisitFile(office.place),
        f"""client,kind,date,for
        {LINEO},refill,2026-11-20,self
        {MPHO},refill,2026-11-20,self
        {MPHO},vaccine,2026-11-20,Pule""",
    )
    return office


def states(office: Office) -> list[tuple[VisitKind, date, VisitState]]:
    return sorted(office.visits(Visit.kind, Visit.day, Visit.state), key=str)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("client=12345", "client"),
        ("date=2026-11-24", "date"),
        ("date=", "date"),
        ("outcome=came", "outcome"),
        ("outcome=cancelled", "outcome"),
        ("next_date=2026-11-20", "next_date"),
        ("next_date=2036-11-20", "next_date"),
    ],
)
def test_a_bad_value_is_reported_with_its_column(place: Place, cells: str, column: str) -> None:
    name, _, cell = cells.partition("=")
    given = {"client": LINEO, "date": "2026-11-20", "outcome": "attended", name: cell}
    sheet = sheet_of(",".join(given) + "\n" + ",".join(given.values()))
    (line,) = read_rows(AttendanceFile(place), sheet).lines
    assert complaints(line.problems) == [(2, column)]


def test_an_attended_visit_brings_the_next_of_its_kind(clinic: Office) -> None:
    report = clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,Attended,18/12/2026")
    assert report.taken == 1
    refills = [row for row in states(clinic) if row[0] is VisitKind.REFILL]
    assert (VisitKind.REFILL, date(2026, 11, 20), VisitState.ATTENDED) in refills
    assert (VisitKind.REFILL, date(2026, 12, 18), VisitState.PLANNED) in refills


def test_a_missed_visit_earns_its_reminders(clinic: Office) -> None:
    clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,missed,")
    missed = select(LedgerEntry.step).where(
        LedgerEntry.state == LedgerState.PLANNED, LedgerEntry.due_at > clinic.clock.moment
    )
    assert ("missed_d7",) in clinic.answers(missed)


def test_it_happened_at_noon_of_its_day_or_has_just_happened(clinic: Office) -> None:
    clinic.takes(VisitFile(clinic.place), f"client,kind,date\n{LINEO},anc,2026-11-23")
    clinic.takes(
        AttendanceFile(clinic.place),
        f"client,date,outcome\n{LINEO},2026-11-20,attended\n{LINEO},2026-11-23,attended",
    )
    when = select(VisitEvent.occurred_at).where(VisitEvent.fact == VisitFact.ATTENDED)
    assert sorted(clinic.answers(when)) == [(datetime(2026, 11, 20, 10, tzinfo=UTC),), (clinic.clock.moment,)]


def test_whoever_came_came_for_everything_of_that_day(clinic: Office) -> None:
    report = clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{MPHO},2026-11-20,attended,")
    assert report.taken == 1
    attended = [kind for kind, _, state in states(clinic) if state is VisitState.ATTENDED]
    assert attended == [VisitKind.REFILL, VisitKind.VACCINE]


def test_a_next_date_after_several_visits_is_not_guessed_at(clinic: Office) -> None:
    report = clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{MPHO},2026-11-20,attended,2026-12-18")
    assert report.problems == (Problem(2, "next_date", say.WHICH_NEXT),)


def test_the_same_file_again_changes_nothing(clinic: Office) -> None:
    table = f"{HEADER}\n{LINEO},2026-11-20,attended,2026-12-18\n{LINEO},20/11/2026,ATTENDED,18/12/2026"
    assert clinic.takes(AttendanceFile(clinic.place), table).known == (3,)
    events = clinic.has(VisitEvent)
    assert clinic.takes(AttendanceFile(clinic.place), table).known == (2, 3)
    assert clinic.has(VisitEvent) == events


def test_a_next_date_that_is_added_later_is_still_taken(clinic: Office) -> None:
    clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,attended,")
    report = clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,attended,2026-12-18")
    assert (report.taken, len(clinic.visits(Visit.id))) == (1, 4)
    assert len(clinic.answers(select(VisitEvent.id).where(VisitEvent.fact == VisitFact.ATTENDED))) == 1


def test_a_miss_may_turn_out_as_an_attendance(clinic: Office) -> None:
    clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,missed,")
    assert clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,attended,").taken == 1


def test_no_file_takes_an_attendance_back(clinic: Office) -> None:
    clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,attended,")
    report = clinic.takes(AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,missed,")
    assert report.problems == (Problem(2, "outcome", say.CAME),)


def test_a_file_that_contradicts_itself_is_told_so(clinic: Office) -> None:
    report = clinic.takes(
        AttendanceFile(clinic.place), f"{HEADER}\n{LINEO},2026-11-20,missed,\n{LINEO},2026-11-20,attended,"
    )
    assert report.problems == (Problem(3, "outcome", say.BOTH),)


def test_a_day_without_a_visit_and_an_unclear_client_are_refused(clinic: Office) -> None:
    report = clinic.takes(
        AttendanceFile(clinic.place),
        f"{HEADER}\n{LINEO},2026-11-19,missed,\n58100099,2026-11-20,missed,\n{SHARED},2026-11-20,missed,",
    )
    assert report.problems == (
        Problem(2, "date", say.NO_VISIT),
        Problem(3, "client", NO_CLIENT),
        Problem(4, "client", SHARED_NUMBER),
    )
