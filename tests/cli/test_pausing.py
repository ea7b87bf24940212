"""``khopotso pause`` and ``resume``."""

import json

import pytest

from tests.cli.conftest import SITE, Installation

on_sqlite = pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)


def paused(installation: Installation) -> list[tuple[str, str, str]]:
    rows = json.loads(installation.good("pause", "--list", "--json"))
    return [(row["paused"], row["name"], row["why"]) for row in rows]


def test_everything_is_paused_until_resume(installation: Installation) -> None:
    installation.good("pause", "--why", "wrong dates")
    assert paused(installation) == [("all", "", "wrong dates")]
    assert "Nothing is paused" in installation.good("resume")
    assert paused(installation) == []


def test_a_pause_stands_alone(installation: Installation) -> None:
    installation.good("pause", "--site", SITE.lower())
    installation.good("pause", "--plan", "visits", "--why", "new wording")
    installation.good("pause", "--gateway", "simulator")
    installation.good("resume", "--plan", "visits")
    assert paused(installation) == [("site", SITE, ""), ("gateway", "simulator", "")]


def test_it_says_who_paused(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "engineer")
    assert "operator:engineer" in installation.good("pause")


def test_pausing_again_changes_nothing(installation: Installation) -> None:
    installation.good("pause", "--why", "first")
    installation.good("pause", "--why", "second")
    assert paused(installation) == [("all", "", "first")]


@on_sqlite
def test_what_is_not_paused_cannot_be_resumed(installation: Installation) -> None:
    installation.good("pause")
    assert "not paused" in installation.not_so("resume", "--plan", "visits")


@on_sqlite
@pytest.mark.parametrize(
    ("what", "known"), [("--site", SITE), ("--plan", "visits"), ("--gateway", "simulator")]
)
def test_what_is_unknown_is_told_with_what_there_is(
    installation: Installation, what: str, known: str
) -> None:
    assert known in installation.not_so("pause", what, "nowhere")
    assert paused(installation) == []


@on_sqlite
def test_one_thing_is_paused_at_a_time(installation: Installation) -> None:
    installation.misused("pause", "--plan", "visits", "--gateway", "simulator")
    installation.misused("pause", "--why", "x" * 401)
