"""``khopotso backup`` and ``khopotso restore`` as an operator meets them. Both databases: ``tests/store``."""

import os
import pty
import re
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from config.clock import RealClock
from service.domain.message import MessageClass
from service.domain.people import OPERATOR
from service.parts import Parts
from service.store import keys
from service.store.erasures import Erasures, erase, list_in
from service.store.models.people import Client, Person
from service.store.records import site_named
from service.store.spool import Spool
from tests.cli.conftest import SITE, Installation
from tests.store.every_table import everything_in
from tests.worker.village import HandClock, Village, shipped_programme

pytestmark = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


@pytest.fixture
def folder(installation: Installation, tmp_path: Path) -> Path:
    """Where the installation is, with one woman and one text that waits."""
    installation.setting("DATA_DIR", str(tmp_path / "data"))
    installation.good("site", "activate", SITE)
    with (
        installation.store() as store,
        closing(Spool(tmp_path / "spool", store.vault, size=65536)) as spool,
    ):
        site = store.read(lambda reading: site_named(reading, SITE))
        assert site
        parts = Parts(store, shipped_programme(), {}, (), spool, store.clock, True)
        village = Village(parts, HandClock(RealClock().now()), None, site)  # type: ignore[arg-type]
        village.put(MessageClass.S, person=village.woman(), site_id=site)
    return tmp_path


@pytest.fixture
def elsewhere(installation: Installation, empty_database_url: str) -> Installation:
    """The same settings on a machine that has an empty database; used once the old one is backed up."""
    return Installation(installation.setting, empty_database_url, installation.key_file)


def move(to: Installation) -> None:
    to.setting("DATABASE_URL", to.database_url)


def woman_in(installation: Installation) -> tuple[UUID, bytes | None]:
    """The only client, and her name as it is stored."""
    with installation.store() as store:
        row = store.read(
            lambda reading: reading.connection.execute(
                select(Client.id, Person.name).join(Person, Person.id == Client.id)
            ).one()
        )
    return row.id, row.name


def test_what_was_backed_up_here_is_restored_there_and_what_waited_is_held(
    installation: Installation, elsewhere: Installation, folder: Path
) -> None:
    said = installation.good("backup", folder / "backup")
    assert f"The key file {installation.key_file} is NOT in it" in said
    with installation.store() as store:
        before = everything_in(store)
    move(elsewhere)
    said = elsewhere.good("restore", folder / "backup")
    assert f"{sum(map(len, before.values()))} rows are restored" in said
    table = [re.split("  +", line) for line in said.splitlines() if "  " in line]
    assert table == [["site", "reminders", "other texts"], [SITE, "0", "1"]]
    with elsewhere.store() as store:
        after = everything_in(store)
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"messages", "tasks", "task_events", "marks", "audit"}


def test_a_service_in_use_is_not_restored_into(installation: Installation, folder: Path) -> None:
    installation.good("backup", folder / "backup")
    assert "This database is in use" in installation.not_so("restore", folder / "backup")


def test_a_backup_is_never_overwritten(installation: Installation, folder: Path) -> None:
    installation.good("backup", folder / "backup")
    assert "never overwritten" in installation.not_so("backup", folder / "backup")


@pytest.mark.parametrize("path", ["nowhere/backup", "keys"])
def test_a_file_that_cannot_be_written_or_read_is_told_in_a_sentence(
    installation: Installation, elsewhere: Installation, folder: Path, path: str
) -> None:
    assert "Error: " in installation.not_so("backup", folder / "nowhere" / "backup")
    move(elsewhere)
    (folder / "keys").write_text("{}")
    assert "Error: " in elsewhere.not_so("restore", folder / path)


def test_a_backup_that_is_not_there_is_told_before_anything_else(installation: Installation) -> None:
    installation.setting("DATABASE_URL", "sqlite:////nowhere/database")
    assert "There is no file nowhere." in installation.not_so("restore", "nowhere")


def test_another_key_file_is_told_in_a_sentence(
    installation: Installation, elsewhere: Installation, folder: Path
) -> None:
    installation.good("backup", folder / "backup")
    keys.create(folder / "other keys")
    elsewhere.setting("KEY_FILE", str(folder / "other keys"))
    move(elsewhere)
    assert "The key file is not the one of this backup" in elsewhere.not_so("restore", folder / "backup")


def test_a_damaged_backup_is_refused_and_the_database_stays_empty(
    installation: Installation, elsewhere: Installation, folder: Path
) -> None:
    installation.good("backup", folder / "backup")
    content = (folder / "backup").read_bytes()
    (folder / "damaged").write_bytes(content[:-100] + bytes(100))
    move(elsewhere)
    assert "damaged" in elsewhere.not_so("restore", folder / "damaged")
    elsewhere.good("restore", folder / "backup")


def test_whoever_was_erased_since_is_erased_again(
    installation: Installation, elsewhere: Installation, folder: Path
) -> None:
    installation.good("backup", folder / "backup")
    woman, name = woman_in(installation)
    assert name
    with installation.store() as store:
        erasures = Erasures(list_in(folder / "data"), store.vault)
        store.write(lambda tx: erase(tx, erasures, woman), OPERATOR)
    move(elsewhere)
    assert "People who had been erased since, and are again: 1." in elsewhere.good(
        "restore", folder / "backup"
    )
    assert woman_in(elsewhere) == (woman, None)


def test_the_list_of_a_lost_machine_is_replayed_and_kept(
    installation: Installation, elsewhere: Installation, folder: Path
) -> None:
    installation.good("backup", folder / "backup")
    woman, _ = woman_in(installation)
    with installation.store() as store:
        lost = Erasures(folder / "saved list", store.vault)
        store.write(lambda tx: erase(tx, lost, woman), OPERATOR)
        own = Erasures(list_in(folder / "data"), store.vault)
    move(elsewhere)
    elsewhere.good("restore", folder / "backup", "--erasures", lost.path)
    assert woman_in(elsewhere) == (woman, None)
    assert own.read() == lost.read()


def test_a_restore_without_a_list_of_erasures_says_so(
    installation: Installation, elsewhere: Installation, folder: Path
) -> None:
    installation.good("backup", folder / "backup")
    move(elsewhere)
    assert "There is no list of erasures" in elsewhere.good("restore", folder / "backup")


def test_a_doctored_list_of_erasures_stops_the_restore(
    installation: Installation, elsewhere: Installation, folder: Path
) -> None:
    installation.good("backup", folder / "backup")
    (folder / "data").mkdir(exist_ok=True)
    list_in(folder / "data").write_text("nobody was ever erased\n")
    move(elsewhere)
    assert "was altered" in elsewhere.not_so("restore", folder / "backup")


def test_a_restored_file_is_for_its_owner_alone(installation: Installation, folder: Path) -> None:
    installation.good("backup", folder / "backup")
    installation.setting("DATABASE_URL", f"sqlite:///{folder}/new.db")
    installation.good("restore", folder / "backup")
    assert stat.S_IMODE((folder / "new.db").stat().st_mode) == 0o600


def test_on_a_terminal_a_bar_shows_how_far_it_is(installation: Installation, folder: Path) -> None:
    ours, theirs = pty.openpty()
    program = f"from handlers.cli import main; main(['backup', '{folder}/backup'])"
    subprocess.run(
        [sys.executable, "-c", program], stderr=theirs, check=True, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    assert b"Writing" in os.read(ours, 65536)
    os.close(ours)
