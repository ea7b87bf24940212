"""Backups: everything that the database holds at one moment, in one sealed file, for either database.

A backup is written while the service works, and holds up nobody. The key file is not in it.
"""

import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from service.store import envelope, lines, schema
from service.store.crypto import Vault
from service.store.database import DatabaseUnusable
from service.store.disk import flush_folder, told
from service.store.envelope import BackupUnusable, Header
from service.store.store import Store
from service.store.transaction import Reading, Transaction

Watch = Callable[[int, int], None]
"""Is told how much is done, and of how much: rows while a backup is written, bytes while it is read."""


_KEY_CHECKS: Final = "key_checks"


def unwatched(*_: int) -> None:
    """Watches nothing."""


@dataclass(frozen=True)
class Written:
    """A backup that is on disk: the moment that it shows, its rows by table, its size in bytes."""

    created_at: datetime
    rows: Mapping[str, int]
    size: int


def write(store: Store, path: Path, watch: Watch) -> Written:
    """Write a backup. Raises ``BackupUnusable``; then there is no file of that name, or the one there was."""
    with _appearing_whole(path) as file:
        created_at, rows = store.read(lambda reading: _write(reading, file, watch))
    return Written(created_at, rows, path.stat().st_size)


def _write(reading: Reading, file: BinaryIO, watch: Watch) -> tuple[datetime, Mapping[str, int]]:
    ring = reading.vault.ring
    revision = schema.revision(reading.connection)
    if revision is None:
        raise DatabaseUnusable("There is no database to back up yet.")
    header = envelope.new_header(reading.now, revision, ring.newest)
    rows: dict[str, int] = {}
    file.write(header.line)
    for piece in envelope.seal(_packed(_counted(reading, rows, watch)), header, ring):
        file.write(piece)
    return header.created_at, rows


def _counted(reading: Reading, rows: dict[str, int], watch: Watch) -> Iterator[bytes]:
    total, done = lines.count(reading.connection), 0
    for some in lines.write(reading.connection):
        if some.rows:
            rows[some.table] = rows.get(some.table, 0) + some.rows
        done += some.rows
        watch(done, total)
        yield some.text


@contextmanager
def _appearing_whole(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only once it is whole and on disk. What has that name is never overwritten."""
    _refuse_existing(path)
    try:
        descriptor, part = tempfile.mkstemp(".part", f"{path.name}.", path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _refuse_existing(path)
            Path(part).rename(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        flush_folder(path.absolute().parent)
    except OSError as error:
        raise BackupUnusable(f"Cannot write {told(path, error)}") from None


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise BackupUnusable(f"{path} exists already; a backup is never overwritten.")


def check(path: Path, vault: Vault, watch: Watch) -> Header:
    """Read a backup from its first byte to its last, and see that it can be restored here.

    Raises ``BackupUnusable`` if it is damaged, was altered, needs another key file or a newer program.
    """
    with _opened(path) as (file, header):
        if not schema.knows(header.revision):
            raise BackupUnusable(
                f"A newer Khopotso wrote this backup (schema {header.revision}); restore it with that one."
            )
        keys = {key.id for key in vault.ring.keys}
        for shape, values in _records(file, header, vault, watch):
            if shape.table == _KEY_CHECKS:
                _insist_on_key(keys, dict(zip(shape.columns, values, strict=True))["key_id"])
    return header


def _insist_on_key(keys: Set[str], key_id: str) -> None:
    if key_id not in keys:
        raise BackupUnusable(
            f"The key file lacks the key {key_id!r}, without which rows of this backup cannot be read."
        )


def restore(tx: Transaction, path: Path, watch: Watch) -> Mapping[str, int]:
    """Fill this database, which must be empty, from a backup; how many rows came into each table.

    What may have been sent since is not dealt with here: see ``service.actions.restore``.
    Raises ``DatabaseUnusable``, or ``BackupUnusable`` as ``check`` does.
    """
    schema.insist_empty(tx.connection)
    with _opened(path) as (file, header):
        schema.build(tx.connection, header.revision)
        rows = lines.fill(tx.connection, _records(file, header, tx.vault, watch))
    schema.finish(tx.connection)
    return rows


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, Header]]:
    try:
        with path.open("rb") as file:
            yield file, envelope.read_header(file)
    except OSError as error:
        raise BackupUnusable(f"Cannot read {path}: {error.strerror}.") from None


def _records(file: BinaryIO, header: Header, vault: Vault, watch: Watch) -> Iterator[lines.Record]:
    return lines.read(_unpacked(_watched(file, envelope.unseal(file, header, vault.ring), watch)))


def _watched(file: BinaryIO, pieces: Iterable[bytes], watch: Watch) -> Iterator[bytes]:
    size = os.fstat(file.fileno()).st_size
    for piece in pieces:
        watch(file.tell(), size)
        yield piece


def _packed(texts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj()
    for text in texts:
        yield packer.compress(text)
    yield packer.flush()


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for piece in pieces:
        yield unpacker.decompress(piece)
    yield unpacker.flush()
