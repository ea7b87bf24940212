"""Made-up time on the page: what falls due on the way happens at its own moment, and says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.demonstrations import Visitor, demonstration


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with demonstration(tmp_path / "data") as started:
        yield Visitor(started.address)


def test_without_a_script_she_is_reminded_answers_and_is_expected(visitor: Visitor) -> None:
    visitor.open("Palesa").press("skip")
    visitor.wait_for_text("Hello Palesa, remember your date: ")
    visitor.press("text", text="1")
    visitor.wait_for_text("Thank you Palesa. See you on ")
    assert "confirmed; she says she will come" in visitor.log
    visitor.wait_for("Reminder a week before")
    assert visitor.clock.endswith(", 10:00")


def test_the_page_follows_the_next_reminder_to_whoever_gets_it(visitor: Visitor) -> None:
    visitor.open("Palesa").press("skip")
    visitor.press("skip")
    assert "Hello Palesa" not in visitor.texts()[0]
    assert "10:00 Text" in visitor.log


def test_a_day_passes_without_a_reminder_being_late(visitor: Visitor) -> None:
    visitor.open("Palesa").press("ahead", step="day")
    assert visitor.clock.endswith(", 09:40") or visitor.clock.endswith(", 09:41")
    visitor.wait_for("delivered")
    assert visitor.log.index("10:00 Text “Ahead of her visit” to Palesa") > 0
    assert "too late" not in visitor.log


def test_what_does_not_go_says_why(visitor: Visitor) -> None:
    visitor.open("Neo")
    for _ in range(3):
        visitor.press("ahead", step="day")
    assert "not sent she did not agree to texts" in visitor.log
    visitor.open("Mamolefe")
    assert "not sent she chose to get no texts" in visitor.log
    visitor.open("Keneuoe")
    assert "not sent nobody has answered from this number yet" in visitor.log


def test_a_reminder_of_a_miss_is_announced_with_its_condition(visitor: Visitor) -> None:
    assert "only if somebody writes down a miss" in visitor.open("Palesa").log
