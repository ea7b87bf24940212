"""``khopotso report``."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from config.clock import RealClock
from handlers.cli.sheets import Sheet, write
from service.actions.enrol import NewClient, enrol_client
from service.actions.tasks import NewTask, open_task
from service.actions.visits import note
from service.domain.care import VisitFact, VisitKind, VisitState
from service.domain.ids import new_id
from service.domain.people import OPERATOR, ConsentChannel
from service.domain.phone import Phone
from service.domain.tasks import TaskKind
from service.reports import absences, tasks
from service.store import records
from service.store.models.care import Visit
from service.store.models.messages import Message
from service.store.transaction import Transaction
from tests.cli.conftest import SITE, Installation

COLUMNS = "message,client,class,step,gateway,state,reason,attempts,parts,cost,due_at,sent_at,final_at"

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def rows(installation: Installation, *words: object) -> list[dict[str, str]]:
    return list(
        csv.DictReader(StringIO(installation.good("report", "deliveries", "--format", "csv", *words)))
    )


def change_messages(installation: Installation, **values: object) -> None:
    with installation.store() as store:
        store.write(lambda tx: tx.connection.execute(update(Message).values(**values)), OPERATOR)


def test_there_is_a_row_for_each_message_with_these_columns(installation: Installation) -> None:
    installation.good("send-test", "58000001")
    installation.not_so("send-test", "58009403")
    first = installation.good("report", "deliveries", "--format", "csv").splitlines()[0]
    assert first == COLUMNS
    found = rows(installation)
    assert [
        (row["class"], row["gateway"], row["state"], row["reason"], row["attempts"]) for row in found
    ] == [
        ("C", "simulator", "accepted", "", "1"),
        ("C", "simulator", "failed", "bad_number", "1"),
    ]
    assert all(UUID(row["message"]) for row in found)


def test_moments_are_local(installation: Installation) -> None:
    installation.good("send-test", "58000001")
    moment = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    change_messages(installation, not_before=moment, sent_at=moment)
    found = rows(installation, "--from", "2026-03-05", "--to", "2026-03-05")
    assert [row["due_at"] for row in found] == ["2026-03-05T01:30:00+02:00"]
    assert not rows(installation, "--from", "2026-03-04", "--to", "2026-03-04")


def test_a_cost_has_its_currency(installation: Installation) -> None:
    installation.good("send-test", "58000001")
    change_messages(installation, cost_micros=800_000, cost_currency="KES")
    assert [row["cost"] for row in rows(installation)] == ["0.8 KES"]


@on_sqlite
def test_usually_it_is_about_the_last_seven_days(installation: Installation) -> None:
    installation.good("send-test", "58000001")
    change_messages(installation, not_before=RealClock().now() - timedelta(days=5))
    assert len(rows(installation)) == 1
    change_messages(installation, not_before=RealClock().now() - timedelta(days=8))
    assert not rows(installation)


@on_sqlite
def test_the_same_comes_as_table_json_and_spreadsheet(installation: Installation, tmp_path: Path) -> None:
    installation.good("send-test", "58000001")
    table = installation.good("report", "deliveries").splitlines()
    assert table[0].split() == COLUMNS.split(",")
    (record,) = json.loads(installation.good("report", "deliveries", "--json"))
    assert ",".join(record) == COLUMNS
    installation.good("report", "deliveries", "--format", "xlsx", "--out", tmp_path / "report.xlsx")
    sheet = load_workbook(tmp_path / "report.xlsx").active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet] == [COLUMNS.split(","), list(record.values())]


@on_sqlite
def test_a_report_can_go_into_a_file(installation: Installation, tmp_path: Path) -> None:
    assert installation.good("report", "deliveries", "--format", "csv", "--out", tmp_path / "a.csv") == ""
    assert (tmp_path / "a.csv").read_text() == COLUMNS + "\n"
    assert "nowhere" in installation.not_so("report", "deliveries", "--out", tmp_path / "nowhere" / "a.csv")


@on_sqlite
@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-03-05", "--to", "2026-03-04"),
        ("--from", "05/03/2026"),
        ("--format", "xlsx"),
        ("--format", "pdf"),
    ],
)
def test_wrong_wishes_are_wrong_use(installation: Installation, words: tuple[str, ...]) -> None:
    installation.misused("report", "deliveries", *words)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_becomes_a_formula(tmp_path: Path, begins: str) -> None:
    wicked = f"{begins}1+1"
    write(Sheet("wicked", ("a",), [[wicked]]), "csv", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["a"], ["'" + wicked]]
    write(Sheet("wicked", ("a",), [[wicked]]), "xlsx", tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"


@on_sqlite
@pytest.mark.parametrize(("name", "columns"), [("tasks", tasks.COLUMNS), ("missed", absences.COLUMNS)])
def test_tasks_and_absences_come_in_every_form(
    installation: Installation, tmp_path: Path, name: str, columns: tuple[str, ...]
) -> None:
    with installation.store() as store:
        store.write(_somebody_missed, OPERATOR)
    found = list(csv.DictReader(StringIO(installation.good("report", name, "--format", "csv"))))
    assert [tuple(row) for row in found] == [columns]
    assert tuple(installation.good("report", name).splitlines()[0].split()) == columns
    installation.good("report", name, "--format", "xlsx", "--out", tmp_path / "report.xlsx")
    sheet = load_workbook(tmp_path / "report.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in next(iter(sheet))] == list(columns)


@on_sqlite
def test_who_is_absent_is_shown_as_of_a_day(installation: Installation) -> None:
    with installation.store() as store:
        store.write(_somebody_missed, OPERATOR)
    day = (RealClock().now() + timedelta(days=30)).date()
    (row,) = csv.DictReader(StringIO(installation.good("report", "missed", "--format", "csv", "--to", day)))
    assert (row["days"], row["absence"], row["interrupted"]) == ("33", "defaulter", "yes")
    assert "no" in installation.good("report", "missed")
    assert not installation.good("report", "missed", "--from", day, "--to", day, "--format", "csv").count(
        SITE
    )


def _somebody_missed(tx: Transaction) -> None:
    """Three days ago, and a task about it."""
    site_id = records.site_named(tx, SITE)
    assert site_id
    day = (tx.now - timedelta(days=3)).date()
    new = NewClient(Phone("+26658100001"), "Thato", "en", site_id, day, frozenset({ConsentChannel.SMS}), True)
    woman = enrol_client(tx, new)
    visit_id = new_id()
    row = {"client_id": woman, "subject_id": woman, "kind": VisitKind.ANC, "day": day}
    tx.add(
        Visit,
        id=visit_id,
        **row,
        state=VisitState.MISSED,
        known_at=tx.now,
        dated_by_person=True,
        actor="test",
    )
    for fact, about in ((VisitFact.PLANNED, day), (VisitFact.MISSED, None)):
        note(tx, visit_id, fact, about)
    open_task(tx, NewTask(TaskKind.CALL_MISSED, woman, visit_id=visit_id))
