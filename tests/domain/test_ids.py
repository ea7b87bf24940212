"""Identifiers."""

import time
from uuid import RFC_4122

from service.domain.ids import new_id


def test_an_id_is_a_uuid_of_version_7() -> None:
    assert new_id().version == 7
    assert new_id().variant == RFC_4122


def test_no_two_ids_are_the_same() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_ids_begin_with_the_milliseconds_of_their_making() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id().int >> 80
    assert before <= made <= time.time_ns() // 1_000_000


def test_ids_sort_in_order_of_creation() -> None:
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()
