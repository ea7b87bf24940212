"""Every conversation in ``tests/transcripts`` happens as it is written there."""

import os
from pathlib import Path

import pytest

from service.menu.machine import ScreenSet
from tests.fakes import LANGUAGES
from tests.menu.player import RewriteRefused, play, rewriting

FOLDER = Path(__file__).parent.parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


def _language(path: Path) -> str:
    return path.suffixes[0].removeprefix(".")


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_the_conversation_goes_as_written(path: Path, screens: ScreenSet) -> None:
    played = play(path.read_text("utf-8"), screens, _language(path))
    if rewriting(os.environ):
        path.write_text(played, "utf-8")
    assert played == path.read_text("utf-8")


def test_every_conversation_is_written_in_every_language() -> None:
    names = {path.name.split(".")[0] for path in TRANSCRIPTS}
    assert {path.name for path in TRANSCRIPTS} == {
        f"{name}.{code}.txt" for name in names for code in LANGUAGES
    }


def test_a_changed_screen_is_noticed(screens: ScreenSet) -> None:
    script = "# Caller: a number that nobody knows\n* dials\nWelcome\n"
    assert play(script, screens, "en") != script


def test_transcripts_are_not_rewritten_under_ci() -> None:
    with pytest.raises(RewriteRefused):
        rewriting({"REWRITE_TRANSCRIPTS": "1", "CI": "true"})


def test_transcripts_are_rewritten_only_when_asked() -> None:
    assert rewriting({"REWRITE_TRANSCRIPTS": "1"})
    assert not rewriting({})
