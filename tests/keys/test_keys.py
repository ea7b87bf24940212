"""Random keys over a network that repeats itself cause what the same keys cause over one that does not."""

import os
from collections.abc import Iterator

import pytest

from service.domain.phone import Phone
from tests.databases import DatabaseServer
from tests.keys.pair import Pair, pair

KEYS = int(os.environ.get("KEYS", "120"))
"""``make keys`` presses 100,000."""


@pytest.fixture
def both(database_server: DatabaseServer) -> Iterator[Pair]:
    calm, nervous = "keys_calm", "keys_nervous"
    for name in (calm, nervous):
        database_server.clone("template", name)
    with pair(database_server.url(calm), database_server.url(nervous), seed=3) as opened:
        yield opened
    for name in (calm, nervous):
        database_server.drop(name)


@pytest.mark.timeout(600)
def test_whatever_is_pressed_and_repeated_happens_once(both: Pair) -> None:
    both.live(KEYS)
    assert not both.wrong
    assert both.figures["repeats"]
    assert both.figures["late"]
    assert both.effects


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
def test_what_one_side_alone_has_caused_is_a_fault(both: Pair) -> None:
    both.nervous.hears("one more", Phone("+26658100099"), "2")
    both.live(0)
    (fault,) = both.wrong
    assert "twice: {'" in fault
