"""The folder in which a demonstration keeps what it makes."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, create_engine, select
from sqlalchemy.exc import DatabaseError

from handlers.cli.parts import NotSo
from service.domain.phone import Phone
from service.seeding.seed import SEEDED
from service.store import database, keys
from service.store.models.operations import Mark
from service.store.models.people import Site

USUAL: Final = Path("demo-data")


@dataclass(frozen=True)
class PhoneLine:
    """Where the running demonstration takes requests, and whose phone calls when nobody says which.

    ``hooks`` is the address of the gateway's webhooks, its secret included.
    """

    hooks: str
    phone: Phone


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def database(self) -> Path:
        return self.path / "khopotso.db"

    @property
    def keys(self) -> Path:
        return self.path / "keys.json"

    @property
    def log(self) -> Path:
        return self.path / "log.jsonl"

    @property
    def _line(self) -> Path:
        return self.path / "line.json"

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the folder to ourselves. Raises ``NotSo`` if it is in use, or not ours."""
        self._refuse_what_is_not_ours()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NotSo(
                    f"Another demonstration runs on {self.path}; choose another folder with --data."
                ) from None
            yield

    def _refuse_what_is_not_ours(self) -> None:
        if self.database.exists() and not self._is_ours():
            raise NotSo(
                f"{self.path} holds a database that demo did not make, and it is left alone; "
                "choose another folder with --data."
            )

    def _is_ours(self) -> bool:
        """Whether demo seeded the database, or was interrupted before it could."""
        engine = create_engine(self._unchanging())
        try:
            with engine.connect() as connection:
                seeded = connection.scalar(select(Mark.name).where(Mark.name == SEEDED))
                used = connection.scalar(select(Site.id).limit(1))
        except DatabaseError:
            return False
        finally:
            engine.dispose()
        return seeded is not None or (used is None and self.keys.exists())

    def _unchanging(self) -> URL:
        """The database, to be looked at without so much as a file appearing beside it.

        What a process that was killed left in the write-ahead log counts too, and can only be read with it.
        """
        cut_short = self.database.with_name(self.database.name + "-wal").exists()
        query = {"mode": "ro"} if cut_short else {"immutable": "1"}
        return URL.create(
            "sqlite", database=self.database.absolute().as_uri(), query={**query, "uri": "true"}
        )

    def prepare(self) -> None:
        """Make the key file and bring the database to this program's schema; what is there stays."""
        if not self.keys.exists():
            keys.create(self.keys)
        database.upgrade(f"sqlite:///{self.database.absolute()}")

    @contextmanager
    def line_open(self, line: PhoneLine) -> Iterator[None]:
        """Leave a note for ``khopotso dial`` while the demonstration runs. It holds a secret."""
        note = json.dumps({"hooks": line.hooks, "phone": line.phone.e164})
        with open(self._line, "w", opener=_for_the_owner) as file:
            file.write(note)
        try:
            yield
        finally:
            self._line.unlink(missing_ok=True)

    def line(self) -> PhoneLine | None:
        """The line of the demonstration that runs on this folder, if one does."""
        try:
            note = json.loads(self._line.read_text())
            return PhoneLine(note["hooks"], Phone(note["phone"]))
        except (OSError, ValueError, KeyError):
            return None


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
