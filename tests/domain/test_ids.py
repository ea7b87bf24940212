"""Identifiers."""

import time
from uuid import RFC_4122

import pytest

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


def test_ids_sort_in_order_of_creation_also_within_a_millisecond() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(made)


def test_ids_stay_in_order_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first, earlier = new_id(), time.time_ns() - 10**9
    monkeypatch.setattr(time, "time_ns", lambda: earlier)
    assert first < new_id() < new_id()
