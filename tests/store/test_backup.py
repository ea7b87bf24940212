"""A backup is everything as it was at one moment, whole, for both databases; or it is nothing."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from pkgutil import iter_modules

import pytest
from sqlalchemy import create_engine, insert, select, text, update

from service.domain.people import OPERATOR, SYSTEM
from service.store import backup, envelope, keys, models, shape
from service.store.backup import unwatched
from service.store.crypto import Vault
from service.store.database import DatabaseUnusable, connect
from service.store.envelope import BackupUnusable
from service.store.keys import KeyRing, make_key
from service.store.models.operations import Mark
from service.store.models.people import Staff
from service.store.store import Store
from service.store.transaction import Transaction
from tests.conftest import TEMPLATE
from tests.databases import DatabaseServer
from tests.store.every_table import Everything, everything_in, fill_every_table
from tests.worker.village import HandClock

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
VAULT = Vault(KeyRing((make_key(),)))
NOTHING: Everything = {}

_numbers = count(1)

Open = Callable[..., Store]


@pytest.fixture
def open_store(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a new database of a dialect, with the schema or (``template=None``) without a table."""
    with ExitStack() as opened:

        def open_one(dialect: str, template: str | None = TEMPLATE, vault: Vault = VAULT) -> Store:
            fixture = {"sqlite": "sqlite_folder", "postgresql": "postgres_server"}[dialect]
            server: DatabaseServer = request.getfixturevalue(fixture)
            name = f"backup_{next(_numbers)}"
            if template:
                server.clone(template, name)
            else:
                server.create(name)
            opened.callback(server.drop, name)
            return opened.enter_context(Store(connect(server.url(name)), vault, HandClock(NOW)))

        yield open_one


@pytest.fixture
def store(open_store: Open, dialect: str) -> Store:
    """A database with rows in every table."""
    filled = open_store(dialect)
    fill_every_table(filled)
    return filled


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def restored(target: Store, file: Path) -> None:
    backup.check(file, target.vault, unwatched)
    target.write(lambda tx: backup.restore(tx, file, unwatched), OPERATOR)


def without_rows(store: Store) -> bool:
    return not any(everything_in(store).values())


def test_no_module_of_tables_is_left_out() -> None:
    """A table that nobody imported would be missing from backups without a word."""
    there = {module.name for module in iter_modules(models.__path__)} - {"columns"}
    assert {module.__name__.rpartition(".")[2] for module in shape.MODELS} == there


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
@pytest.mark.parametrize("template", [TEMPLATE, None], ids=["migrated", "bare"])
def test_every_row_comes_back_as_it_was(
    store: Store, open_store: Open, into: str, template: str | None, tmp_path: Path
) -> None:
    before = everything_in(store)
    assert all(before.values())
    written = backup.write(store, tmp_path / "backup", unwatched)
    assert written.rows == {table: len(rows) for table, rows in before.items()}
    target = open_store(into, template)
    restored(target, tmp_path / "backup")
    assert everything_in(target) == before == everything_in(store)


def test_rows_that_point_at_each_other_come_back(store: Store, open_store: Open, tmp_path: Path) -> None:
    def in_a_ring(tx: Transaction) -> None:
        ids = tx.connection.scalars(select(Staff.id)).all()
        for one, next_one in zip(ids, [*ids[1:], ids[0]], strict=True):
            tx.connection.execute(update(Staff).where(Staff.id == one).values(backup_id=next_one))

    store.write(in_a_ring, SYSTEM)
    backup.write(store, tmp_path / "backup", unwatched)
    target = open_store("postgresql")
    restored(target, tmp_path / "backup")
    assert everything_in(target)["staff"] == everything_in(store)["staff"]


def note(store: Store, name: str) -> None:
    store.write(
        lambda tx: tx.connection.execute(insert(Mark).values(name=name, value="", recorded_at=NOW)), SYSTEM
    )


def test_the_service_goes_on_writing_and_the_backup_shows_one_moment(
    store: Store, open_store: Open, dialect: str, tmp_path: Path
) -> None:
    before = everything_in(store)
    looks: list[tuple[int, int]] = []

    def write_meanwhile(done: int, total: int) -> None:
        note(store, f"meanwhile {len(looks)}")
        looks.append((done, total))

    backup.write(store, tmp_path / "backup", write_meanwhile)
    total = sum(map(len, before.values()))
    assert looks[-1] == (total, total)
    assert len(everything_in(store)["marks"]) == len(before["marks"]) + len(looks)
    target = open_store(dialect)
    restored(target, tmp_path / "backup")
    assert everything_in(target) == before


def test_only_its_owner_may_read_it_and_only_the_first_line_is_clear(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    backup.write(store, file, unwatched)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, _, rest = file.read_bytes().partition(b"\n")
    assert json.loads(first).keys() == {"format", "created_at", "schema", "key", "salt"}
    assert b"people" not in rest


def test_a_file_that_exists_is_never_overwritten(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("precious")
    with pytest.raises(BackupUnusable, match="exists already"):
        backup.write(store, file, unwatched)
    assert file.read_text() == "precious"
    assert [*tmp_path.iterdir()] == [file]


def test_a_file_that_appears_meanwhile_is_not_overwritten_either(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup"

    def appear(*_: int) -> None:
        file.write_text("precious")

    with pytest.raises(BackupUnusable, match="exists already"):
        backup.write(store, file, appear)
    assert file.read_text() == "precious"
    assert [*tmp_path.iterdir()] == [file]


def test_a_folder_that_is_not_there_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(
        BackupUnusable, match=r"Cannot write .*No such file.* Make the folder .*nowhere first"
    ):
        backup.write(store, tmp_path / "nowhere" / "backup", unwatched)


STOPS_IN_THE_MIDDLE = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import iter_modules
from service.store import backup, keys
from service.store.crypto import Vault
from service.store.database import connect
from service.store.store import Store

class Clock:
    def now(self): return datetime(2026, 11, 23, tzinfo=UTC)

def stop(done, total):
    if done > total / 2:
        print("half", flush=True)
        time.sleep(60)

url, key_file, file = sys.argv[1:]
with Store(connect(url), Vault(keys.load(Path(key_file))), Clock()) as store:
    backup.write(store, Path(file), stop)
"""


def test_a_killed_backup_leaves_no_file_of_its_name_and_the_next_one_works(
    open_store: Open, dialect: str, tmp_path: Path
) -> None:
    vault = Vault(keys.create(tmp_path / "keys"))
    store = open_store(dialect, vault=vault)
    fill_every_table(store)
    file = tmp_path / "to" / "backup"
    file.parent.mkdir()
    url = store.database.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", STOPS_IN_THE_MIDDLE, url, tmp_path / "keys", file], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"half\n"
        os.kill(process.pid, signal.SIGKILL)
    assert [found.suffix for found in file.parent.iterdir()] == [".part"]
    backup.write(store, file, unwatched)
    backup.check(file, vault, unwatched)


def test_a_flipped_bit_anywhere_is_refused(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    backup.write(store, file, unwatched)
    whole = file.read_bytes()
    header = whole.index(b"\n") + 1
    for place in [*range(header), *range(header, len(whole), 97), len(whole) - 1]:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupUnusable):
            backup.check(file, store.vault, unwatched)
    file.write_bytes(whole)
    backup.check(file, store.vault, unwatched)


def test_a_damaged_file_writes_nothing_even_if_nobody_checked_it(
    store: Store, open_store: Open, dialect: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    fill_every_table(store, rows=200, seed=2)
    backup.write(store, file, unwatched)
    assert file.stat().st_size > 4 * envelope.PIECE
    file.write_bytes(file.read_bytes()[:-1])
    target = open_store(dialect)
    with pytest.raises(BackupUnusable, match="damaged"):
        target.write(lambda tx: backup.restore(tx, file, unwatched), OPERATOR)
    assert without_rows(target)


def test_another_key_file_is_told_apart_from_damage(store: Store, tmp_path: Path) -> None:
    backup.write(store, tmp_path / "backup", unwatched)
    with pytest.raises(BackupUnusable, match="not the one of this backup"):
        backup.check(tmp_path / "backup", Vault(KeyRing((make_key(),))), unwatched)


def test_a_key_file_that_was_rotated_since_still_opens_it(
    open_store: Open, dialect: str, tmp_path: Path
) -> None:
    store = open_store(dialect)
    store.prove_keys()
    backup.write(store, tmp_path / "backup", unwatched)
    rotated = Vault(KeyRing((make_key(), *VAULT.ring.keys)))
    assert backup.check(tmp_path / "backup", rotated, unwatched).created_at == NOW


def test_a_key_that_rows_of_the_backup_need_must_be_in_the_key_file(
    open_store: Open, dialect: str, tmp_path: Path
) -> None:
    older = make_key()
    with_both = Vault(KeyRing((*VAULT.ring.keys, older)))
    store = open_store(dialect, vault=Vault(KeyRing((older,))))
    store.prove_keys()
    Store(store.database, with_both, store.clock).prove_keys()
    backup.write(Store(store.database, with_both, store.clock), tmp_path / "backup", unwatched)
    with pytest.raises(BackupUnusable, match=older.id):
        backup.check(tmp_path / "backup", VAULT, unwatched)


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    header = envelope.new_header(NOW, "9999", VAULT.ring.newest)
    pieces = envelope.seal([b""], header, VAULT.ring)
    (tmp_path / "backup").write_bytes(header.line + b"".join(pieces))
    with pytest.raises(BackupUnusable, match="newer Khopotso"):
        backup.check(tmp_path / "backup", VAULT, unwatched)


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"[]\n", b"PK\x03\x04", b"\xff" * 9000])
def test_what_is_no_backup_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BackupUnusable, match="no backup"):
        backup.check(tmp_path / "file", VAULT, unwatched)


def test_a_database_in_use_is_left_alone(store: Store, tmp_path: Path) -> None:
    backup.write(store, tmp_path / "backup", unwatched)
    before = everything_in(store)
    with pytest.raises(DatabaseUnusable, match="in use"):
        store.write(lambda tx: backup.restore(tx, tmp_path / "backup", unwatched), OPERATOR)
    assert everything_in(store) == before


def test_a_database_of_something_else_is_left_alone(
    store: Store, open_store: Open, dialect: str, tmp_path: Path
) -> None:
    backup.write(store, tmp_path / "backup", unwatched)
    target = open_store(dialect, None)
    engine = create_engine(target.database.url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (number INTEGER)"))
    with pytest.raises(DatabaseUnusable, match="something else"):
        target.write(lambda tx: backup.restore(tx, tmp_path / "backup", unwatched), OPERATOR)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM theirs")) == 0
    engine.dispose()


def test_a_service_that_was_only_started_may_be_restored_into(
    store: Store, open_store: Open, dialect: str, tmp_path: Path
) -> None:
    backup.write(store, tmp_path / "backup", unwatched)
    target = open_store(dialect)
    target.prove_keys()
    target.write(lambda tx: backup.restore(tx, tmp_path / "backup", unwatched), OPERATOR)
    assert everything_in(target) == everything_in(store)
