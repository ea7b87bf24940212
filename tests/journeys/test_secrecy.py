"""Whatever a day brings, no phone number, name or text is to be read in the database or in a log."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from service.store.models.columns import Row
from tests.journeys.day import NICKNAME, SECRETS, live, plan
from tests.journeys.service import Service, open_service


def test_a_raw_search_of_the_database_finds_no_number_no_name_and_no_text(service: Service) -> None:
    plan(service)
    live(service)
    content = raw(service)
    assert b"ATXid_" in content, "the search looks at the right bytes"
    for secret in SECRETS:
        for coding in ("utf-8", "utf-16-le", "utf-16-be"):
            for spelt in (secret, secret.upper(), secret[::-1]):
                assert spelt.encode(coding) not in content, f"{secret} in {coding}"


def raw(service: Service) -> bytes:
    """Everything that a thief of the disk has, write-ahead log included; of PostgreSQL, every row."""
    database = service.village.store.database
    if database.is_sqlite:
        path = Path(make_url(str(database.url)).database or "")
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return _dump(service)


def _dump(service: Service) -> bytes:
    with service.village.store.database.reading.connect() as connection:
        rows = [
            bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
            for table in Row.metadata.sorted_tables
            for row in connection.execute(text(f"SELECT * FROM {table.name}"))
            for value in row
        ]
    return b"\0".join(rows)


def test_the_write_ahead_log_is_part_of_the_search(sqlite_url: str) -> None:
    with open_service(sqlite_url) as service:
        plan(service)
        path = Path(make_url(sqlite_url).database or "")
        assert Path(f"{path}-wal").stat().st_size > 0


def test_no_log_shows_a_number_a_name_a_text_or_the_secret_of_the_path(sqlite_url: str) -> None:
    day = subprocess.run(
        [sys.executable, "-c", "from tests.journeys.day import main; main()", sqlite_url],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    written = day.stdout + day.stderr
    assert '"event": "sent"' in written
    assert '"event": "webhook not understood"' in written
    for secret in SECRETS:
        assert secret not in written


def test_a_careless_line_is_blotted_out(capfd: pytest.CaptureFixture[str]) -> None:
    careless = (
        "import logging, structlog; from config import logs; logs.configure(); log = structlog.get_logger()\n"
        f"log.info('x', phone='{SECRETS[0]}', name='{NICKNAME}', reason='call {SECRETS[0]}')\n"
        f"logging.getLogger('a.library').warning('cannot reach %s', '{SECRETS[0]}')\n"
        f"logging.getLogger('a.library').warning('cannot reach {SECRETS[0]}')\n"
    )
    subprocess.run([sys.executable, "-c", careless], check=True, timeout=50)
    written = "".join(capfd.readouterr())
    assert written.count("\n") == 3
    assert not any(secret in written for secret in SECRETS)
