"""A house of two sites, with the pages opened; on SQLite unless a test asks for both databases."""

from collections.abc import Iterator

import pytest

from tests.conftest import TEMPLATE
from tests.databases import SqliteFolder
from tests.staff.house import House, open_house


@pytest.fixture
def house(sqlite_folder: SqliteFolder, request: pytest.FixtureRequest) -> Iterator[House]:
    name = f"house_{abs(hash(request.node.nodeid))}"
    sqlite_folder.clone(TEMPLATE, name)
    with open_house(sqlite_folder.url(name)) as opened:
        yield opened
    sqlite_folder.drop(name)
