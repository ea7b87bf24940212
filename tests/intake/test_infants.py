"""``infants.csv`` from its columns to the rows that it becomes."""

from datetime import date

import pytest
from sqlalchemy import select

from service.actions.merge import merge
from service.actions.merge_infants import SameInfant
from service.domain.people import OPERATOR, Feeding, InfantRisk, Sex
from service.intake import infants as say
from service.intake.cells import Problem
from service.intake.infants import InfantFile
from service.intake.place import Place
from service.intake.taking import read_rows
from service.intake.visits import NO_CLIENT
from service.intake.visits import SHARED as SHARED_NUMBER
from service.store.models.people import Import, Infant, Person
from tests.intake.office import Office, complaints, sheet_of
from tests.intake.people import LINEO, MPHO, SHARED, enrol_women

HEADER = "mother,nickname,born_on"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("mother=12345", "mother"),
        ("mother=", "mother"),
        ("nickname=", "nickname"),
        ("nickname=Self", "nickname"),
        ("born_on=2026-11-24", "born_on"),
        ("born_on=1996-06-01", "born_on"),
        ("born_on=06/31/2026", "born_on"),
        ("sex=boy", "sex"),
        ("risk=medium", "risk"),
        ("feeding=bottle", "feeding"),
        ("weaned_on=2026-05-31", "weaned_on"),
        ("weaned_on=2026-11-24", "weaned_on"),
    ],
)
def test_a_bad_value_is_reported_with_its_column(place: Place, cells: str, column: str) -> None:
    name, _, cell = cells.partition("=")
    given = {"mother": LINEO, "nickname": "Pule", "born_on": "2026-06-01", name: cell}
    (line,) = read_rows(InfantFile(place), sheet_of(",".join(given) + "\n" + ",".join(given.values()))).lines
    assert complaints(line.problems) == [(2, column)]


def test_an_infant_comes_under_her_mother(office: Office) -> None:
    enrol_women(office)
    table = f"{HEADER},sex,risk,feeding,weaned_on\n{LINEO},Tumelo,01/02/2026,male,high,mixed,2026-11-01"
    report = office.takes(InfantFile(office.place), table)
    found = select(Person.sex, Person.born_on, Infant.risk, Infant.feeding, Infant.weaned_on).join(Infant)
    assert office.answers(found.where(Infant.import_id == report.import_id)) == [
        (Sex.MALE, date(2026, 2, 1), InfantRisk.HIGH, Feeding.MIXED, date(2026, 11, 1))
    ]


def test_an_infant_has_her_mothers_language(office: Office) -> None:
    enrol_women(office)
    report = office.takes(InfantFile(office.place), f"{HEADER}\n{LINEO},Tumelo,2026-02-01")
    found = select(Person.language).join(Infant).where(Infant.import_id == report.import_id)
    assert office.answers(found) == [("st",)]


def test_the_same_infant_again_changes_nothing(office: Office) -> None:
    enrol_women(office)
    report = office.takes(
        InfantFile(office.place),
        f"{HEADER}\n{MPHO},PULE,01/06/2026\n{LINEO},Tumelo,2026-02-01\n{LINEO},Tumelo,2026-02-01",
    )
    assert (report.taken, report.known, office.has(Infant)) == (1, (2, 4), 3)


def test_an_infant_of_two_records_is_known_by_what_it_was_called_in_either(office: Office) -> None:
    """Its mother's records have become one since the file was written."""
    enrol_women(office)
    office.takes(InfantFile(office.place), f"{HEADER}\n{LINEO},Tumelo,2026-06-01")
    rows = office.answers(select(Infant.id, Infant.mother_id).order_by(Infant.created_at, Infant.id))
    (pule, mpho), (tumelo, lineo) = rows[0], rows[-1]
    programme, same = office.place.programme, (SameInfant(tumelo, pule),)
    office.store.write(lambda tx: merge(tx, programme, lineo, mpho, same), OPERATOR)
    report = office.takes(InfantFile(office.place), f"{HEADER}\n{MPHO},Pule,2026-06-01")
    assert (report.taken, report.known) == (0, (2,))


def test_one_nickname_with_two_birthdays_is_refused(office: Office) -> None:
    enrol_women(office)
    report = office.takes(InfantFile(office.place), f"{HEADER}\n{MPHO},Pule,2026-06-02")
    assert report.problems == (Problem(2, "nickname", say.NAMESAKE),)


def test_two_mothers_may_choose_one_nickname(office: Office) -> None:
    enrol_women(office)
    assert office.takes(InfantFile(office.place), f"{HEADER}\n{LINEO},Pule,2026-06-02").taken == 1


def test_a_mother_who_is_unknown_or_one_of_several_is_refused(office: Office) -> None:
    enrol_women(office)
    imports = office.has(Import)
    report = office.takes(
        InfantFile(office.place), f"{HEADER}\n58100099,Pule,2026-06-02\n{SHARED},Pule,2026-06-02"
    )
    assert report.problems == (Problem(2, "mother", NO_CLIENT), Problem(3, "mother", SHARED_NUMBER))
    assert office.has(Import) == imports
