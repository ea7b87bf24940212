"""A site with its people, met as its providers meet it: through the web routes and at the gateway."""

from collections.abc import Iterator

import pytest

from tests.journeys.service import open_service
from tests.safety.place import Place, open_place


@pytest.fixture
def place(database_url: str) -> Iterator[Place]:
    with open_service(database_url) as service:
        yield open_place(service)
