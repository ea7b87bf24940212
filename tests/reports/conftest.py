"""A whole service in one process, on either database, with a clock and a gateway in the test's hands."""

from collections.abc import Iterator

import pytest

from tests.worker.village import Village, open_village


@pytest.fixture
def village(database_url: str) -> Iterator[Village]:
    with open_village(database_url) as opened:
        yield opened
