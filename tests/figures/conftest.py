"""The caseload, loaded once into each database."""

from collections.abc import Iterator

import pytest

from tests.conftest import DIALECTS, TEMPLATE
from tests.databases import DatabaseServer
from tests.figures.caseload.loading import Caseload, load
from tests.worker.village import open_village


@pytest.fixture(scope="module", params=DIALECTS)
def loaded(request: pytest.FixtureRequest) -> Iterator[Caseload]:
    fixture = {"sqlite": "sqlite_folder", "postgresql": "postgres_server"}[request.param]
    server: DatabaseServer = request.getfixturevalue(fixture)
    server.clone(TEMPLATE, "caseload")
    with open_village(server.url("caseload")) as village:
        yield load(village, server.url("caseload"))
    server.drop("caseload")
