"""A house of two sites, and another system that calls its API; on SQLite unless a test asks for both."""

from collections.abc import Iterator

import pytest

from tests.api.caller import Calling, calling
from tests.conftest import TEMPLATE
from tests.databases import SqliteFolder
from tests.staff.house import open_house


@pytest.fixture
def api(sqlite_folder: SqliteFolder, request: pytest.FixtureRequest) -> Iterator[Calling]:
    name = f"api_{abs(hash(request.node.nodeid))}"
    sqlite_folder.clone(TEMPLATE, name)
    with open_house(sqlite_folder.url(name)) as house:
        yield calling(house)
    sqlite_folder.drop(name)
