"""The schema that migrations make is the one that the program is written for."""

from uuid import uuid4

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select

from service.store import database, shape
from service.store.models.columns import Row
from service.store.models.people import District

TABLES = shape.MODELS


def test_the_migrated_schema_is_that_of_the_models(database_url: str) -> None:
    opened = database.connect(database_url)
    with opened.reading.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, Row.metadata)
    opened.close()
    assert differences == []


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    opened = database.connect(database_url)
    with opened.writing.begin() as connection:
        connection.execute(insert(District).values(id=uuid4(), name="Berea"))
    opened.close()
    database.upgrade(database_url)
    opened = database.connect(database_url)
    with opened.reading.connect() as connection:
        assert connection.scalar(select(District.name)) == "Berea"
    opened.close()


def test_an_upgraded_database_is_at_the_version_that_the_program_needs(empty_database_url: str) -> None:
    has, needs = database.current(empty_database_url)
    assert has is None
    database.upgrade(empty_database_url)
    assert database.current(empty_database_url) == (needs, needs)
