"""``khopotso demo`` as a process: how soon it is ready, what it says, what it leaves alone."""

import signal
import socket
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from handlers.cli.demo import demo
from tests.simulator.demonstrations import Demonstration, Visitor, demonstration, khopotso


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with demonstration(tmp_path_factory.mktemp("demo") / "data") as started:
        yield started


def test_it_is_ready_within_ten_seconds(running: Demonstration) -> None:
    assert running.seconds < 10
    assert requests.get(running.address, timeout=10).status_code == 200


def test_it_prints_one_address_and_whose_phones_there_are(running: Demonstration) -> None:
    assert running.welcome.count("http") == 1
    assert "No real SMS is sent" in running.welcome
    for word in ("Palesa", "client", "Lineo", "Mentor Mother", "+1202555", "*123#"):
        assert word in running.welcome


def test_its_log_does_not_fill_the_terminal(running: Demonstration) -> None:
    assert '"event"' not in running.welcome
    assert "worker started" in (running.folder / "log.jsonl").read_text()


def test_its_log_names_nobody(running: Demonstration) -> None:
    visitor = Visitor(running.address).open("Tebello")
    visitor.press("text", text="Lumela")
    visitor.press("dial", dialled="*123*1#")
    log = (running.folder / "log.jsonl").read_text()
    for word in ("Tebello", "2025550", "Lumela", "*123"):
        assert word not in log


def test_its_secrets_are_its_owners_alone(running: Demonstration) -> None:
    for name in ("keys.json", "line.json"):
        assert stat.S_IMODE((running.folder / name).stat().st_mode) == 0o600


def test_a_search_of_its_database_finds_nobody(running: Demonstration) -> None:
    kept = b"".join(file.read_bytes() for file in running.folder.glob("khopotso.db*"))
    for word in (b"Palesa", b"Lineo", b"2025550121", b"remember your date", b"Ke kopa ho bua"):
        assert word not in kept


def test_the_service_is_found_healthy(running: Demonstration) -> None:
    origin = running.address.removesuffix("/simulator")
    assert requests.get(f"{origin}/readyz", timeout=10).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with demonstration(tmp_path / "data") as started:
        assert started.stop(number) == 0
        assert started.process.stdout
        assert started.process.stdout.read() == "Stopped.\n"
        assert not (tmp_path / "data" / "line.json").exists()


def test_a_second_start_goes_on_where_the_first_one_stopped(tmp_path: Path) -> None:
    with demonstration(tmp_path / "data") as first:
        visitor = Visitor(first.address).open("Palesa")
        visitor.press("skip")
        before = visitor.client, visitor.clock, visitor.texts()
        first.stop()
    with demonstration(tmp_path / "data") as second:
        visitor = Visitor(second.address).open("Palesa")
        assert (visitor.client, visitor.clock, visitor.texts()) == before


def test_a_demonstration_that_was_killed_starts_again(tmp_path: Path) -> None:
    with demonstration(tmp_path / "data") as first:
        first.stop(signal.SIGKILL)
    with demonstration(tmp_path / "data") as second:
        assert Visitor(second.address).open("Palesa").texts()


def test_a_start_that_was_cut_short_is_made_good(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with demonstration(data) as first:
        first.stop()
    for leftover in data.glob("khopotso.db*"):
        leftover.unlink()
    assert (
        khopotso(
            "db",
            "upgrade",
            DATABASE_URL=f"sqlite:///{data / 'khopotso.db'}",
            KEY_FILE=str(data / "keys.json"),
        ).returncode
        == 0
    )
    with demonstration(data) as second:
        assert Visitor(second.address).open("Palesa").texts()


def refused(*arguments: object) -> str:
    """What it says when it does not start."""
    done = CliRunner().invoke(demo, [str(argument) for argument in arguments])
    assert done.exit_code == 1, done.output
    return done.output


def test_a_port_in_use_gives_one_sentence_and_makes_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = refused("--port", port, "--data", tmp_path / "data")
    assert done == f"Error: Port {port} is in use; stop what uses it, or choose another with --port.\n"
    assert not (tmp_path / "data").exists()


def test_one_folder_is_for_one_demonstration(running: Demonstration) -> None:
    assert "Another demonstration runs on" in refused("--port", 0, "--data", running.folder)


def test_the_database_of_a_real_installation_is_left_alone(tmp_path: Path) -> None:
    settings = {"DATA_DIR": str(tmp_path), "KEY_FILE": str(tmp_path / "key")}
    assert khopotso("keys", "create", tmp_path / "key").returncode == 0
    assert khopotso("db", "upgrade", **settings).returncode == 0
    before = _contents(tmp_path)
    assert "a database that demo did not make" in refused("--port", 0, "--data", tmp_path)
    assert _contents(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"this is no database at all, only a few words in a file"])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "khopotso.db").write_bytes(content)
    assert "a database that demo did not make" in refused("--port", 0, "--data", tmp_path)
    assert _contents(tmp_path) == {"khopotso.db": content}


def test_somebody_elses_sqlite_file_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "khopotso.db") as theirs:
        theirs.execute("CREATE TABLE songs (name TEXT)")
    theirs.close()
    before = _contents(tmp_path)
    assert "a database that demo did not make" in refused("--port", 0, "--data", tmp_path)
    assert _contents(tmp_path) == before


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_settings_in_the_environment_change_nothing_and_it_says_so(tmp_path: Path) -> None:
    nonsense = {
        "KHOPOTSO_DATABASE_URL": "postgresql://nobody@db.example.invalid/real",
        "KHOPOTSO_GATEWAYS": "africastalking",
        "KHOPOTSO_SAFE_HOURS": "never",
        "KHOPOTSO_KEY_FILE": "/no/such/key",
        "KHOPOTSO_TEXTS_DIR": "/no/such/texts",
    }
    with demonstration(tmp_path / "data", environment=nonsense) as started:
        assert "Settings of the environment are not used here: KHOPOTSO_DATABASE_URL" in started.welcome
        visitor = Visitor(started.address).open("Palesa")
        visitor.press("skip")
        assert visitor.texts()[0].startswith("Hello Palesa")


def test_its_people_never_meet_a_real_gateway(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with demonstration(data) as started:
        started.stop()
    done = khopotso(
        "worker",
        DATABASE_URL=f"sqlite:///{data / 'khopotso.db'}",
        DATA_DIR=str(data),
        KEY_FILE=str(data / "keys.json"),
        GATEWAYS="africastalking",
        AFRICASTALKING_USERNAME="real",
        AFRICASTALKING_API_KEY="key",
        TRANSPORT_NUMBER="000 000",
    )
    assert done.returncode == 1
    assert "demo filled this database; it must not meet a real gateway" in done.stdout


def test_a_folder_that_cannot_be_made_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refused("--port", 0, "--data", tmp_path / "file" / "data").count("\n") == 1
