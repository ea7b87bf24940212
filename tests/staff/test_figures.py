"""Figures as people read them: names in full and periods in words, while addresses and files keep codes."""

from datetime import date

import pytest

from handlers.staff.figures.charts import Bar, bars
from handlers.staff.words import words_in
from service.domain.period import read_period
from tests.staff.house import House


@pytest.mark.parametrize(
    ("code", "english", "sesotho"),
    [
        ("2026-11", "November 2026", "Pulungoana 2026"),
        ("2026Q4", "October to December 2026", "Mphalane ho isa Ts'itoe 2026"),
        ("FY2027", "Year to September 2027", "Selemo se felang ka Loetse 2027"),
        ("2026-11-23", "Monday 23 November 2026", "Mantaha 23 Pulungoana 2026"),
    ],
)
def test_a_period_is_said_in_words(code: str, english: str, sesotho: str) -> None:
    period = read_period(code)
    assert [words_in(language).period(period) for language in ("en", "st")] == [english, sesotho]
    assert period.last < date(2027, 10, 1)


def test_page_and_paper_say_their_period_in_words_and_addresses_keep_the_code(house: House) -> None:
    page = house.coordinator.open(f"/staff/figures/of/ES_REACHED?period=2026Q4&site={house.here.id}")
    assert "Ha Demo, October to December 2026" in page.text
    assert "July to September 2026" in page.text
    assert "2026Q" not in page.text
    assert "period=2026Q4" in page.html
    paper = house.coordinator.open(f"/staff/figures/site/{house.here.id}/report.pdf?period=FY2027").answer
    assert b"Year to September 2027" in paper.get_data()
    assert "report-FY2027.pdf" in paper.headers["Content-Disposition"]


def test_the_name_of_a_site_stands_in_a_chart_in_full() -> None:
    name = "Mohale's Hoek Government Hospital"
    assert name.replace("'", "&#39;") in bars("c", "By site", [Bar(name, 3, "3")])


def test_parts_that_people_know_by_a_word_are_said_in_it(house: House) -> None:
    house.coordinator.send("/staff/language", from_page="/staff/account", language="st")
    page = house.coordinator.open(f"/staff/figures/of/NEW?period=2026-11&site={house.here.id}").text
    assert "O ngolisitsoe ka setsi 1" in page
    assert "unknown" not in page
