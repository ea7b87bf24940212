"""The cells of one line."""

import pytest

from service.intake import cells as say
from service.intake.cells import Cells, Problem
from service.intake.columns import Columns, read_header
from service.intake.sheet import Line

LAYOUT = read_header(Columns(("one", "two")), ("one", "two"))


def line(*cells: str) -> Cells:
    return Cells(LAYOUT, Line(7, cells))


def as_it_is(text: str) -> str:
    return text


def test_a_value_is_read_without_the_spaces_around_it() -> None:
    assert line("  a \t b\u00a0 ").need("one", as_it_is, "") == "a b"


def test_characters_that_nobody_sees_are_left_out() -> None:
    assert line("a\u200bb\u202e").need("one", as_it_is, "") == "ab"


@pytest.mark.parametrize("cells", [(), ("",), ("  ", "x"), ("\u200b", "x")])
def test_an_empty_value_that_is_needed_is_a_problem(cells: tuple[str, ...]) -> None:
    row = line(*cells)
    assert row.need("one", as_it_is, "stand-in") == "stand-in"
    assert row.problems == [Problem(7, "one", say.EMPTY)]


def test_an_empty_value_that_may_be_missing_has_its_usual_value() -> None:
    row = line("x", "")
    assert row.may("two", as_it_is, None) is None
    assert row.may("three", as_it_is, 3) == 3
    assert not row.problems


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\nb", say.LINE_BREAK),
        ("a\x07b", say.UNPRINTABLE),
        ("\ufffe", say.UNPRINTABLE),
        ("#N/A", say.SPREADSHEET_ERROR),
        ("#ref!", say.SPREADSHEET_ERROR),
    ],
)
def test_what_cannot_be_a_value_is_refused_in_every_column(text: str, why: str) -> None:
    row = line(text)
    row.may("one", as_it_is, None)
    assert row.problems == [Problem(7, "one", why)]


def test_more_values_than_columns_are_a_problem_of_the_line() -> None:
    assert line("1", "2", "3").problems == [Problem(7, "", say.TOO_MANY)]
    assert not line("1", "2", "", " ").problems


def test_all_problems_of_a_line_are_gathered() -> None:
    row = line("", "#N/A")
    row.need("one", as_it_is, "")
    row.need("two", as_it_is, "")
    assert [problem.column for problem in row.problems] == ["one", "two"]
