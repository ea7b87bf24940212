"""One database, two dialects, one code path."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Float

BUSY_SECONDS = 5.0
"""How long one waits for another's lock, or for a free connection, before giving up."""

CONNECT_SECONDS = 3
"""How long PostgreSQL has to take a connection: a phone is waiting behind it."""

LOST_SECONDS = 10
"""After so long without a sign from PostgreSQL's machine a line is given up; else it would be two hours."""

_LIFELINE = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": LOST_SECONDS * 1000,
}


_SEVERAL_HOSTS: Final = re.compile(
    r"(?P<before>postgres[^:/]*://([^/@]*@)?)(?P<hosts>[^/@?]*,[^/@?]*)(?P<after>[/?].*)?"
)
_PLACE: Final = re.compile(r"\[?(?P<host>.*?)\]?(:(?P<port>[0-9]*))?")


class DatabaseUnusable(Exception):
    """The database cannot be used as it is; the sentence says why and what to do."""


class database_seconds(FunctionElement[float]):
    """Seconds since 1970 on the database's own clock, which all workers share. For leases and pace only."""

    type = Float()
    inherit_cache = True
    name = "database_seconds"


@compiles(database_seconds, "sqlite")
def _sqlite_seconds(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_seconds, "postgresql")
def _postgresql_seconds(*_: Any, **__: Any) -> str:
    return "extract(epoch from clock_timestamp())::float8"


@dataclass(frozen=True)
class Database:
    """Where to write, and where to read, which writes nothing and sees one state of the database."""

    url: URL
    writing: Engine
    reading: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def close(self) -> None:
        self.writing.dispose()
        self.reading.dispose()


def as_url(address: str) -> URL:
    """A SQLAlchemy URL; a plain ``postgresql://`` means psycopg 3. Raises ``DatabaseUnusable``.

    Of several hosts the one is taken that may be written to, unless the address says otherwise.
    """
    try:
        url = make_url(_hosts_apart(address))
    except (ArgumentError, ValueError):
        raise DatabaseUnusable(
            "DATABASE_URL is no address of a database, such as postgresql://user:password@host/khopotso."
        ) from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    hosts = url.query.get("host", "")
    if (isinstance(hosts, tuple) or "," in hosts) and "target_session_attrs" not in url.query:
        return url.update_query_dict({"target_session_attrs": "read-write"})
    return url


def _hosts_apart(address: str) -> str:
    """The form that PostgreSQL's own tools take, ``a:5432,b:5432``, in the form that SQLAlchemy does."""
    found = _SEVERAL_HOSTS.fullmatch(address)
    if found is None:
        return address
    path, _, query = (found["after"] or "/").partition("?")
    places = [_PLACE.fullmatch(place) for place in found["hosts"].split(",")]
    hosts = ",".join(place["host"] for place in places if place)
    ports = ",".join(place["port"] or "" for place in places if place)
    return f"{found['before']}{path}?{urlencode({'host': hosts, 'port': ports})}&{query}"


def connect(address: str) -> Database:
    """Open the engines. Nothing is migrated; see ``upgrade``. Raises ``DatabaseUnusable``."""
    url = as_url(address)
    backend = url.get_backend_name()
    if backend == "postgresql":
        return _postgresql(url)
    if backend != "sqlite" or not url.database or url.database == ":memory:":
        raise DatabaseUnusable("DATABASE_URL must name a SQLite file or a PostgreSQL database.")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    reading = _sqlite_engine(url, "BEGIN", "query_only=ON")
    return Database(url, _sqlite_engine(url, "BEGIN IMMEDIATE"), reading)


def _postgresql(url: URL) -> Database:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=16,
        max_overflow=16,
        pool_timeout=BUSY_SECONDS,
        connect_args=_LIFELINE,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        connection.commit()

    # Otherwise each statement of a question would see a later state than the one before.
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(url, engine, reading)


def _sqlite_engine(url: URL, begin: str, *pragmas: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, pool_size=16, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver's own transaction handling would begin too late and commit before DDL.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def assert_durable(database: Database) -> None:
    """Raise ``DatabaseUnusable`` unless a commit survives a power cut on this database."""
    with database.writing.connect() as connection:
        if database.is_sqlite:
            journal = connection.scalar(text("PRAGMA journal_mode"))
            synchronous = connection.scalar(text("PRAGMA synchronous"))
            durable = journal == "wal" and synchronous in (2, 3)
            found = f"journal_mode={journal}, synchronous={synchronous}; needed are wal and 2 (FULL)"
        else:
            setting = connection.scalar(text("SHOW synchronous_commit"))
            fsync = connection.scalar(text("SHOW fsync"))
            durable = setting != "off" and fsync == "on"
            found = f"synchronous_commit={setting}, fsync={fsync}; needed are on and on"
    if not durable:
        raise DatabaseUnusable(f"The database may lose a commit in a power cut: {found}.")


def database_now(connection: Connection) -> float:
    """Seconds on the database's clock; see ``database_seconds``."""
    return float(connection.execute(database_seconds().select()).scalar_one())


def machines_beside(connection: Connection) -> tuple[str, ...]:
    """The addresses of other machines that are connected to this database."""
    if connection.dialect.name == "sqlite":
        return ()
    found = text(
        "SELECT DISTINCT host(client_addr) FROM pg_stat_activity WHERE datname = current_database() "
        "AND client_addr IS DISTINCT FROM inet_client_addr() "
        "AND NOT client_addr <<= '127.0.0.0/8' AND client_addr <> '::1'"
    )
    return tuple(sorted(connection.scalars(found)))


@contextmanager
def migrations(**given: URL | Connection) -> Iterator[Config]:
    """The migrations, for an address (``url``) or for a transaction that is open (``connection``)."""
    with as_file(files("service.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes.update(given)
        yield config


def upgrade(address: str) -> None:
    """Bring the schema to this version of the program. Running it again changes nothing."""
    with migrations(url=as_url(address)) as config:
        command.upgrade(config, "head")


def current(address: str) -> tuple[str | None, str | None]:
    """The schema version that the database has, and the one that this program needs."""
    database = connect(address)
    try:
        with database.reading.connect() as connection, migrations(url=database.url) as config:
            has = MigrationContext.configure(connection).get_current_revision()
            return has, ScriptDirectory.from_config(config).get_current_head()
    finally:
        database.close()
