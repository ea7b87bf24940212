"""Every conversation in ``tests/transcripts/desk`` happens over the provider's route as it is written."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.databases import SqliteFolder
from tests.fakes import LANGUAGES
from tests.journeys.calls import Line, play
from tests.journeys.desk import MENTORS_PHONE, PIN, code, drawn_codes, morning
from tests.journeys.service import Service, rewound
from tests.menu.player import rewriting
from tests.worker.village import MONDAY, at

FOLDER = Path(__file__).parent.parent / "transcripts" / "desk"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
HER_DAY = sorted(FOLDER.glob("a_day.*.txt"))


def language_of(path: Path) -> str:
    return path.suffixes[0].removeprefix(".")


def prepared(service: Service, language: str) -> None:
    service.village.clock.moment = at(MONDAY, "12:00")
    morning(service.village, language)


@pytest.fixture(scope="module")
def mornings(sqlite_folder: SqliteFolder) -> Iterator[dict[str, Callable[[], Service]]]:
    """A morning for each language, which begins anew for every conversation."""
    with ExitStack() as stack:
        yield {
            code: stack.enter_context(
                rewound(sqlite_folder, f"morning_{code}", partial(prepared, language=code))
            )
            for code in LANGUAGES
        }


def played(path: Path, service: Service) -> str:
    """Codes that are drawn by lot are written as the next ones in order."""
    text = play(path.read_text("utf-8"), Line(service, MENTORS_PHONE))
    for number, drawn in enumerate(service.village.store.read(drawn_codes), start=10007):
        text = text.replace(drawn, code(number))
    return text


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_the_call_goes_as_written(path: Path, mornings: dict[str, Callable[[], Service]]) -> None:
    text = played(path, mornings[language_of(path)]())
    if rewriting(os.environ):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("path", HER_DAY, ids=lambda path: path.name)
def test_her_day_goes_as_written_on_either_database(path: Path, service: Service) -> None:
    prepared(service, language_of(path))
    assert played(path, service) == path.read_text("utf-8")


def test_every_call_is_written_in_every_language() -> None:
    names = {path.name.split(".")[0] for path in TRANSCRIPTS}
    assert {path.name for path in TRANSCRIPTS} == {
        f"{name}.{language}.txt" for name in names for language in LANGUAGES
    }


def test_no_conversation_shows_a_pin_or_a_clients_number() -> None:
    for path in TRANSCRIPTS:
        seen = [line for line in path.read_text("utf-8").splitlines() if not line.startswith((">", "#"))]
        assert not any(PIN in line for line in seen)


_ON_THE_KEYS = ("abc2", "def3", "ghi4", "jkl5", "mno6", "pqrs7", "tuv8", "wxyz9")


def taps(answer: str) -> int:
    """Keys pressed on a phone with twelve of them, the one that sends included."""
    places = {letter: place for key in _ON_THE_KEYS for place, letter in enumerate(key[:-1], 1)}
    return sum(places.get(letter, 1) for letter in answer) + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_is_enrolled_in_twelve_screens_and_45_keys(language: str) -> None:
    """Within the 180 seconds that a network gives a session."""
    lines = (FOLDER / f"enrol_her_own_phone.{language}.txt").read_text("utf-8").splitlines()
    typed = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert any("100080" in line for line in lines)
    assert 1 + len(typed) <= 12
    assert sum(map(taps, typed)) <= 45
