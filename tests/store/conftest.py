"""An open store on either database, with keys of its own."""

from collections.abc import Iterator
from itertools import count

import pytest

from service.store import database
from service.store.crypto import Vault
from service.store.keys import KeyRing, make_key
from service.store.store import Store
from tests.databases import PostgresServer, SqliteFolder
from tests.worker.village import MONDAY, HandClock, at

_numbers = count(1)


@pytest.fixture
def vault() -> Vault:
    return Vault(KeyRing((make_key(),)))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(at(MONDAY, "10:00"))


@pytest.fixture
def store(database_url: str, vault: Vault, clock: HandClock) -> Iterator[Store]:
    with Store(database.connect(database_url), vault, clock) as opened:
        opened.prove_keys()
        yield opened


@pytest.fixture
def sqlite_url(sqlite_folder: SqliteFolder) -> Iterator[str]:
    """For what only SQLite has to promise."""
    name = f"alone_{next(_numbers)}"
    sqlite_folder.clone("template", name)
    yield sqlite_folder.url(name)
    sqlite_folder.drop(name)


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer) -> Iterator[str]:
    """For what only PostgreSQL has to promise."""
    name = f"alone_{next(_numbers)}"
    postgres_server.clone("template", name)
    yield postgres_server.url(name)
    postgres_server.drop(name)
