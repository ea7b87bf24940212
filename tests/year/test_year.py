"""A simulated year on the production engine, held against what the test itself wrote down."""

import os
from pathlib import Path

import pytest

from tests.year.said import Sense
from tests.year.year import Size, a_year, gatherings

WOMEN = int(os.environ.get("YEAR_WOMEN", "24"))
"""``make year`` takes 2,000, for which a suite that is run often has no time."""

DAYS = int(os.environ.get("YEAR_DAYS", "365"))


@pytest.mark.timeout(1800)
def test_a_year_of_many_women_keeps_every_promise(tmp_path: Path) -> None:
    size = Size(WOMEN, DAYS)
    with a_year(size, tmp_path, tuple(gatherings(size))) as year:
        year.live()
    wrong = "\n".join(year.wrong[:20])
    assert not wrong
    assert year.nights >= DAYS - 1
    assert year.proved >= DAYS - 3
    assert all(
        year.watch.senses[sense]
        for sense in (Sense.DATE, Sense.TOMORROW, Sense.MISSED_YESTERDAY, Sense.HOW_ARE_YOU)
    )
