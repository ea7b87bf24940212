"""The list of lines on which the safety behaviours rest is true of the code as it stands."""

from pathlib import Path

import pytest

from tests.safety.breaks import HERE, TREE, Break, breaks
from tests.safety.published import PAGE, figures


@pytest.mark.parametrize("one", breaks(), ids=lambda one: one.place)
def test_each_line_is_there_once_and_its_test_exists(one: Break) -> None:
    assert (TREE / one.file).read_text(encoding="utf-8").count(one.text) == 1
    file, _, name = one.test.partition("::")
    assert f"def {name}" in (HERE / Path(file)).read_text(encoding="utf-8")


def test_each_of_the_eighteen_has_one() -> None:
    assert {f"S{number}" for number in range(1, 19)} <= {one.of for one in breaks()}


def test_the_page_says_what_the_raw_figures_say() -> None:
    assert figures() in PAGE.read_text(encoding="utf-8")
