"""A year in which much goes wrong, in short; ``make troubles`` lives through it in full."""

from pathlib import Path

import pytest

from tests.year.troubled import a_troubled_year
from tests.year.troubles import TROUBLES
from tests.year.year import Size


@pytest.mark.timeout(600)
def test_whatever_goes_wrong_nobody_is_told_what_is_not_for_her(tmp_path: Path) -> None:
    with a_troubled_year(Size(women=24, days=110), tmp_path) as troubled:
        wrong = troubled.live()
    assert not wrong, "\n".join(wrong[:20])
    assert troubled.happened.keys() == {what.__name__ for what, _ in TROUBLES}
    assert troubled.oracle.seen["telling texts"]
    assert troubled.oracle.seen["alarms after 10 minutes"]
