"""From nothing to an installation: ``keys``, ``db``, ``site``."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SITE, Installation, Terminal

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def data(terminal: Terminal, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    terminal.setting("DATA_DIR", str(folder))
    return folder


def test_an_installation_is_made_by_four_commands(terminal: Terminal, data: Path, tmp_path: Path) -> None:
    key_file = tmp_path / "keys"
    terminal.good("keys", "create", key_file)
    terminal.setting("KEY_FILE", str(key_file))
    terminal.good("db", "upgrade")
    terminal.good("site", "add", "Ha Demo", "--district", "Berea")
    terminal.good("site", "activate", "--all")
    assert json.loads(terminal.good("site", "list", "--json"))[0]["active"] is True


def test_key_file_and_database_are_for_their_owner_alone(
    terminal: Terminal, data: Path, tmp_path: Path
) -> None:
    terminal.good("keys", "create", tmp_path / "keys")
    terminal.good("db", "upgrade")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    assert (data / "khopotso.db").stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_never_overwritten(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("precious")
    assert "exists already" in terminal.not_so("keys", "create", tmp_path / "keys")
    assert (tmp_path / "keys").read_text() == "precious"


def test_a_key_file_where_none_can_be_written_is_told(terminal: Terminal, tmp_path: Path) -> None:
    assert "No such file or directory" in terminal.not_so("keys", "create", tmp_path / "no" / "keys")


def test_upgrading_again_changes_nothing(terminal: Terminal, data: Path) -> None:
    assert terminal.good("db", "upgrade") == terminal.good("db", "upgrade")
    assert "this program needs" in terminal.good("db", "current")


def test_asking_for_the_schema_makes_no_database(terminal: Terminal, data: Path) -> None:
    assert "khopotso db upgrade" in terminal.not_so("db", "current")
    assert not data.exists()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_an_empty_database_is_not_current(terminal: Terminal, empty_database_url: str, dialect: str) -> None:
    if empty_database_url.startswith("sqlite"):
        Path(empty_database_url.removeprefix("sqlite:///")).touch()
    terminal.setting("DATABASE_URL", empty_database_url)
    found = terminal.type("db", "current", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["has"] is None
    terminal.good("db", "upgrade")
    assert "this program needs" in terminal.good("db", "current")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://host/name", "SQLite file or a PostgreSQL database"),
        ("khopotso", "no address of a database"),
        ("postgresql://127.0.0.1:1/khopotso", "The database does not do its work"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_one_sentence(
    terminal: Terminal, address: str, said: str
) -> None:
    terminal.setting("DATABASE_URL", address)
    assert said in terminal.not_so("db", "upgrade")


def test_a_file_that_is_no_database_is_told(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    terminal.setting("DATABASE_URL", f"sqlite:///{tmp_path / 'letter.txt'}")
    assert "not a database" in terminal.not_so("db", "upgrade")


@on_sqlite
def test_a_missing_key_file_is_told_with_how_to_make_one(installation: Installation) -> None:
    installation.key_file.unlink()
    assert "khopotso keys create" in installation.not_so("site", "list")


@on_sqlite
def test_a_key_file_that_others_can_read_is_refused(installation: Installation) -> None:
    installation.key_file.chmod(0o644)
    assert "chmod 600" in installation.not_so("site", "list")


@on_sqlite
def test_another_key_file_is_refused(installation: Installation, tmp_path: Path) -> None:
    installation.good("keys", "create", tmp_path / "other")
    installation.setting("KEY_FILE", str(tmp_path / "other"))
    assert "does not belong to this database" in installation.not_so("site", "list")


def test_a_site_sends_nothing_until_it_is_activated(installation: Installation) -> None:
    assert json.loads(installation.good("site", "list", "--json"))[0]["active"] is False
    installation.good("site", "activate", SITE.upper())
    assert json.loads(installation.good("site", "list", "--json"))[0]["active"] is True


@on_sqlite
def test_a_site_is_added_once(installation: Installation) -> None:
    assert "already" in installation.not_so("site", "add", "ha  demo", "--district", "Berea")
    assert installation.good("site", "list").count("Ha Demo") == 1


@on_sqlite
def test_an_unknown_site_is_told_with_those_that_there_are(installation: Installation) -> None:
    assert SITE in installation.not_so("site", "activate", "Atlantis")


@on_sqlite
@pytest.mark.parametrize(
    "words",
    [["activate"], ["activate", SITE, "--all"], ["add", " ", "--district", "Berea"], ["add", "Leribe"]],
)
def test_sites_are_named_properly(installation: Installation, words: list[str]) -> None:
    installation.misused("site", *words)
