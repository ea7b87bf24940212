"""A whole service in one process, on either database, with a clock and a gateway in the test's hands."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.databases import SqliteFolder
from tests.worker.village import Village, open_village

_numbers = count(1)


@pytest.fixture
def village(database_url: str) -> Iterator[Village]:
    with open_village(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_village(sqlite_folder: SqliteFolder) -> Iterator[Village]:
    """For what does not depend on the database."""
    name = f"village_{next(_numbers)}"
    sqlite_folder.clone("template", name)
    with open_village(sqlite_folder.url(name)) as opened:
        yield opened
    sqlite_folder.drop(name)
