"""The words of the pages: every language has all of them, and every list that a page shows is in them."""

import ast
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

import handlers.staff
from handlers.staff.faults import FAULTS
from handlers.staff.titles import family_of, text_and_occasions
from handlers.staff.words import LANGUAGES, Words, words_in
from service.actions.reach import ReachFault
from service.domain.cascade import FinalStatus
from service.domain.ledger import LedgerState
from service.domain.message import MessageState
from service.domain.people import ClientState, EnrolledThrough, Role, Sex
from service.domain.reason import Reason
from service.domain.safety import TransferState
from service.domain.tasks import TaskKind, Urgency
from service.keywords import Command, Said, Unrecognised
from service.reports.counting.definitions import OTHER, UNKNOWN
from service.reports.counting.infants import EARLY, LATER
from service.reports.counting.reminders import NO_VISIT
from service.texts.values import Tier
from tests.staff.house import House

FOLDER = Path(str(files(handlers.staff)))
ENGLISH, *OTHERS = map(words_in, LANGUAGES)
SAID = re.compile(r"""\bw(?:ords\(\))?\("([a-z_]+\.[a-z0-9_]+)\"""")
TOLD = re.compile(r'\bback\("([a-z_]+)"')
FIELD = re.compile(r"\{(\w+)\}")
PARTS = [*EnrolledThrough, *Sex, *Urgency, UNKNOWN, OTHER, NO_VISIT, EARLY, LATER]
MEANINGS = [*Said, *(one.__name__.lower() for one in (Unrecognised, *get_args(Command)))]


@pytest.mark.parametrize("other", OTHERS, ids=lambda words: words.language)
def test_each_language_says_the_same_things_with_the_same_fields(other: Words) -> None:
    assert other.said.keys() == ENGLISH.said.keys()
    fields = {key: set(FIELD.findall(said)) for key, said in ENGLISH.said.items()}
    assert {key: set(FIELD.findall(said)) for key, said in other.said.items()} == fields


def test_a_language_that_no_native_speaker_has_read_says_so() -> None:
    assert [words.review for words in OTHERS] == ["awaiting native review"]


def test_what_a_page_or_a_view_says_is_in_the_words() -> None:
    said = {
        key
        for file in (*FOLDER.glob("*.py"), *FOLDER.glob("templates/**/*.html"))
        for key in SAID.findall(file.read_text())
    }
    told = {f"told.{key}" for file in FOLDER.glob("*.py") for key in TOLD.findall(file.read_text())}
    assert said | told <= ENGLISH.said.keys()


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("task_kind", TaskKind),
        ("reason", Reason),
        ("tier", [tier for tier in Tier if tier is not Tier.T2]),
        ("role", Role),
        ("client_state", ClientState),
        ("meaning", MEANINGS),
        ("figures_part", PARTS),
        ("result", FinalStatus),
        ("text_state", [*MessageState, *(set(LedgerState) - {LedgerState.PLANNED})]),
    ],
)
def test_each_of_a_list_has_a_word(group: str, members: Iterable[str]) -> None:
    assert [one for one in members if f"{group}.{one}" not in ENGLISH.said] == []


def test_each_text_that_no_plan_sends_has_a_title(house: House) -> None:
    """One of a plan goes by its name until it has one: a new reminder needs its block and its words alone."""
    programme = house.village.parts.programme
    planned = {text.key for plan in programme.plans for step in plan.steps for text in step.texts}
    keys = [key for key in programme.texts.by_language["en"].texts if not key.startswith("ussd.")]
    named = {f"text.{text_and_occasions(key)[0]}" for key in keys if family_of(key) not in planned}
    occasions = {f"text_for.{one}" for key in keys for one in text_and_occasions(key)[1]}
    assert (named | occasions) - ENGLISH.said.keys() == set()


def test_whatever_goes_into_the_record_of_who_did_what_has_words() -> None:
    recorded = {
        f"audit_{part}.{said.value!s}"
        for folder in ("service", "scheduler", "handlers")
        for file in (FOLDER.parents[1] / folder).rglob("*.py")
        if ".audit(" in file.read_text()
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "audit"
        for part, said in zip(("verb", "noun"), call.args, strict=False)
        if isinstance(said, ast.Constant)
    }
    listed = {f"audit_verb.{state}" for state in TransferState if state is not TransferState.OFFERED}
    assert (recorded | listed) - ENGLISH.said.keys() == set()


def test_each_reason_for_which_a_form_is_refused_has_words() -> None:
    assert [key for key in FAULTS.values() if f"fault.{key}" not in ENGLISH.said] == []


def test_whatever_stands_against_a_wish_of_hers_is_told() -> None:
    assert [fault for fault in ReachFault if f"told.reach_{fault}" not in ENGLISH.said] == []


def test_she_reads_the_pages_in_the_language_that_she_chose(house: House) -> None:
    page = house.mentor.open("/staff/account")
    assert '<html lang="en">' in page.html
    answer = house.mentor.send("/staff/language", language="st", to="/staff/today")
    assert answer.to == "/staff/today"
    page = house.mentor.open("/staff/today")
    assert '<html lang="st">' in page.html
    assert "Kajeno" in page.text


def test_before_she_is_in_the_browser_says_which_language(house: House) -> None:
    page = house.browser().open("/staff/sign-in", **{"Accept-Language": "st-LS,st;q=0.9,en;q=0.5"})
    assert "Kena" in page.text


def test_a_day_far_off_is_said_with_its_year() -> None:
    today = date(2026, 11, 23)
    days = (date(2027, 3, 2), date(2028, 3, 2), date(2025, 9, 1))
    assert [ENGLISH.near_day(day, today) for day in days] == [
        "Tuesday 2 March",
        "Thursday 2 March 2028",
        "Monday 1 September 2025",
    ]
    assert ENGLISH.moment(datetime(2025, 11, 23, 8, tzinfo=UTC), ZoneInfo("UTC"), today) == (
        "Sunday 23 November 2025, 08:00"
    )
