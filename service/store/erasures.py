"""Erasing people for good: in the database, and in a list beside it by which every restore erases them again.

A backup that is older than an erasure still holds the person. The list holds ids and moments, nothing else;
each line is bound to the one before it by a keyed hash.
"""

import fcntl
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy import select

from service.store.crypto import Vault
from service.store.disk import flush_folder
from service.store.forgetting import forget
from service.store.models.people import Person
from service.store.records import with_her
from service.store.transaction import Transaction

_PURPOSE: Final = "erasures"


class ErasuresUnusable(Exception):
    """The list of erasures cannot be read or written; the sentence says why and what to do."""


@dataclass(frozen=True)
class Erasure:
    """``at`` is when the person was erased, aware, UTC."""

    person_id: UUID
    at: datetime


def list_in(data_folder: Path) -> Path:
    """Where the list of an installation lies."""
    return data_folder / "erasures"


class Erasures:
    """The list in a file, to which lines are only ever added. Processes of one machine may share it."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self.path = path
        self._vault = vault

    def note(self, erasures: Iterable[Erasure]) -> None:
        """Add lines; they are on disk when this returns. Raises ``ErasuresUnusable``."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._held() as file:
                self._add(file, erasures)
            flush_folder(self.path.absolute().parent)
        except OSError as error:
            raise ErasuresUnusable(
                f"Cannot write the list of erasures {self.path}: {error.strerror}."
            ) from None

    def renew(self) -> None:
        """Write the list anew under the newest key, whole or not at all. Raises ``ErasuresUnusable``."""
        if not self.path.exists():
            return
        part = self.path.with_name(f"{self.path.name}.part")
        try:
            with self._held():
                part.unlink(missing_ok=True)
                with _open(part) as file:
                    self._add(file, self.read())
                part.rename(self.path)
            flush_folder(self.path.absolute().parent)
        except OSError as error:
            raise ErasuresUnusable(
                f"Cannot write the list of erasures {self.path}: {error.strerror}."
            ) from None

    @contextmanager
    def _held(self) -> Iterator[BinaryIO]:
        """The list, locked. Whoever waited for one that was renewed meanwhile takes the new one."""
        while True:
            with _open(self.path) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if os.path.samestat(os.fstat(file.fileno()), self.path.stat()):
                    yield file
                    return

    def _add(self, file: BinaryIO, erasures: Iterable[Erasure]) -> None:
        content = file.read()
        end = content.rfind(b"\n") + 1  # what stands behind it was torn by a power cut and never promised
        file.truncate(end)
        file.seek(end)
        before = content[:end].decode("ascii", "replace").strip().rpartition(" ")[2]
        key_id = self._vault.ring.newest.id
        for erasure in erasures:
            before, text = self._macs(before, erasure)[key_id], _text(erasure)
            file.write(f"{text} {key_id} {before}\n".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())

    def read(self) -> tuple[Erasure, ...]:
        """All erasures, the oldest first. Raises ``ErasuresUnusable`` if a line is not as it was written."""
        try:
            content = self.path.read_bytes().decode("ascii", "replace")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ErasuresUnusable(
                f"Cannot read the list of erasures {self.path}: {error.strerror}."
            ) from None
        erasures, before = [], ""
        for number, line in enumerate(content.split("\n")[:-1], start=1):
            found = self._genuine(before, line)
            if found is None:
                raise ErasuresUnusable(
                    f"Line {number} of the list of erasures {self.path} was altered, "
                    "or is of another key file. Take a copy of the list that is whole, "
                    "or move it away to restore without it."
                )
            erasures.append(found)
            before = line.rpartition(" ")[2]
        return tuple(erasures)

    def _genuine(self, before: str, line: str) -> Erasure | None:
        try:
            person_id, at, key_id, mac = line.split(" ")
            erasure = Erasure(UUID(person_id), datetime.fromisoformat(at))
        except ValueError:
            return None
        wanted = self._macs(before, erasure).get(key_id)
        return erasure if wanted and hmac.compare_digest(wanted.encode(), mac.encode()) else None

    def _macs(self, before: str, erasure: Erasure) -> dict[str, str]:
        """The keyed hash of a line under each key, by the key's id."""
        macs = self._vault.indexes(_PURPOSE, f"{before} {_text(erasure)}")
        return {key.id: mac.hex() for key, mac in zip(self._vault.ring.keys, macs, strict=True)}


def _open(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")


def _text(erasure: Erasure) -> str:
    return f"{erasure.person_id} {erasure.at.isoformat()}"


def erase(tx: Transaction, erasures: Erasures, person_id: UUID) -> None:
    """Forget a person with her infants, her supporters and what was merged into her record.

    Now and after every restore. Raises ``ErasuresUnusable``.

    The list comes first: should the transaction fail, she is on it, and erasing her again does no harm.
    """
    erased = [Erasure(one, tx.now) for one in (person_id, *with_her(tx, person_id))]
    erasures.note(erased)
    replay(tx, erased)
    tx.audit("erased", "person", person_id)


def replay(tx: Transaction, erasures: Iterable[Erasure]) -> int:
    """Forget everybody on the list who is here and not erased; how many there were."""
    there = {erasure.person_id: erasure.at for erasure in erasures}
    known = tx.connection.scalars(select(Person.id).where(Person.id.in_(there), Person.erased_at.is_(None)))
    found = known.all()
    for person_id in found:
        forget(tx, person_id, there[person_id])
    return len(found)
