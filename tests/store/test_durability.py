"""A commit survives a power cut, or the service does not start."""

import pytest
from sqlalchemy import event, text

from service.store import database
from service.store.database import DatabaseUnusable


def test_the_writer_waits_for_the_disk(database_url: str) -> None:
    opened = database.connect(database_url)
    database.assert_durable(opened)
    opened.close()


def test_sqlite_writes_ahead_and_syncs_fully(sqlite_url: str) -> None:
    opened = database.connect(sqlite_url)
    with opened.writing.connect() as connection:
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
    opened.close()
    assert found == ["wal", 2]


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "synchronous=OFF", "journal_mode=DELETE"])
def test_a_sqlite_that_may_lose_a_commit_is_refused(sqlite_url: str, pragma: str) -> None:
    opened = database.connect(sqlite_url)

    @event.listens_for(opened.writing, "connect")
    def weaken(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    with pytest.raises(DatabaseUnusable, match="power cut"):
        database.assert_durable(opened)
    opened.close()


def test_a_postgresql_that_may_lose_a_commit_is_refused(postgresql_url: str) -> None:
    opened = database.connect(postgresql_url)

    @event.listens_for(opened.writing, "connect")
    def weaken(connection: object, _: object) -> None:
        connection.execute("SET synchronous_commit = off")  # type: ignore[attr-defined]
        connection.commit()  # type: ignore[attr-defined]

    with pytest.raises(DatabaseUnusable, match="synchronous_commit=off"):
        database.assert_durable(opened)
    opened.close()


@pytest.mark.parametrize(
    "address",
    ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "nonsense", "postgresql://host:port/name"],
)
def test_an_address_that_can_keep_nothing_is_refused(address: str) -> None:
    with pytest.raises(DatabaseUnusable, match="DATABASE_URL"):
        database.connect(address)


def test_a_plain_postgresql_address_means_the_driver_that_is_installed() -> None:
    assert database.as_url("postgresql://host/name").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://user:secret@one:5432,two:5433/name",
        "postgresql+psycopg://user:secret@/name?host=one:5432&host=two:5433",
        "postgresql://user:secret@/name?host=one,two&port=5432,5433",
    ],
)
def test_of_several_hosts_the_one_is_taken_that_can_be_written_to(address: str) -> None:
    opened = database.connect(address)
    _, given = opened.writing.dialect.create_connect_args(opened.url)
    opened.close()
    assert (given["host"], given["port"], given["dbname"]) == ("one,two", "5432,5433", "name")
    assert given["target_session_attrs"] == "read-write"


def test_who_names_hosts_may_say_which_is_taken() -> None:
    url = database.as_url("postgresql://[::1]:5432,two/name?target_session_attrs=any")
    assert url.query == {"host": "::1,two", "port": "5432,", "target_session_attrs": "any"}
