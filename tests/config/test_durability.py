"""A commit must survive a power cut; a PostgreSQL may have been set otherwise (SQLite is opened durably)."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from config import wiring
from config.settings import Settings
from service.store.database import DatabaseUnusable

pytestmark = pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)


@pytest.fixture
def hasty(database_url: str) -> str:
    """A database that says *done* before it is."""
    name = make_url(database_url).database
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    engine.dispose()
    return database_url


def test_a_database_that_may_lose_a_commit_is_refused(hasty: str) -> None:
    with pytest.raises(DatabaseUnusable, match="power cut"):
        wiring.open_database(Settings(database_url=hasty, data_dir=Path("unused")))


def test_for_a_demonstration_it_will_do(hasty: str) -> None:
    wiring.open_database(Settings(database_url=hasty, demo=True)).close()
