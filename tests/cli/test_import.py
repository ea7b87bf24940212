"""``khopotso import`` on a real database. Both kinds are tried in ``tests/intake``."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, create_engine, func, select

from handlers.cli.importing import importing
from service.actions.sites import add_site
from service.domain.people import OPERATOR
from service.intake.attendance import AttendanceFile
from service.intake.clients import ClientFile
from service.intake.columns import Columns
from service.intake.infants import InfantFile
from service.intake.visits import VisitFile
from service.store import keys
from service.store.crypto import Vault
from service.store.database import connect
from service.store.models.care import Visit
from service.store.models.columns import Row
from service.store.models.messages import Message
from service.store.models.people import Client, District, Import, Infant, Site
from service.store.store import Store
from tests.worker.village import MONDAY, HandClock, at

CASELOAD = Path(__file__).with_name("caseload.csv")
REPORT = Path(__file__).with_name("caseload.report.txt")
HEADER = "phone,nickname,language,site,consent_sms,enrolled_on"
LINEO = "58100001,Lineo,st,Ha Demo,yes,2026-11-02"

Command = Callable[..., Result]

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def khopotso(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs ``khopotso import`` on Monday 23 November 2026, where there is one site, *Ha Demo*."""
    ring = keys.create(tmp_path / "keys")
    with Store(connect(database_url), Vault(ring), HandClock(at(MONDAY, "08:00"))) as store:
        store.prove_keys()
        store.write(lambda tx: add_site(tx, "Ha Demo", "Berea"), OPERATOR)
    settings = {"DATABASE_URL": database_url, "KEY_FILE": str(tmp_path / "keys"), "DEMO": "1"}
    for name, value in (settings | {"CLOCK": "2026-11-23T08:00:00Z", "USSD_CODE": "*123#"}).items():
        monkeypatch.setenv(f"KHOPOTSO_{name}", value)
    return lambda *arguments: CliRunner().invoke(importing, [str(argument) for argument in arguments])


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines into a file and tells where it is."""

    def write(*lines: str) -> Path:
        file = tmp_path / "table.csv"
        file.write_text("\n".join(lines) + "\n")
        return file

    return write


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def count(connection: Connection, table: type[Row]) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_caseload_with_bad_rows_is_reported_line_by_line(khopotso: Command, connection: Connection) -> None:
    result = khopotso("clients", CASELOAD)
    assert result.output == REPORT.read_text()
    assert result.exit_code == 1
    assert (count(connection, Client), count(connection, Import)) == (0, 0)


def test_a_report_names_nobody(khopotso: Command) -> None:
    output = khopotso("clients", CASELOAD).output
    assert not re.search(r"\d{5}", output)
    names = {line.split(",")[1] for line in CASELOAD.read_text().splitlines()[1:]} - {""}
    assert not {name for name in names if name in output}


def test_the_good_rows_of_a_caseload_are_taken_if_that_is_asked_for(
    khopotso: Command, connection: Connection
) -> None:
    result = khopotso("clients", CASELOAD, "--partial", "--json")
    report = json.loads(result.output)
    assert result.exit_code == 0
    assert (report["read"], report["taken"], report["known"], report["refused"]) == (50, 39, 1, 10)
    assert count(connection, Client) == 39


def test_a_dry_run_writes_nothing_and_says_what_would_happen(
    khopotso: Command, written: Callable[..., Path], connection: Connection
) -> None:
    file = written(HEADER, LINEO)
    result = khopotso("clients", file, "--dry-run")
    assert result.output.splitlines() == [
        "1 row read: 0 taken, 0 already known, 0 refused.",
        "Nothing was written. 1 row would be taken.",
    ]
    assert (result.exit_code, count(connection, Client)) == (0, 0)


def test_a_report_can_be_read_by_a_program(khopotso: Command, written: Callable[..., Path]) -> None:
    result = khopotso(
        "clients", written(f"{HEADER},village", LINEO, "12,,st,Ha Demo,yes,2026-11-02"), "--json"
    )
    assert json.loads(result.output) == {
        "kind": "clients",
        "dry_run": False,
        "read": 2,
        "good": 1,
        "taken": 0,
        "known": 0,
        "refused": 1,
        "known_lines": [],
        "matches": [],
        "problems": [
            {"line": 3, "column": "phone", "reason": "No phone has this number; check its digits."},
            {"line": 3, "column": "nickname", "reason": "Something must be written here."},
        ],
        "notes": ["The column “village” is not known here and was not read."],
        "import_id": None,
    }


def test_the_same_file_twice_is_harmless(
    khopotso: Command, written: Callable[..., Path], connection: Connection
) -> None:
    file = written(HEADER, LINEO)
    khopotso("clients", file)
    result = khopotso("clients", file)
    assert result.exit_code == 0
    assert "1 row read: 0 taken, 1 already known, 0 refused." in result.output
    assert count(connection, Client) == 1


@pytest.mark.parametrize(
    ("options", "district"), [((), "Unassigned"), (("--district", "Thaba-Tseka"), "Thaba-Tseka")]
)
def test_sites_are_made_on_demand(
    khopotso: Command,
    written: Callable[..., Path],
    connection: Connection,
    options: tuple[str, ...],
    district: str,
) -> None:
    file = written(HEADER, LINEO.replace("Ha Demo", "Lesobeng"))
    assert khopotso("clients", file).exit_code == 1
    assert khopotso("clients", file, "--create-sites", *options).exit_code == 0
    places = select(District.name).join(Site).where(Site.name == "Lesobeng")
    assert connection.execute(places).all() == [(district,)]


def test_a_welcome_is_sent_on_demand(
    khopotso: Command, written: Callable[..., Path], connection: Connection
) -> None:
    khopotso("clients", written(HEADER, LINEO), "--welcome")
    assert connection.execute(select(Message.text_id)).all() == [("enrol_ok",)]


def test_the_four_kinds_of_file_follow_each_other(
    khopotso: Command, written: Callable[..., Path], connection: Connection
) -> None:
    tables = {
        "clients": (HEADER, LINEO),
        "infants": ("mother,nickname,born_on", "58100001,Pule,2026-06-01"),
        "visits": ("client,kind,date,for", "58100001,anc,2026-11-20,", "58100001,vaccine,2026-12-03,Pule"),
        "attendance": ("client,date,outcome,next_date", "58100001,2026-11-20,attended,2026-12-18"),
    }
    for kind, lines in tables.items():
        result = khopotso(kind, written(*lines))
        assert result.exit_code == 0, result.output
    assert [count(connection, table) for table in (Client, Infant, Import)] == [1, 1, 4]
    from_files = select(func.count()).where(Visit.import_id.is_not(None))
    assert connection.execute(from_files).scalar_one() == 3


def test_an_import_is_listed_and_taken_back_once(
    khopotso: Command, written: Callable[..., Path], connection: Connection
) -> None:
    last = khopotso("clients", written(HEADER, LINEO)).output.splitlines()[-1]
    import_id = last.removeprefix("To take it back: khopotso import undo ")
    assert f"{import_id}  clients  1     2026-11-23 08:00Z  taken" in khopotso("list").output
    assert khopotso("undo", import_id).output == "All that this import brought was taken back.\n"
    assert count(connection, Client) == 0
    assert json.loads(khopotso("list", "--json").output)[0]["is_undone"] is True
    again = khopotso("undo", import_id)
    assert (again.exit_code, "already" in again.output) == (1, True)
    assert khopotso("undo", "00000000-0000-7000-8000-000000000000").exit_code == 1


def test_an_import_of_which_something_came_is_kept_whole(
    khopotso: Command, written: Callable[..., Path], connection: Connection
) -> None:
    first = json.loads(khopotso("clients", written(HEADER, LINEO), "--json").output)
    khopotso("visits", written("client,kind,date", "58100001,anc,2026-12-20"))
    result = khopotso("undo", first["import_id"])
    assert result.exit_code == 1
    assert "  1 visits that somebody entered\n" in result.output
    assert (count(connection, Client), count(connection, Visit)) == (1, 1)


def test_a_rehearsal_says_whom_it_found(khopotso: Command, written: Callable[..., Path]) -> None:
    khopotso("clients", written(HEADER, LINEO))
    output = khopotso("clients", written(HEADER, LINEO, LINEO.replace("Lineo", "Neo")), "--dry-run").output
    assert re.search(r"line 2: client \d{6} by number and nickname; nothing is changed", output)
    assert re.search(r"line 3: client \d{6} by number alone; taken as somebody else", output)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "The file is empty."),
        ("phone,nickname\n1,2\n", "Missing: language, site, consent_sms, enrolled_on."),
        ('phone\n"1\n', "Line 2 cannot be read"),
        ("phone\n\x00\n", "not a text file"),
    ],
)
def test_a_file_that_cannot_be_taken_is_one_clear_error(
    khopotso: Command, written: Callable[..., Path], content: str, says: str
) -> None:
    file = written()
    file.write_text(content)
    result = khopotso("clients", file)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert says in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("clients",),
        ("clients", "missing.csv"),
        ("clients", Path(__file__).parent),
        ("clients", CASELOAD, "--district", "Berea"),
        ("clients", CASELOAD, "--create-sites", "--district", " "),
        ("visits", CASELOAD, "--welcome"),
        ("babies", CASELOAD),
    ],
)
def test_wrong_use_is_told_so(khopotso: Command, arguments: tuple[object, ...]) -> None:
    assert khopotso(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("clients", ClientFile.columns),
        ("visits", VisitFile.columns),
        ("infants", InfantFile.columns),
        ("attendance", AttendanceFile.columns),
    ],
)
def test_every_command_names_its_columns(khopotso: Command, command: str, columns: Columns) -> None:
    assert set(columns.all) <= set(re.findall(r"\w+", khopotso(command, "--help").output))
