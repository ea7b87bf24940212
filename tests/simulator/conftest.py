"""A demonstration that the tests of one file share."""

from collections.abc import Iterator

import pytest

from tests.simulator.demonstrations import Demonstration, Visitor, demonstration


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with demonstration(tmp_path_factory.mktemp("demo") / "data") as started:
        yield started


@pytest.fixture
def visitor(running: Demonstration) -> Visitor:
    return Visitor(running.address)
