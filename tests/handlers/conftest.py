"""The web application on either database, as providers reach it."""

from collections.abc import Iterator

import pytest

from tests.journeys.service import Service, open_service


@pytest.fixture
def service(database_url: str) -> Iterator[Service]:
    with open_service(database_url) as opened:
        yield opened
