"""Every conversation in ``tests/transcripts/africastalking`` happens over the provider's route as written."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.domain.people import PhoneOwner
from service.domain.phone import Phone
from tests.databases import SqliteFolder
from tests.fakes import LANGUAGES
from tests.journeys.calls import Line, caller_of, play
from tests.journeys.calls_aat import AatLine
from tests.journeys.service import Service, rewound
from tests.menu.player import rewriting
from tests.worker.village import MONDAY, Village, at

FOLDER = Path(__file__).parent.parent / "transcripts" / "africastalking"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
PHONE = Phone("+26658100001")
THURSDAY = MONDAY + timedelta(days=3)


def mother(village: Village, language: str) -> None:
    village.visit(village.woman(language=language), THURSDAY)


def shared(village: Village, language: str) -> None:
    village.visit(village.woman(language=language, phone_owner=PhoneOwner.SHARED), THURSDAY)


def stopped(village: Village, language: str) -> None:
    village.visit(village.woman(language=language, sms=False), THURSDAY)


def nobody(village: Village, language: str) -> None:
    """The first screen is in the country's language whoever calls."""


CALLERS: dict[str, Callable[[Village, str], None]] = {
    "a mother with a date": mother,
    "a mother whose phone is shared": shared,
    "a mother who gets no texts": stopped,
    "a number that nobody knows": nobody,
}


def _language(path: Path) -> str:
    return path.suffixes[0].removeprefix(".")


def on_call(service: Service) -> None:
    service.village.clock.moment = at(MONDAY, "12:00")
    service.village.staff("Palesa", "+26658100050", on_call=True)


@pytest.fixture(scope="module")
def noon(sqlite_folder: SqliteFolder) -> Iterator[Callable[[], Service]]:
    """A village with a Mentor Mother, which begins anew for every conversation."""
    with rewound(sqlite_folder, "noon", on_call) as again:
        yield again


def people_for(path: Path, service: Service) -> str:
    """The conversation, once those whom it needs are there."""
    script = path.read_text("utf-8")
    CALLERS[caller_of(script)](service.village, _language(path))
    return script


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_the_call_goes_as_written(path: Path, service: Service) -> None:
    on_call(service)
    script = people_for(path, service)
    played = play(script, Line(service, PHONE))
    if rewriting(os.environ):
        path.write_text(played, "utf-8")
    assert played == script


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_it_goes_the_same_way_where_a_network_sends_the_last_input_only(
    path: Path, noon: Callable[[], Service]
) -> None:
    service = noon()
    script = people_for(path, service)
    assert play(script, AatLine(service, PHONE.e164.removeprefix("+"))) == script


def test_every_call_is_written_in_every_language() -> None:
    names = {path.name.split(".")[0] for path in TRANSCRIPTS}
    assert {path.name for path in TRANSCRIPTS} == {
        f"{name}.{code}.txt" for name in names for code in LANGUAGES
    }
