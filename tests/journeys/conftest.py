"""The service as Africa's Talking meets it: the real routes and gateway, and a provider on loopback."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.databases import SqliteFolder
from tests.journeys.service import Service, open_service

_numbers = count(1)


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    with open_service(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_url(sqlite_folder: SqliteFolder) -> Iterator[str]:
    """For what does not depend on the database."""
    name = f"journey_{next(_numbers)}"
    sqlite_folder.clone("template", name)
    yield sqlite_folder.url(name)
    sqlite_folder.drop(name)
